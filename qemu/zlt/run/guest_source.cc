// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/guest_source.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/boot.h"
#include "qemu/zlt/guest/proof.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kResumeWithin = std::chrono::seconds(30);
constexpr unsigned kProofs = 2;  // snapshots made, at most, before each case boots

Status copy_logs(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy(from, to, fs::copy_options::overwrite_existing | fs::copy_options::recursive, error);
  return error ? Status(file_failure("copy to", to, error.value())) : Status();
}

std::unique_ptr<Conversation> listen(Guest& guest) {
  auto talk = std::make_unique<Conversation>();
  guest.control().on_event([&talk = *talk](const Result<protocol::Event>& event) { talk.take(event); });
  return talk;
}

report::Origin origin_of(const Snapshot& snapshot) {
  return {snapshot.id, snapshot.made, age_of(snapshot), snapshot.proven};
}

}  // namespace

GuestSource::GuestSource(const Prepared& prepared, std::shared_ptr<const Topology> topology, const std::string& accel,
                         const std::string& qemu_version, const RunOptions& options, const Paths& paths,
                         const Stop& stop, Voice voice)
    : prepared_(prepared),
      topology_(std::move(topology)),
      name_(prepared.flavour.name + (topology_ == nullptr ? "" : "@" + topology_->name)),
      options_(&options),
      stop_(&stop),
      voice_(std::move(voice)),
      store_(paths.cache / "snapshots"),
      machine_(prepared.machine),
      symbols_(prepared.symbols) {
  if (topology_ != nullptr) {
    machine_.type = topology_machine(*topology_);
    machine_.smp = topology_smp(*topology_);
    machine_.memory = topology_memory(*topology_);
  }
  machine_.accel = accel;
  snapshot_key_ = snapshot_key(machine_, qemu_version, prepared.kernel.digest, prepared.initramfs_digest);
}

GuestSource::~GuestSource() {
  if (old_ != nullptr) {
    store_.discard(*old_);
  }
}

Status GuestSource::ready(const fs::path& folder) {
  if (Status made = make_folders(folder); !made) {
    return made;
  }
  if (!options_->snapshots) {
    Result<Boot> booted = boot_only(folder);
    return booted ? take_over(std::move(*booted)) : tl::unexpected(booted.error());
  }
  SnapshotStore::Found found = store_.find(name_, snapshot_key_);
  if (!found.damage.empty()) {
    voice_.say(fmt::format("{}: the snapshot is damaged and is made again: {}", name_, found.damage));
  }
  if (found.snapshot) {
    Snapshot& snapshot = *found.snapshot;
    const Status proven = snapshot.proven ? Status() : prove_in(snapshot, folder, voice_.note);
    if (proven) {
      if (Status kept = snapshot.proven ? Status() : store_.set_proven(snapshot); !kept) {
        return kept;
      }
      if (Status copied = copy_logs(snapshot.boot, folder); !copied) {
        return copied;
      }
      return take_over({snapshot.loaded, {}, std::make_shared<const Snapshot>(snapshot)});
    }
    voice_.say(fmt::format("{}: the snapshot of an earlier run is made again: {}", name_, proven.error().what));
    store_.discard(snapshot);
  }
  Result<Boot> made = make_snapshot(folder, voice_.note);
  return made ? take_over(std::move(*made)) : tl::unexpected(made.error());
}

Status GuestSource::take_over(Boot boot) {
  loaded_ = std::move(boot.loaded);
  unsound_ = std::move(boot.unsound);
  snapshot_ = std::move(boot.snapshot);
  // Where the module lies is the same in every guest of the source: nothing is placed at random.
  if (loaded_.module_text != 0) {
    symbols_.add_module(prepared_.module, loaded_.module_text);
  }
  return {};
}

Result<GuestSource::Boot> GuestSource::make_snapshot(const fs::path& folder, const Note& note) {
  for (unsigned n = 1;; ++n) {
    Result<Boot> boot = boot_and_save(folder, note);
    if (!boot || boot->snapshot == nullptr) {
      return boot;
    }
    Snapshot snapshot = *boot->snapshot;
    const Status proven = prove_in(snapshot, folder, note);
    if (stop_->requested()) {
      return interrupted();
    }
    if (proven) {
      if (Status kept = store_.set_proven(snapshot); !kept) {
        return tl::unexpected(kept.error());
      }
      boot->snapshot = std::make_shared<const Snapshot>(std::move(snapshot));
      return boot;
    }
    store_.discard(snapshot);
    boot->snapshot = nullptr;
    if (n == kProofs) {
      voice_.say(fmt::format("{}: no snapshot, booting for each case: {} saved guests did not live: {}", name_, kProofs,
                             proven.error().line()));
      return boot;
    }
  }
}

