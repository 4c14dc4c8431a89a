// SPDX-License-Identifier: GPL-2.0-only
//
// What the module and a guest's kernel say of themselves, as values: the same from debugfs over the control port to
// the report. docs/formats.md says what the members mean.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "module/abi/params.h"
#include "userspace/protocol/outcome.h"

namespace zlt::protocol {

using Numbers = std::map<std::string, std::uint64_t>;

// One case in one form.
struct Case {
  static constexpr const char kName[] = "case";
  std::string name;
  std::string form = abi::kFormBounded;
  std::string hazard;  // "-" for the twin with the cure
  Outcomes expected;   // on this kernel
  std::string summary;
  bool operator==(const Case&) const = default;
};

struct RunStatus {
  std::string state;  // idle, running, stopping
  std::string name;   // of the case; empty when idle, and so is the form
  std::string form;
  std::uint64_t turn = 0;
  std::uint64_t steps = 0;  // of the work within a turn
  std::uint64_t loops = 0;
  std::uint64_t runs = 0;  // finished since the module was loaded
  [[nodiscard]] bool idle() const;
  bool operator==(const RunStatus&) const = default;
};

// What the module was built for and runs on, as it says itself.
struct KernelFacts {
  std::string release;
  std::map<std::string, bool> flags;  // rt, lockdep, raw_nesting, atomic_sleep, smp, …
  [[nodiscard]] bool has(const std::string& flag) const;
  bool operator==(const KernelFacts&) const = default;
};

struct Bucket {
  std::string name;  // of the histogram
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = 0;
  std::uint64_t count = 0;
  bool operator==(const Bucket&) const = default;
};

// A finished run.
struct RunResult {
  std::string name;  // of the case
  std::string form = abi::kFormBounded;
  Outcomes verdict;
  Outcomes expected;
  bool ok = false;  // as far as the module can tell
  bool stopped = false;
  std::string reason;
  std::uint64_t seed = 0;
  std::string plan;  // 0x…: digest of the schedule that the seed gave
  std::uint64_t run_ns = 0;
  KernelFacts kernel;
  Numbers counters;
  Numbers facts;  // what the case states, by names of its own
  Numbers params;
  bool operator==(const RunResult&) const = default;
};

// What a finished run left behind.
struct RunReport {
  RunResult result;
  std::vector<Bucket> histogram;
  std::optional<bool> debug_locks;  // lockdep is alive; nothing without lockdep
  bool operator==(const RunReport&) const = default;
};

struct NumaNode {
  unsigned number = 0;
  bool online = false;
  bool has_memory = false;
  bool has_cpu = false;
  std::uint64_t total_kb = 0;
  std::uint64_t free_kb = 0;
  Numbers zones;  // pages present, of the populated ones
  bool operator==(const NumaNode&) const = default;
};

struct MemoryState {
  std::string policy;             // auto_online_blocks; empty without memory hot-plug
  std::uint64_t block_bytes = 0;  // what goes on- and offline at once
  std::uint64_t free_kb = 0;
  std::uint64_t slab_kb = 0;
  bool virtio_mem = false;      // the kernel has the driver
  std::vector<NumaNode> nodes;  // all possible ones
  bool operator==(const MemoryState&) const = default;
};

// One of the kernel's rebuilds of its zonelists.
struct WatchedRebuild {
  std::uint64_t number = 0;  // from 1, since `on`
  std::map<std::string, std::string> facts;
  // The value of `key`; empty where there is none.
  [[nodiscard]] std::string get(const std::string& key) const;
  bool operator==(const WatchedRebuild&) const = default;
};

// debugfs `watch`.
struct WatchReport {
  std::string state;   // on, off, unsupported
  std::string reason;  // why it is unsupported
  std::string lock;    // what takes the lock inside the seqlock; this and the next three are empty until the first `on`
  std::string deferral;  // what defers printk; empty: nothing does
  std::string bounds;
  std::string probes;
  std::string ordering;  // a name of module/abi/watch.h
  std::uint64_t rebuilds = 0;
  std::uint64_t incomplete = 0;
  std::uint64_t missed_hits = 0;
  Numbers by_ordering;
  std::uint64_t odd_ns_min = 0;
  std::uint64_t odd_ns_max = 0;
  std::uint64_t odd_ns_total = 0;
  std::vector<WatchedRebuild> last;  // the last ones, oldest first
  bool operator==(const WatchReport&) const = default;
};

}  // namespace zlt::protocol
