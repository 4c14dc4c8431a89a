// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "qemu/zlt/io/leftovers.h"
#include "qemu/zlt/io/output_of.h"
#include "qemu/zlt/io/threads.h"
#include "qemu/zlt/run/confirm.h"
#include "qemu/zlt/run/job_list.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kVersionWithin = std::chrono::seconds(30);
constexpr const char* kQemuHint = "install it (Debian: qemu-system-x86), or say --qemu PROGRAM";

}  // namespace

Session::Session(const RunOptions& options, const Paths& paths, const std::vector<Flavour>& flavours, Board& board,
                 Stop& stop)
    : options_(&options), paths_(&paths), flavours_(&flavours), board_(&board), stop_(&stop), tasks_(stop) {}

Result<report::Run> Session::run(const fs::path& folder) {
  folder_ = folder;
  const Result<std::string> version = output_of({options_->qemu, "--version"}, kVersionWithin, *stop_);
  if (!version) {
    return version.error().kind == ErrorKind::kInterrupted ? interrupted() : failure(version.error().what, kQemuHint);
  }
  qemu_version_ = version->substr(0, version->find('\n'));
  result_.host["qemu"] = qemu_version_;
  result_.seed = options_->seed;

  Result<std::vector<PlannedCase>> planned = planned_cases(*options_, *paths_);
  if (!planned) {
    return tl::unexpected(planned.error());
  }
  planned_ = std::move(*planned);
  to_plan_ = wanted_plans(*options_, planned_);
  plans_alone_ = plans_alone(*options_, planned_);
  tasks_.hold();
  Threads threads;
  Status started = threads.start([this] {
    remove_leftovers(paths_->cache);
    prepare_all();
    tasks_.release();
  });
  for (unsigned n = 0; started && n < options_->jobs; ++n) {
    started = threads.start([this] { tasks_.work(); });
  }
  if (!started) {
    abort_with(started.error());
  }
  threads.join();
  if (aborted_) {
    return tl::unexpected(*aborted_);
  }
  if (stop_->requested()) {
    return interrupted();
  }
  if (records_.empty()) {
    return failed_.empty()
               ? failure("no case to run", "`zlt list` names them in both forms")
               : failure(failed_.begin()->first + ": " + failed_.begin()->second.what, failed_.begin()->second.hint);
  }
  add_records_of_failed();
  result_.cases = records_.take_sorted(*flavours_);
  return std::move(result_);
}

// In a thread of its own: kernels that are there do not wait for one that has to be built.
void Session::prepare_all() {
  std::vector<const Flavour*> order;
  for (const Flavour& each : *flavours_) {
    order.push_back(&each);
  }
  std::stable_partition(order.begin(), order.end(),
                        [this](const Flavour* each) { return kernel_is_cached(*paths_, *each, *stop_); });
  for (const Flavour* flavour : order) {
    if (stop_->requested()) {
      return;
    }
    if (const Status ready = prepare_one(*flavour); !ready) {
      fail_flavour(flavour->name, ready.error());
    }
  }
}

Status Session::prepare_one(const Flavour& flavour) {
  const MakeVoice voice = {[&](const std::string& line) { board_->set_column_note(flavour.name, line); },
                           [this](const std::string& line) { board_->say(line); }};
  Result<Prepared> prepared = prepare(flavour, *options_, *paths_, *stop_, voice);
  if (!prepared) {
    return tl::unexpected(prepared.error());
  }
  if (Status chosen = choose_accel_once(*prepared); !chosen) {
    return chosen;
  }
  prepared_.push_back(std::make_unique<Prepared>(std::move(*prepared)));
  const Prepared& kept = *prepared_.back();
  if (plans_alone_) {
    board_->set_column_note(flavour.name, "");
    queue_plans(kept);
    return {};
  }
  GuestSource& source = add_source(
      kept, nullptr, [this, &kept](const std::string& note) { board_->set_column_note(kept.flavour.name, note); });
  tasks_.push([this, &source] { boot_plain(source); }, /*first=*/true);
  return {};
}

