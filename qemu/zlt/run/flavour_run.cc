// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/flavour_run.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/boot.h"
#include "qemu/zlt/guest/initramfs.h"
#include "qemu/zlt/plans/plan_run.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kRestoreWithin = std::chrono::seconds(30);

Status copy_logs(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy(from, to, fs::copy_options::overwrite_existing | fs::copy_options::recursive, error);
  return error ? Status(file_failure("copy to", to, error.value())) : Status();
}

void listen(Guest& guest, Conversation& talk) {
  guest.control().on_event([&talk](const Result<protocol::Event>& event) { talk.take(event); });
}

}  // namespace

FlavourRun::FlavourRun(const FlavourRun& base, std::shared_ptr<const Topology> topology)
    : flavour_(base.flavour_),
      options_(base.options_),
      stop_(base.stop_),
      paths_(base.paths_),
      store_(base.store_),
      snapshot_name_(base.flavour_.name + "@" + topology->name),
      topology_(std::move(topology)),
      kernel_(base.kernel_),
      module_(base.module_),
      machine_(base.machine_),
      symbols_(base.symbols_),
      initramfs_digest_(base.initramfs_digest_) {
  machine_.type = topology_machine(*topology_);
  machine_.smp = topology_smp(*topology_);
  machine_.memory = topology_memory(*topology_);
}

KernelOptions FlavourRun::kernel_options() const {
  const Result<std::string> text = read_file(kernel_.config);
  return {text ? *text : std::string(), !kernel_.drivers.empty()};
}

Status FlavourRun::prepare(const OnLine& on_line) {
  Result<Kernel> kernel =
      options_->kernel.empty() ? need_kernel(*paths_, flavour_, *stop_, on_line) : load_build_tree(options_->kernel);
  if (!kernel) {
    return tl::unexpected(kernel.error());
  }
  kernel_ = std::move(*kernel);
  const Result<fs::path> module = need_module(*paths_, kernel_, *stop_, on_line);
  if (!module) {
    return tl::unexpected(module.error());
  }
  const Result<Initramfs> initramfs =
      cached_initramfs({paths_->init, *module, kernel_.drivers}, paths_->cache / "initramfs", flavour_.name);
  if (!initramfs) {
    return tl::unexpected(initramfs.error());
  }
  symbols_.add_system_map_file(kernel_.system_map);
  module_ = *module;
  initramfs_digest_ = initramfs->digest;
  machine_.qemu = options_->qemu;
  machine_.kernel = kernel_.image;
  machine_.initramfs = initramfs->file;
  machine_.append = kernel_command_line(flavour_.cmdline);
  return {};
}

void FlavourRun::set_accel(const std::string& accel, const std::string& qemu_version) {
  machine_.accel = accel;
  snapshot_key_ = snapshot_key(machine_, qemu_version, kernel_.digest, initramfs_digest_);
}

Status FlavourRun::first_boot(const fs::path& folder, const std::function<void(std::string)>& note) {
  if (Status made = make_folders(folder); !made) {
    return made;
  }
  if (!options_->snapshots) {
    return boot_here(folder, std::nullopt, note);
  }
  if (std::optional<Snapshot> found = store_.find(snapshot_name_, snapshot_key_)) {
    snapshot_ = std::move(found);
    loaded_ = snapshot_->loaded;
    know_module();
    return copy_logs(snapshot_->boot, folder);
  }
  Result<SnapshotStore::Draft> draft = store_.begin();
  if (!draft) {
    return tl::unexpected(draft.error());
  }
  return boot_here(folder, std::move(*draft), note);
}

