// SPDX-License-Identifier: GPL-2.0-only
//
// Whole runs of zlt as a person starts them, timed, and what their results say.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "qemu/zlt/io/clock.h"
#include "qemu/zlt/io/json_get.h"
#include "userspace/base/result.h"

namespace zlt::run {

struct TimedRun {
  double wall_s = 0;
  Json results;  // results.json

  // The records, all or those of one flavour.
  [[nodiscard]] std::vector<Json> cases(const std::string& flavour = {}) const;
  // From exec of the guest to the verdict.
  [[nodiscard]] std::vector<double> case_walls(const std::string& flavour = {}) const;
  // "stock a/b: livelock" for each case, sorted: to compare runs by.
  [[nodiscard]] std::vector<std::string> verdicts() const;
};

// Runs the `zlt` beside this program with `run` and these words, results in a folder that goes. An error when it could
// not be run to its end, or one of our own failures was among the verdicts.
[[nodiscard]] Result<TimedRun> timed_run(const std::vector<std::string>& words);

}  // namespace zlt::run
