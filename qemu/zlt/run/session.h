// SPDX-License-Identifier: GPL-2.0-only
//
// One `zlt run`: flavours prepared one after the other, their guests run by --jobs threads, a record for every case.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/run/board.h"
#include "qemu/zlt/run/flavour_run.h"
#include "qemu/zlt/run/options.h"
#include "qemu/zlt/run/planned_case.h"
#include "userspace/report/model.h"

namespace zlt::run {

class Session {
 public:
  Session(const RunOptions& options, const Paths& paths, const std::vector<Flavour>& flavours, Board& board,
          Stop& stop);

  // Runs everything, files under `folder`. Blocks; the Stop ends it early. An error: nothing was found out at all.
  [[nodiscard]] Result<report::Run> run(const std::filesystem::path& folder);

 private:
  using Task = std::function<void()>;

  void prepare_all();
  [[nodiscard]] Status choose_accel_once(const FlavourRun& run);
  void first_boot(FlavourRun& run);
  void queue_cases(FlavourRun& run);
  // The plans, on machines of their own.
  void queue_plans(const FlavourRun& run);
  void boot_machine(FlavourRun& run, const std::vector<CaseJob>& jobs);
  void run_case(FlavourRun& run, const CaseJob& job);
  void work();
  void push(Task task, bool first);
  void task_done();
  void fail_flavour(const FlavourRun& run, const Error& error);
  void abort_with(const Error& error);
  void add(report::CaseRecord record);
  void show(const report::CaseRecord& record);
  void add_records_of_failed();
  void sort_records();
  [[nodiscard]] std::string form_of(const std::string& flavour) const;

  const RunOptions* options_;
  const Paths* paths_;
  Board* board_;
  Stop* stop_;
  std::filesystem::path folder_;
  std::string qemu_version_;
  std::optional<Accel> accel_;
  std::vector<std::unique_ptr<FlavourRun>> runs_;
  std::vector<PlannedCase> planned_;  // all
  std::vector<PlannedCase> to_plan_;  // wanted
  bool plans_alone_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  size_t open_ = 0;  // flavours not yet prepared, and tasks not yet done
  report::Run result_;
  std::vector<std::unique_ptr<FlavourRun>> machines_;  // of plans
  std::vector<std::string> order_;                     // cases as the guests list them
  std::map<std::string, Error> failed_;                // by flavour
  std::optional<Error> aborted_;
};

}  // namespace zlt::run
