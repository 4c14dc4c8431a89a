// SPDX-License-Identifier: GPL-2.0-only
//
// What a run counts. One table of names for all cases; a case that has more to count adds a line here.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "module/core/atomic.h"

namespace zlt {

enum class Counter : uint8_t {
  kTurns,           // writer sections finished
  kMetOdd,          // turns in which the reader saw the sequence odd
  kMetMasked,       // turns in which the reader came due inside the odd window, held off by masked interrupts
  kMissed,          // turns in which neither happened
  kReads,           // read sections finished
  kRetries,         // read sections thrown away because a writer came between
  kSpins,           // looks at an odd sequence
  kBlocked,         // waits that took the kernel's way and blocked on the writer's lock
  kGaveUp,          // bounded readers that ran out of patience
  kAllocs,          // allocations inside the read section
  kAllocsFailed,    // of them, those that got nothing
  kAllocsSkipped,   // read sections in a context in which this kernel forbids any allocation
  kConsoleWrites,   // calls of the port console's write()
  kRebuilds,        // of the kernel's own zonelists, as `watch` saw them
  kSlowPath,        // allocations by readers that entered the allocator's slow path
  kSlowPathOthers,  // … by anybody else
  kPagesHeld,       // most that were held at once to press on the allocator
  kPagesGivenBack,  // to those who had to reclaim memory
};

inline constexpr const char* kCounterNames[] = {
    "turns",          "met_odd",  "met_masked", "missed",           "reads",         "retries",
    "spins",          "blocked",  "gave_up",    "allocs",           "allocs_failed", "allocs_skipped",
    "console_writes", "rebuilds", "slow_path",  "slow_path_others", "pages_held",    "pages_given_back",
};
inline constexpr size_t kCounters = sizeof(kCounterNames) / sizeof(kCounterNames[0]);
static_assert(kCounters == static_cast<size_t>(Counter::kPagesGivenBack) + 1, "a name for every counter");

class Counters {
 public:
  // Any context.
  void add(Counter counter, uint64_t count = 1) { values_[static_cast<size_t>(counter)].add(count); }
  [[nodiscard]] uint64_t get(Counter counter) const { return values_[static_cast<size_t>(counter)].load(); }
  void reset() {
    for (auto& value : values_) value.store(0);
  }

 private:
  Atomic<uint64_t> values_[kCounters] = {};
};

}  // namespace zlt