Status Session::choose_accel_once(const Prepared& prepared) {
  if (accel_) {
    return {};
  }
  Result<Accel> accel = choose_accel(options_->accel, prepared.machine, paths_->cache, *stop_);
  if (!accel) {
    return tl::unexpected(accel.error());
  }
  accel_ = std::move(*accel);
  board_->say("accelerator: " + accel_->why);
  result_.host["accel"] = accel_->name;
  return {};
}

GuestSource& Session::add_source(const Prepared& prepared, std::shared_ptr<const Topology> topology,
                                 std::function<void(const std::string&)> working) {
  auto source = std::make_unique<GuestSource>(
      prepared, std::move(topology), accel_->argument, qemu_version_, *options_, *paths_, *stop_,
      GuestSource::Voice{std::move(working), [this](const std::string& line) { board_->say(line); }});
  const std::lock_guard guard(mutex_);
  sources_.push_back(std::move(source));
  return *sources_.back();
}

void Session::boot_plain(GuestSource& source) {
  const std::string& name = source.prepared().flavour.name;
  if (const Status ready = source.ready(folder_ / name / "boot"); !ready) {
    fail_flavour(name, ready.error());
    return;
  }
  board_->set_column_note(name, "");
  std::vector<CaseInfo> known_cases = source.loaded().cases;
  const std::vector<CaseInfo> plans = case_infos(planned_);
  known_cases.insert(known_cases.end(), plans.begin(), plans.end());
  if (const Status known = check_patterns(*options_, names_of(known_cases)); !known) {
    abort_with(known.error());
    return;
  }
  queue_cases(source);
  queue_plans(source.prepared());
}

void Session::queue_plans(const Prepared& prepared) {
  const KernelOptions kernel = prepared.kernel_options();
  const std::string& flavour = prepared.flavour.name;
  std::map<std::string, std::vector<PlannedCase>> by_machine;
  for (const PlannedCase& each : to_plan_) {
    by_machine[each.topology->file.string()].push_back(each);
  }
  for (const auto& [file, cases] : by_machine) {
    std::vector<CaseJob> jobs;
    for (const PlannedCase& each : cases) {
      const std::vector<CaseJob> more = plan_jobs(*options_, prepared.flavour, each, kernel, options_->seed);
      jobs.insert(jobs.end(), more.begin(), more.end());
    }
    for (const CaseJob& job : jobs) {
      records_.list(job.name);
      board_->set(job.name, flavour, "", Tone::kPlain);
    }
    GuestSource& source =
        add_source(prepared, cases.front().topology, [this, flavour, row = jobs.front().name](const std::string& note) {
          board_->set(row, flavour, note, Tone::kWorking);
        });
    tasks_.push([this, &source, jobs] { boot_machine(source, jobs); }, /*first=*/false);
  }
}

void Session::boot_machine(GuestSource& source, const std::vector<CaseJob>& jobs) {
  const std::string& flavour = source.prepared().flavour.name;
  const fs::path relative = fs::path(flavour) / ("boot@" + source.topology()->name);
  const Status ready = source.ready(folder_ / relative);
  const std::string trouble = ready ? source.unsound() : ready.error().line();
  if (ready) {
    const std::lock_guard guard(mutex_);
    result_.flavours.emplace(flavour, source.loaded().kernel);
  }
  for (const CaseJob& job : jobs) {
    if (trouble.empty()) {
      tasks_.push([this, &source, job] { run_case(source, job); }, /*first=*/false);
    } else if (!stop_->requested()) {
      report::CaseRecord record = infra_record(job, trouble);
      record.flavour = flavour;
      record.artifacts = relative.string();
      add(std::move(record));
    }
  }
}

