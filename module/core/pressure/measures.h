// SPDX-License-Identifier: GPL-2.0-only
//
// The measures of a case in which readers under pressure read what the kernel's own writer writes.
#pragma once

#include "module/core/measures.h"

namespace zlt::pressed {

// Of the readers' allocations.
inline constexpr Counter kAllocs = kTurns.next("allocs");
inline constexpr Counter kAllocsFailed = kAllocs.next("allocs_failed");
// As probes on the allocator's slow path see them.
inline constexpr Counter kSlowPath = kAllocsFailed.next("slow_path");  // allocations by readers that entered it
inline constexpr Counter kSlowPathOthers = kSlowPath.next("slow_path_others");  // … by anybody else
inline constexpr Counter kSpins = kSlowPathOthers.next("spins");                // looks at an odd sequence
inline constexpr Counter kRetries = kSpins.next("retries");                     // … that found it changed since
// Of the kernel's own zonelists, as `watch` saw them.
inline constexpr Counter kRebuilds = kRetries.next("rebuilds");
// Of the pressure.
inline constexpr Counter kPagesHeld = kRebuilds.next("pages_held");              // most that were held at once
inline constexpr Counter kPagesGivenBack = kPagesHeld.next("pages_given_back");  // to those who had to reclaim memory
// Of the feeder.
inline constexpr Counter kConsoleWrites = kPagesGivenBack.next("console_writes");  // calls of its console's write()

inline constexpr Counter kCounters[] = {kAllocs,  kAllocsFailed, kSlowPath,  kSlowPathOthers, kSpins,
                                        kRetries, kRebuilds,     kPagesHeld, kPagesGivenBack, kConsoleWrites};

inline constexpr Measures kMeasures = measures(kCounters);

}  // namespace zlt::pressed
