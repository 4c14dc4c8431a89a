// SPDX-License-Identifier: GPL-2.0-only
//
// One `zlt run`: flavours prepared one after the other, their guests run by --jobs threads, a record for every case.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "qemu/zlt/run/attempt.h"
#include "qemu/zlt/run/board.h"
#include "qemu/zlt/run/records.h"
#include "qemu/zlt/run/task_queue.h"

namespace zlt::run {

class Session {
 public:
  Session(const RunOptions& options, const Paths& paths, const std::vector<Flavour>& flavours, Board& board,
          Stop& stop);

  // Runs everything, files under `folder`. Blocks; the Stop ends it early. An error: nothing was found out at all.
  [[nodiscard]] Result<report::Run> run(const std::filesystem::path& folder);

 private:
  void prepare_all();
  [[nodiscard]] Status prepare_one(const Flavour& flavour);
  [[nodiscard]] Status choose_accel_once(const Prepared& prepared);
  // A source of guests that lives as long as the session. `working`: shows what goes on with it.
  [[nodiscard]] GuestSource& add_source(const Prepared& prepared, std::shared_ptr<const Topology> topology,
                                        std::function<void(const std::string&)> working);
  void boot_plain(GuestSource& source);
  void queue_cases(GuestSource& source);
  // The plans, on machines of their own.
  void queue_plans(const Prepared& prepared);
  void boot_machine(GuestSource& source, const std::vector<CaseJob>& jobs);
  void run_case(GuestSource& source, const CaseJob& job);
  // A doubtful record's case once more, and again. An error: the program is to stop.
  [[nodiscard]] Status confirm_record(GuestSource& source, const CaseJob& job, report::CaseRecord& record);
  void fail_flavour(const std::string& flavour, const Error& error);
  void abort_with(const Error& error);
  void add(report::CaseRecord record);
  void add_records_of_failed();
  [[nodiscard]] std::string form_of(const std::string& flavour) const;

  const RunOptions* options_;
  const Paths* paths_;
  const std::vector<Flavour>* flavours_;
  Board* board_;
  Stop* stop_;
  std::filesystem::path folder_;
  std::string qemu_version_;
  std::optional<Accel> accel_;
  std::vector<PlannedCase> planned_;  // all
  std::vector<PlannedCase> to_plan_;  // wanted
  bool plans_alone_ = false;
  std::vector<std::unique_ptr<Prepared>> prepared_;
  TaskQueue tasks_;
  Records records_;

  std::mutex mutex_;
  report::Run result_;  // but for its cases
  std::vector<std::unique_ptr<GuestSource>> sources_;
  std::map<std::string, Error> failed_;  // by flavour
  std::optional<Error> aborted_;
};

}  // namespace zlt::run