void Session::queue_cases(GuestSource& source) {
  const Flavour& flavour = source.prepared().flavour;
  {
    const std::lock_guard guard(mutex_);
    result_.flavours[flavour.name] = source.loaded().kernel;
  }
  for (const CaseJob& job : make_jobs(*options_, flavour, source.loaded().cases, options_->seed)) {
    records_.list(job.name);
    if (!source.unsound().empty()) {
      report::CaseRecord record = infra_record(job, source.unsound());
      record.flavour = flavour.name;
      record.artifacts = flavour.name + "/boot";
      add(std::move(record));
      continue;
    }
    board_->set(job.name, flavour.name, "", Tone::kPlain);
    tasks_.push([this, &source, job] { run_case(source, job); }, /*first=*/false);
  }
}

void Session::run_case(GuestSource& source, const CaseJob& job) {
  const std::string& flavour = source.prepared().flavour.name;
  const fs::path relative = fs::path(job.folder()) / flavour / std::to_string(job.repeat);
  const OnProgress progress = [&](const std::string& text) {
    const std::string which = options_->repeat > 1 ? fmt::format("#{} ", job.repeat) : "";
    board_->set(job.name, flavour, which + text, Tone::kWorking);
  };
  Result<report::CaseRecord> record =
      attempt(source, job, From::kSnapshot, folder_ / relative, *options_, *stop_, progress);
  if (!record) {
    abort_with(record.error());
    return;
  }
  record->flavour = flavour;
  record->artifacts = relative.string();
  if (const Status confirmed = confirm_record(source, job, *record); !confirmed) {
    abort_with(confirmed.error());
    return;
  }
  add(std::move(*record));
}

Status Session::confirm_record(GuestSource& source, const CaseJob& job, report::CaseRecord& record) {
  if (options_->confirm == 0 || !doubtful(record)) {
    return {};
  }
  if (const std::string by = records_.confirmed_before(record); !by.empty()) {
    record.confirmation = report::Confirmation{0, 0, {}, by};
    return {};
  }
  const std::string artifacts = record.artifacts;
  return confirm(record, options_->confirm, [&](unsigned n, From from) {
    const fs::path relative = fs::path(artifacts) / fmt::format("again-{}", n);
    const OnProgress progress = [&](const std::string& text) {
      board_->set(job.name, record.flavour, fmt::format("confirming {}: {}", n - 1, text), Tone::kWorking);
    };
    Result<report::CaseRecord> ran = attempt(source, job, from, folder_ / relative, *options_, *stop_, progress);
    if (ran) {
      ran->flavour = record.flavour;
      ran->artifacts = relative.string();
    }
    return ran;
  });
}

void Session::fail_flavour(const std::string& flavour, const Error& error) {
  if (stop_->requested()) {
    return;
  }
  board_->set_column_note(flavour, "failed: " + error.line());
  const std::lock_guard guard(mutex_);
  failed_.emplace(flavour, error);
}

void Session::abort_with(const Error& error) {
  {
    const std::lock_guard guard(mutex_);
    if (!aborted_ && !stop_->requested()) {
      aborted_ = error;
    }
  }
  stop_->request();
}

std::string Session::form_of(const std::string& flavour) const {
  const auto found =
      std::find_if(flavours_->begin(), flavours_->end(), [&](const Flavour& each) { return each.name == flavour; });
  return found == flavours_->end() ? "" : found->form;
}

// A flavour that never came up has no verdicts, and no pass: one infra record for every case others ran.
void Session::add_records_of_failed() {
  for (const auto& [flavour, error] : failed_) {
    for (const std::string& name : records_.cases_without(flavour)) {
      CaseJob job;
      job.name = name;
      job.form = options_->form.value_or(form_of(flavour));
      report::CaseRecord record = infra_record(job, error.line());
      record.flavour = flavour;
      record.artifacts = flavour + "/boot";
      add(std::move(record));
    }
  }
}

void Session::add(report::CaseRecord record) {
  const std::string name = record.name;
  const std::string flavour = record.flavour;
  const Cell cell = cell_of(records_.add(std::move(record)), options_->repeat);
  board_->set(name, flavour, cell.text, cell.tone);
}

}  // namespace zlt::run
