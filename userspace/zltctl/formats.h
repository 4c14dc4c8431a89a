// SPDX-License-Identifier: GPL-2.0-only
//
// What the module says through debugfs, as values (docs/formats.md). Parsing is pure: text in, value or Error out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::ctl {

using Outcomes = std::vector<std::string>;  // names of module/abi/verdict.h; {"clean"} for the empty set

// `cases`: one case in one form.
struct Case {
  std::string id;
  std::string form;
  std::string hazard;  // "-" for the twin with the cure
  Outcomes expected;   // on this kernel
  std::string summary;
};
[[nodiscard]] Result<std::vector<Case>> parse_cases(std::string_view text);

// `status`
struct RunStatus {
  std::string state;  // idle, running, stopping
  std::string id;     // empty when idle, and so is the form
  std::string form;
  uint64_t turn = 0;
  uint64_t steps = 0;  // of the work within a turn
  uint64_t loops = 0;
  uint64_t runs = 0;  // finished since the module was loaded
  [[nodiscard]] bool idle() const;
};
[[nodiscard]] Result<RunStatus> parse_status(std::string_view text);

// What the module was built for and runs on, as it says itself.
struct KernelFacts {
  std::string release;
  std::vector<std::pair<std::string, bool>> flags;  // rt, lockdep, raw_nesting, atomic_sleep, smp, …
};

// `result`: the last finished run.
struct RunResult {
  std::string id;
  std::string form;
  Outcomes verdict;
  Outcomes expected;
  bool ok = false;
  bool stopped = false;
  std::string reason;
  std::string seed;  // decimal
  std::string plan;  // 0x…
  uint64_t run_ns = 0;
  std::vector<std::pair<std::string, uint64_t>> counters;
  std::vector<std::pair<std::string, uint64_t>> facts;  // what the case states, by names of its own
  std::vector<std::pair<std::string, uint64_t>> params;
};
struct ResultFile {
  uint64_t runs = 0;
  KernelFacts kernel;
  std::optional<RunResult> last;  // nothing before the first run
};
[[nodiscard]] Result<ResultFile> parse_result(std::string_view text);

// `histogram`
struct Bucket {
  std::string name;
  uint64_t from_ns = 0;
  uint64_t to_ns = 0;
  uint64_t count = 0;
};
[[nodiscard]] Result<std::vector<Bucket>> parse_histogram(std::string_view text);

}  // namespace zlt::ctl