Result<GuestSource::Boot> GuestSource::boot_only(const fs::path& folder) {
  voice_.note("booting");
  const Result<std::unique_ptr<Guest>> started = Guest::start({machine_, {}, folder, kLoadedLine}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  const std::unique_ptr<Conversation> talk = listen(**started);
  Result<Boot> boot = take_boot(**started, folder, *talk);
  const Status closed = (*started)->close();
  return boot && !closed ? tl::unexpected(closed.error()) : boot;
}

// Waits for the guest, and keeps what it says.
Result<GuestSource::Boot> GuestSource::take_boot(Guest& guest, const fs::path& logs, Conversation& talk) {
  if (Status written = write_file(logs / "qemu.sh", hand_script(machine_, ""), 0755); !written) {
    return tl::unexpected(written.error());
  }
  if (Status ready = wait_ready(guest, talk, options_->timeout); !ready) {
    return tl::unexpected(ready.error());
  }
  return Boot{*talk.loaded(), unsound_boot(guest, *talk.loaded()), nullptr};
}

Result<GuestSource::Boot> GuestSource::boot_and_save(const fs::path& folder, const Note& note) {
  note("booting");
  Result<SnapshotStore::Draft> draft = store_.begin();
  if (!draft) {
    return tl::unexpected(draft.error());
  }
  const fs::path logs = draft->boot();
  const Result<std::unique_ptr<Guest>> started = Guest::start({machine_, {}, logs, kLoadedLine}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  Guest& guest = **started;
  const std::unique_ptr<Conversation> talk = listen(guest);
  Result<Boot> boot = take_boot(guest, logs, *talk);
  if (!boot || !boot->unsound.empty()) {  // the draft goes with its logs, and they tell why
    [[maybe_unused]] const Status closed = guest.close();
    const Status copied = copy_logs(logs, folder);
    return boot && !copied ? tl::unexpected(copied.error()) : boot;
  }
  note("saving");
  Result<Snapshot> saved = store_.save(std::move(*draft), guest, talk->loaded_event(), name_, snapshot_key_);
  if (stop_->requested()) {
    return interrupted();
  }
  if (!saved) {
    voice_.say(fmt::format("{}: no snapshot, booting for each case: {}", name_, saved.error().line()));
    return boot;
  }
  if (Status copied = copy_logs(saved->boot, folder); !copied) {
    return tl::unexpected(copied.error());
  }
  boot->snapshot = std::make_shared<const Snapshot>(std::move(*saved));
  return boot;
}

// The logs of a guest that did not live stay, in `folder`/proof.
Status GuestSource::prove_in(const Snapshot& snapshot, const fs::path& folder, const Note& note) {
  note("proving the snapshot");
  const fs::path logs = folder / "proof";
  if (Status made = make_folders(logs); !made) {
    return made;
  }
  const Result<std::unique_ptr<Guest>> started = Guest::start({machine_, snapshot.state, logs, ""}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  Status proven = (*started)->resume(kResumeWithin);
  if (proven) {
    proven = prove(**started, snapshot.loaded.kernel.lockdep);
  }
  const Status closed = (*started)->close();
  return proven ? closed : proven;
}

GuestSource::Shared GuestSource::chosen(From from) {
  const std::lock_guard guard(mutex_);
  switch (from) {
    case From::kSnapshot:
    case From::kNewSnapshot:
      return snapshot_;
    case From::kOldSnapshot:
      return old_;
    case From::kBoot:
      break;
  }
  return nullptr;
}

// One thread makes it, and who waited meanwhile takes that one.
GuestSource::Shared GuestSource::renewed(const Shared& instead_of, const fs::path& folder, const Note& note) {
  const std::lock_guard making(making_);
  if (Shared present = chosen(From::kSnapshot); present != instead_of) {
    return present;
  }
  const fs::path logs = folder / "boot";
  Result<Snapshot> aside = store_.set_aside(*instead_of);
  const Result<Boot> made = aside && make_folders(logs) ? make_snapshot(logs, note) : Result<Boot>(Boot());
  const std::lock_guard guard(mutex_);
  if (aside) {
    if (old_ != nullptr) {
      store_.discard(*old_);
    }
    old_ = std::make_shared<const Snapshot>(std::move(*aside));
    snapshot_ = made ? made->snapshot : nullptr;
  }
  return made ? made->snapshot : nullptr;
}

void GuestSource::forget(const Shared& snapshot) {
  const std::lock_guard guard(mutex_);
  if (snapshot_ == snapshot) {
    snapshot_ = nullptr;
    store_.discard(*snapshot);  // whatever is wrong with it: the next run makes a new one
  }
}

Result<ReadyGuest> GuestSource::restored(const Shared& snapshot, const fs::path& folder) {
  Result<std::unique_ptr<Guest>> started = Guest::start({machine_, snapshot->state, folder, kLoadedLine}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  std::unique_ptr<Conversation> talk = listen(**started);
  if (Status running = (*started)->resume(kResumeWithin); !running) {
    return tl::unexpected(running.error());
  }
  return ReadyGuest{std::move(*started), std::move(talk), origin_of(*snapshot)};
}

Result<ReadyGuest> GuestSource::booted(const fs::path& folder) {
  Result<std::unique_ptr<Guest>> started = Guest::start({machine_, {}, folder, kLoadedLine}, *stop_);
  if (!started) {
    return tl::unexpected(started.error());
  }
  std::unique_ptr<Conversation> talk = listen(**started);
  if (Status ready = wait_ready(**started, *talk, options_->timeout); !ready) {
    return tl::unexpected(ready.error());
  }
  if (const std::string unsound = unsound_boot(**started, *talk->loaded()); !unsound.empty()) {
    return failure(unsound);
  }
  return ReadyGuest{std::move(*started), std::move(talk), {}};
}

Result<ReadyGuest> GuestSource::start(From from, const fs::path& folder, const std::string& autorun,
                                      const Note& on_progress) {
  if (Status written = write_file(folder / "qemu.sh", hand_script(machine_, autorun), 0755); !written) {
    return tl::unexpected(written.error());
  }
  Shared snapshot = chosen(from);
  if (from == From::kNewSnapshot && snapshot != nullptr) {
    snapshot = renewed(snapshot, folder, on_progress);
  }
  if (snapshot != nullptr) {
    on_progress("restoring");
    Result<ReadyGuest> guest = restored(snapshot, folder);
    if (guest || stop_->requested()) {
      return guest;
    }
    forget(snapshot);
  }
  on_progress("booting");
  return booted(folder);
}

}  // namespace zlt::run
