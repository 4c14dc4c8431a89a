// SPDX-License-Identifier: GPL-2.0-only
//
// Names the ordering of one rebuild of the zonelists from what was seen of it. Pure.
#pragma once

#include "module/abi/watch.h"

namespace zlt {

using abi::Ordering;

struct Evidence {
  enum class Deferral : uint8_t { kNever, kEven, kOdd };

  bool locked = false;    // the seqlock was taken where it was watched
  bool irqs_off = false;  // … with interrupts off already
  // The lock masks interrupts itself, or, as on RT, is one that needs no masking: what write_seqlock_irqsave() becomes.
  bool lock_masks = false;
  Deferral deferral = Deferral::kNever;  // printk was deferred while the sequence was…
};

constexpr Ordering ordering_of(const Evidence& seen) {
  using Deferral = Evidence::Deferral;
  if (!seen.locked) return Ordering::kUnknown;
  if (seen.deferral == Deferral::kNever) return Ordering::kNoDeferral;
  if (seen.irqs_off) return Ordering::kIrqOffOutside;
  if (seen.lock_masks && seen.deferral == Deferral::kOdd) return Ordering::kIrqsaveThenDeferred;
  return Ordering::kUnknown;
}

constexpr const char* name_of(Evidence::Deferral deferral) {
  switch (deferral) {
    case Evidence::Deferral::kEven:
      return "even";
    case Evidence::Deferral::kOdd:
      return "odd";
    case Evidence::Deferral::kNever:
      break;
  }
  return "never";
}

}  // namespace zlt
