// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <tuple>

#include "qemu/zlt/io/output_of.h"
#include "qemu/zlt/run/job_list.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kVersionWithin = std::chrono::seconds(30);
constexpr const char* kQemuHint = "install it (Debian: qemu-system-x86), or say --qemu PROGRAM";

}  // namespace

Session::Session(const RunOptions& options, const Paths& paths, const std::vector<Flavour>& flavours, Board& board,
                 Stop& stop)
    : options_(&options), paths_(&paths), board_(&board), stop_(&stop) {
  for (const Flavour& flavour : flavours) {
    runs_.push_back(std::make_unique<FlavourRun>(flavour, options, paths, stop));
  }
}

Result<report::Run> Session::run(const fs::path& folder) {
  folder_ = folder;
  const Result<std::string> version = output_of({options_->qemu, "--version"}, kVersionWithin);
  if (!version) {
    return failure(version.error().what, kQemuHint);
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
  open_ = runs_.size();
  std::vector<std::thread> threads;
  threads.emplace_back([this] { prepare_all(); });
  for (unsigned n = 0; n < options_->jobs; ++n) {
    threads.emplace_back([this] { work(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (aborted_) {
    return tl::unexpected(*aborted_);
  }
  if (stop_->requested()) {
    return interrupted();
  }
  if (result_.cases.empty()) {
    return failed_.empty()
               ? failure("no case to run", "`zlt list` names them in both forms")
               : failure(failed_.begin()->first + ": " + failed_.begin()->second.what, failed_.begin()->second.hint);
  }
  add_records_of_failed();
  sort_records();
  return std::move(result_);
}

// Threads finish in any order; results have the order of the flavours as asked for, and of the cases as listed.
void Session::sort_records() {
  const auto place = [this](const report::CaseRecord& record) {
    const auto column = std::find_if(runs_.begin(), runs_.end(),
                                     [&](const auto& run) { return run->flavour().name == record.flavour; });
    const auto row = std::find(order_.begin(), order_.end(), record.name);
    return std::tuple(row - order_.begin(), column - runs_.begin(), record.repeat);
  };
  std::stable_sort(result_.cases.begin(), result_.cases.end(),
                   [&](const report::CaseRecord& a, const report::CaseRecord& b) { return place(a) < place(b); });
}

// In a thread of its own: kernels that are there do not wait for one that has to be built.
void Session::prepare_all() {
  std::vector<FlavourRun*> order;
  for (const auto& run : runs_) {
    order.push_back(run.get());
  }
  std::stable_partition(order.begin(), order.end(),
                        [this](const FlavourRun* run) { return kernel_is_cached(*paths_, run->flavour()); });
  for (FlavourRun* run : order) {
    const std::string& name = run->flavour().name;
    if (!stop_->requested()) {
      Status ready = run->prepare([&](const std::string& line) { board_->set_column_note(name, line); });
      if (ready) {
        ready = choose_accel_once(*run);
      }
      if (ready) {
        run->set_accel(accel_->argument, qemu_version_);
        if (plans_alone_) {
          board_->set_column_note(name, "");
          queue_plans(*run);
        } else {
          push([this, run] { first_boot(*run); }, /*first=*/true);
        }
      } else {
        fail_flavour(*run, ready.error());
      }
    }
    task_done();
  }
}

Status Session::choose_accel_once(const FlavourRun& run) {
  if (accel_) {
    return {};
  }
  Result<Accel> accel = choose_accel(options_->accel, run.machine(), paths_->cache, *stop_);
  if (!accel) {
    return tl::unexpected(accel.error());
  }
  accel_ = std::move(*accel);
  board_->say("accelerator: " + accel_->why);
  result_.host["accel"] = accel_->name;
  return {};
}

void Session::first_boot(FlavourRun& run) {
  const std::string& name = run.flavour().name;
  const fs::path folder = folder_ / name / "boot";
  const Status booted = run.first_boot(folder, [&](const std::string& note) { board_->set_column_note(name, note); });
  if (!booted) {
    fail_flavour(run, booted.error());
    return;
  }
  board_->set_column_note(name, "");
  std::vector<CaseInfo> known_cases = run.loaded().cases;
  const std::vector<CaseInfo> plans = case_infos(planned_);
  known_cases.insert(known_cases.end(), plans.begin(), plans.end());
  if (const Status known = check_patterns(*options_, known_cases); !known) {
    abort_with(known.error());
    return;
  }
  queue_cases(run);
  queue_plans(run);
}

void Session::queue_plans(const FlavourRun& run) {
  const KernelOptions kernel = run.kernel_options();
  std::map<std::string, std::vector<PlannedCase>> by_machine;
  for (const PlannedCase& each : to_plan_) {
    by_machine[each.topology->file.string()].push_back(each);
  }
  for (const auto& [file, cases] : by_machine) {
    std::vector<CaseJob> jobs;
    for (const PlannedCase& each : cases) {
      const std::vector<CaseJob> more = plan_jobs(*options_, run.flavour(), each, kernel, options_->seed);
      jobs.insert(jobs.end(), more.begin(), more.end());
    }
    auto machine = std::make_unique<FlavourRun>(run, cases.front().topology);
    machine->set_accel(accel_->argument, qemu_version_);
    FlavourRun* where = machine.get();
    {
      const std::lock_guard guard(mutex_);
      machines_.push_back(std::move(machine));
      for (const CaseJob& job : jobs) {
        if (std::find(order_.begin(), order_.end(), job.name) == order_.end()) {
          order_.push_back(job.name);
        }
      }
    }
    for (const CaseJob& job : jobs) {
      board_->set(job.name, run.flavour().name, "", Tone::kPlain);
    }
    push([this, where, jobs] { boot_machine(*where, jobs); }, /*first=*/false);
  }
}

void Session::boot_machine(FlavourRun& run, const std::vector<CaseJob>& jobs) {
  const std::string& flavour = run.flavour().name;
  const fs::path relative = fs::path(flavour) / ("boot@" + run.machine_name());
  const Status booted = run.first_boot(folder_ / relative, [&](const std::string& note) {
    board_->set(jobs.front().name, flavour, note, Tone::kWorking);
  });
  const std::string trouble = booted ? run.unsound() : booted.error().line();
  if (booted) {
    const std::lock_guard guard(mutex_);
    result_.flavours.emplace(flavour, run.loaded().kernel);
  }
  for (const CaseJob& job : jobs) {
    if (trouble.empty()) {
      push([this, &run, job] { run_case(run, job); }, /*first=*/false);
    } else if (!stop_->requested()) {
      report::CaseRecord record = infra_record(job, trouble);
      record.flavour = flavour;
      record.artifacts = relative.string();
      add(std::move(record));
    }
  }
}

void Session::queue_cases(FlavourRun& run) {
  const std::string& flavour = run.flavour().name;
  const std::vector<CaseJob> jobs = make_jobs(*options_, run.flavour(), run.loaded().cases, options_->seed);
  {
    const std::lock_guard guard(mutex_);
    result_.flavours[flavour] = run.loaded().kernel;
    for (const CaseJob& job : jobs) {
      if (std::find(order_.begin(), order_.end(), job.name) == order_.end()) {
        order_.push_back(job.name);
      }
    }
  }
  for (const CaseJob& job : jobs) {
    if (!run.unsound().empty()) {
      report::CaseRecord record = infra_record(job, run.unsound());
      record.flavour = flavour;
      record.artifacts = flavour + "/boot";
      add(std::move(record));
      continue;
    }
    board_->set(job.name, flavour, "", Tone::kPlain);
    push([this, &run, job] { run_case(run, job); }, /*first=*/false);
  }
}

void Session::run_case(FlavourRun& run, const CaseJob& job) {
  const std::string& flavour = run.flavour().name;
  const fs::path relative = fs::path(job.folder()) / flavour / std::to_string(job.repeat);
  const OnProgress progress = [&](const std::string& text) {
    const std::string which = options_->repeat > 1 ? fmt::format("#{} ", job.repeat) : "";
    board_->set(job.name, flavour, which + text, Tone::kWorking);
  };
  Result<report::CaseRecord> record = run.run(job, folder_ / relative, progress);
  if (!record) {
    abort_with(record.error());
    return;
  }
  record->flavour = flavour;
  record->artifacts = relative.string();
  add(std::move(*record));
}

void Session::work() {
  for (;;) {
    Task task;
    {
      std::unique_lock guard(mutex_);
      changed_.wait(guard, [this] { return !tasks_.empty() || open_ == 0; });
      if (tasks_.empty()) {
        return;
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    if (!stop_->requested()) {
      task();
    }
    task_done();
  }
}

void Session::push(Task task, bool first) {
  const std::lock_guard guard(mutex_);
  ++open_;
  tasks_.insert(first ? tasks_.begin() : tasks_.end(), std::move(task));
  changed_.notify_one();
}

void Session::task_done() {
  const std::lock_guard guard(mutex_);
  if (--open_ == 0) {
    changed_.notify_all();
  }
}

void Session::fail_flavour(const FlavourRun& run, const Error& error) {
  if (stop_->requested()) {
    return;
  }
  board_->set_column_note(run.flavour().name, "failed: " + error.line());
  const std::lock_guard guard(mutex_);
  failed_.emplace(run.flavour().name, error);
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

void Session::add(report::CaseRecord record) {
  const std::lock_guard guard(mutex_);
  result_.cases.push_back(std::move(record));
  show(result_.cases.back());
}

// One cell for all repeats of a case: the latest one's verdict as long as all are as expected, else the first that is
// not.
void Session::show(const report::CaseRecord& record) {
  unsigned done = 0;
  unsigned good = 0;
  const report::CaseRecord* shown = &record;
  for (const report::CaseRecord& other : result_.cases) {
    if (other.name == record.name && other.flavour == record.flavour) {
      ++done;
      good += other.ok ? 1 : 0;
      shown = shown->ok && !other.ok ? &other : shown;
    }
  }
  const std::string count = options_->repeat > 1 ? fmt::format(" {}/{}", good, done) : "";
  const char* word = shown->infra() ? "" : shown->ok ? "ok " : "FAIL ";
  const Tone tone = shown->infra() ? Tone::kWarning : shown->ok ? Tone::kGood : Tone::kBad;
  board_->set(record.name, record.flavour, word + report::text_of(shown->observed) + count, tone);
}

std::string Session::form_of(const std::string& flavour) const {
  const auto run =
      std::find_if(runs_.begin(), runs_.end(), [&](const auto& each) { return each->flavour().name == flavour; });
  return run == runs_.end() ? "" : (*run)->flavour().form;
}

// A flavour that never came up has no verdicts, and no pass: one infra record for every case others ran.
void Session::add_records_of_failed() {
  std::vector<report::CaseRecord> records;
  for (const auto& [flavour, error] : failed_) {
    std::vector<std::string> names;
    for (const report::CaseRecord& record : result_.cases) {
      if (record.flavour != flavour && std::find(names.begin(), names.end(), record.name) == names.end()) {
        names.push_back(record.name);
      }
    }
    for (const std::string& name : names) {
      CaseJob job;
      job.name = name;
      job.form = options_->form.value_or(form_of(flavour));
      records.push_back(infra_record(job, error.line()));
      records.back().flavour = flavour;
      records.back().artifacts = flavour + "/boot";
    }
  }
  for (report::CaseRecord& record : records) {
    add(std::move(record));
  }
}

}  // namespace zlt::run
