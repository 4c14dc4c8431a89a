// SPDX-License-Identifier: GPL-2.0-only
//
// What a person can choose for `zlt run`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/guest/accel.h"
#include "qemu/zlt/io/clock.h"
#include "userspace/report/model.h"

namespace zlt::run {

// Two guests of two vCPUs each keep two cores busy: a guest that waits for its disk image or its timers leaves a core
// to the other one, and a third only makes all of them slower.
inline constexpr unsigned kDefaultJobs = 2;

struct RunOptions {
  std::vector<std::string> flavours = {"stock", "stock-rt"};
  std::vector<std::string> cases = {"*"};          // shell patterns
  std::optional<std::string> form;                 // none: the flavour's own
  std::map<std::string, std::uint64_t> params;     // names checked against module/abi/params.h
  std::map<std::string, report::Outcomes> expect;  // --expect CASE=VERDICT
  unsigned repeat = 1;
  unsigned jobs = kDefaultJobs;
  std::uint64_t seed = 0;                        // 0: drawn
  Duration timeout = std::chrono::seconds(120);  // for a boot, and for a case
  AccelMode accel = AccelMode::kAuto;
  bool snapshots = true;
  unsigned confirm = 2;  // how often an unexpected verdict is tried again before it counts; 0: it counts at once
  bool keep = false;
  std::string plan;                 // of hot-plug, by name or file; empty: all that the patterns mean
  std::vector<std::string> append;  // words of the kernel's command line, after the flavour's
  std::string machine;              // instead of the plan's own
  std::filesystem::path kernel;     // a build tree to take the kernel from, whatever the flavour's is
  std::filesystem::path results = "results";
  std::string qemu = "qemu-system-x86_64";
  std::filesystem::path data;  // empty: found beside the program
};

}  // namespace zlt::run
