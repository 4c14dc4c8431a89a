// SPDX-License-Identifier: GPL-2.0-only
//
// The words in debugfs `watch`, and the names of the orderings that __build_all_zonelists() has had over the years.
// docs/formats.md shows an example of the file.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace zlt::abi {

inline constexpr const char kFileWatch[] = "watch";  // rw: `on` or `off`; key=value lines

// What is written, and `state=`.
inline constexpr const char kWatchOn[] = "on";
inline constexpr const char kWatchOff[] = "off";
inline constexpr const char kWatchUnsupported[] = "unsupported";  // the last `on` failed; `reason=` says why

// How a kernel's writer orders interrupts, seqlock and the deferral of printk.
enum class Ordering : uint8_t {
  kUnknown,              // none of the below, or rebuilds that differ
  kNoDeferral,           // printk is not deferred: as 3d36424b3b58 left it
  kIrqOffOutside,        // interrupts are off before the seqlock is taken: 1007843a9190
  kIrqsaveThenDeferred,  // the lock masks interrupts itself, printk is deferred while odd: a2ebb5157582
};

inline constexpr const char* kOrderingNames[] = {"unknown", "no-deferral", "irq-off-outside", "irqsave-then-deferred"};
inline constexpr size_t kOrderings = sizeof(kOrderingNames) / sizeof(kOrderingNames[0]);
static_assert(kOrderings == static_cast<size_t>(Ordering::kIrqsaveThenDeferred) + 1, "a name for every ordering");

constexpr const char* name_of(Ordering ordering) {
  return kOrderingNames[static_cast<size_t>(ordering)];
}

// Key prefixes.
inline constexpr const char kRebuildsPrefix[] = "rebuilds.";  // rebuilds.irq-off-outside=3
inline constexpr const char kRebuildPrefix[] = "rebuild.";    // rebuild.17=began_ns=… cpu=… …: one rebuild a line

}  // namespace zlt::abi
