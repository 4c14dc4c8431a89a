// SPDX-License-Identifier: GPL-2.0-only
//
// debugfs `watch` as a value: the kernel's own rebuilds of the zonelists, seen from outside (docs/formats.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/json.h"
#include "userspace/zltctl/module.h"

namespace zlt::ctl {

// One rebuild, as the module wrote it: words `key=value`.
struct WatchedRebuild {
  uint64_t number = 0;  // from 1, since `on`
  std::vector<std::pair<std::string, std::string>> facts;
  // The value of `key`; empty where there is none.
  [[nodiscard]] std::string get(std::string_view key) const;
};

struct WatchReport {
  std::string state;   // on, off, unsupported
  std::string reason;  // why it is unsupported
  std::string lock;    // what takes the lock inside the seqlock; this and the next three are empty until the first `on`
  std::string deferral;  // what defers printk; empty: nothing does
  std::string bounds;
  std::string probes;
  std::string ordering;  // a name of module/abi/watch.h
  uint64_t rebuilds = 0;
  uint64_t incomplete = 0;
  uint64_t missed_hits = 0;
  std::vector<std::pair<std::string, uint64_t>> by_ordering;
  uint64_t odd_ns_min = 0;
  uint64_t odd_ns_max = 0;
  uint64_t odd_ns_total = 0;
  std::vector<WatchedRebuild> last;  // the last ones, oldest first
};

[[nodiscard]] Result<WatchReport> parse_watch(std::string_view text);
[[nodiscard]] Result<WatchReport> read_watch(const Environment& environment, Module& module);
// A `watch` that was not taken, with errno's value: what is missing.
[[nodiscard]] Error explain_watch(const Environment& environment, Module& module, int error);

// Numbers of a rebuild become numbers.
[[nodiscard]] Json to_json(const WatchReport& report);

}  // namespace zlt::ctl