Status FlavourRun::boot_here(const fs::path& folder, std::optional<SnapshotStore::Draft> draft,
                             const std::function<void(std::string)>& note) {
  note("booting");
  const fs::path logs = draft ? draft->boot() : folder;
  if (Status written = write_file(logs / "qemu.sh", hand_script(machine_, ""), 0755); !written) {
    return written;
  }
  const Result<std::unique_ptr<Guest>> started = Guest::start({machine_, {}, logs, kLoadedLine}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  Guest& guest = **started;
  Conversation talk;
  listen(guest, talk);
  Status ready = wait_ready(guest, talk, options_->timeout);
  if (!ready) {
    if (draft) {  // goes with its logs, and they tell why
      [[maybe_unused]] const Status closed = guest.close();
      [[maybe_unused]] const Status copied = copy_logs(logs, folder);
    }
    return ready;
  }
  loaded_ = *talk.loaded();
  know_module();
  unsound_ = unsound_boot(guest, loaded_);
  if (draft && unsound_.empty()) {
    note("saving");
    Result<Snapshot> saved = store_.save(std::move(*draft), guest, talk.loaded_event(), snapshot_name_, snapshot_key_);
    if (saved) {
      snapshot_ = std::move(*saved);
      return copy_logs(snapshot_->boot, folder);
    }
    if (stop_->requested()) {
      return interrupted();
    }
    note("no snapshot, booting for each case: " + saved.error().line());
    return {};
  }
  const Status closed = guest.close();
  return closed && draft ? copy_logs(logs, folder) : closed;
}

CaseSettings FlavourRun::settings(const fs::path& folder) const {
  return {options_->timeout, loaded_.kernel.lockdep, &symbols_, folder / "dump", options_->keep};
}

// Where the module lies is the same in every guest of the flavour: nothing is placed at random.
void FlavourRun::know_module() {
  const Result<std::string> ko = read_file(module_);
  if (ko && loaded_.module_text != 0) {
    symbols_.add_module(*ko, loaded_.module_text);
  }
}

// Why not, if not.
std::optional<std::string> FlavourRun::bring_up(Guest& guest, Conversation& talk, bool restored) {
  if (restored) {
    const Status running = guest.wait_running(kRestoreWithin);
    return running ? std::nullopt : std::optional(running.error().line());
  }
  if (const Status ready = wait_ready(guest, talk, options_->timeout); !ready) {
    return ready.error().line();
  }
  const std::string unsound = unsound_boot(guest, *talk.loaded());
  return unsound.empty() ? std::nullopt : std::optional(unsound);
}

Result<report::CaseRecord> FlavourRun::run_in(Guest& guest, Conversation& talk, const CaseJob& job,
                                              const fs::path& folder, const OnProgress& on_progress) {
  CaseSettings how = settings(folder);
  if (job.plan == nullptr || topology_ == nullptr) {
    return run_case(guest, talk, job, how, on_progress);
  }
  PlanRun plan(guest, talk, {job.plan.get(), topology_.get(), flavour_.ordering, job.seed, folder, on_progress});
  how.body = &plan;
  return run_case(guest, talk, job, how, on_progress);
}

Result<report::CaseRecord> FlavourRun::run(const CaseJob& job, const fs::path& folder, const OnProgress& on_progress) {
  if (Status made = make_folders(folder); !made) {
    return tl::unexpected(made.error());
  }
  const std::string script = hand_script(machine_, job.autorun());
  if (Status written = write_file(folder / "qemu.sh", script, 0755); !written) {
    return tl::unexpected(written.error());
  }
  report::CaseRecord record;
  std::optional<std::string> trouble;
  for (const bool restored : {true, false}) {
    if (restored && (!snapshot_ || !snapshot_works_)) {
      continue;
    }
    on_progress(restored ? "restoring" : "booting");
    Result<std::unique_ptr<Guest>> started =
        Guest::start({machine_, restored ? snapshot_->state : fs::path(), folder, kLoadedLine}, *stop_);
    if (!started) {
      trouble = started.error().line();
    } else {
      Guest& guest = **started;
      Conversation talk;
      listen(guest, talk);
      trouble = bring_up(guest, talk, restored);
      if (!trouble) {
        Result<report::CaseRecord> ran = run_in(guest, talk, job, folder, on_progress);
        if (!ran) {
          return ran;
        }
        record = std::move(*ran);
      }
      record.wall_s = seconds(Clock::now() - guest.started());
      if (const Status closed = guest.close(); !closed) {
        return tl::unexpected(closed.error());
      }
    }
    if (stop_->requested()) {
      return interrupted();
    }
    if (!trouble) {
      return record;
    }
    if (restored && snapshot_works_.exchange(false)) {
      store_.discard(*snapshot_);  // whatever is wrong with it: the next run makes a new one
    }
  }
  return infra_record(job, *trouble);
}

}  // namespace zlt::run
