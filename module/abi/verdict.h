// SPDX-License-Identifier: GPL-2.0-only
//
// What a run of a case can be seen to do, as a set of outcomes, and how the set is spelled.
//
// It crosses debugfs (`result`, `cases`), the guest's event stream and results.json. Spelled, it is the names of the
// outcomes in the order below, joined by commas; the empty set is `clean`. The `splat:` names are the kinds of
// userspace/splat.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace zlt::abi {

enum class Outcome : uint8_t {
  kLivelock,                // a reader gave up, or a CPU never came back
  kDeadlock,                // no progress, locks held
  kCorruption,              // the scenario's own checker found its invariant broken
  kPanic,                   // the kernel panicked
  kSplatCircular,           // possible circular locking dependency
  kSplatInconsistentState,  // inconsistent lock state
  kSplatSleepingAtomic,     // sleeping function called from invalid context
  kSplatSchedulingAtomic,   // scheduling while atomic
  kSplatWaitContext,        // invalid wait context
  kSplatIrqSafeUnsafe,      // SOFTIRQ/HARDIRQ-safe -> unsafe lock order
  kSplatPreemptible,        // using a per-CPU facility in preemptible code
  kSplatNonMigratable,      // using a per-CPU facility in migratable code
  kMismatch,                // hot-plug: not what the host's plan implies
  kUnsupported,             // this kernel lacks what the case needs; the reason says what
  kInfra,                   // our own failure: never a pass, never a fail
};

inline constexpr const char* kOutcomeNames[] = {
    "livelock",
    "deadlock",
    "corruption",
    "panic",
    "splat:circular",
    "splat:inconsistent-state",
    "splat:sleeping-atomic",
    "splat:scheduling-atomic",
    "splat:wait-context",
    "splat:irq-safe-unsafe",
    "splat:preemptible",
    "splat:non-migratable",
    "mismatch",
    "unsupported",
    "infra",
};
inline constexpr size_t kOutcomes = sizeof(kOutcomeNames) / sizeof(kOutcomeNames[0]);
inline constexpr const char kCleanName[] = "clean";

// A set of outcomes. Value type, usable in constant expressions.
class Verdict {
 public:
  constexpr Verdict() = default;
  // Implicit: an expectation reads `return Outcome::kLivelock;`.
  constexpr Verdict(Outcome outcome) : bits_(1U << static_cast<uint8_t>(outcome)) {}

  // For whoever gathers outcomes bit by bit.
  static constexpr Verdict of_bits(uint32_t bits) {
    Verdict verdict;
    verdict.bits_ = bits;
    return verdict;
  }
  [[nodiscard]] constexpr uint32_t bits() const { return bits_; }

  [[nodiscard]] constexpr bool clean() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool has(Outcome outcome) const { return (bits_ & Verdict(outcome).bits_) != 0; }
  // Without the outcomes that only the kernel's log shows.
  [[nodiscard]] constexpr Verdict without_splats() const;
  constexpr Verdict& operator|=(Verdict other) {
    bits_ |= other.bits_;
    return *this;
  }
  friend constexpr Verdict operator|(Verdict a, Verdict b) { return a |= b; }
  friend constexpr bool operator==(Verdict a, Verdict b) { return a.bits_ == b.bits_; }
  friend constexpr bool operator!=(Verdict a, Verdict b) { return !(a == b); }

 private:
  uint32_t bits_ = 0;
};

constexpr Verdict operator|(Outcome a, Outcome b) {
  return Verdict(a) | Verdict(b);
}
inline constexpr Verdict kClean{};

constexpr Verdict Verdict::without_splats() const {
  Verdict rest;
  for (size_t i = 0; i < kOutcomes; ++i) {
    const bool splat = kOutcomeNames[i][0] == 's' && kOutcomeNames[i][1] == 'p';
    if (!splat && has(static_cast<Outcome>(i))) rest |= static_cast<Outcome>(i);
  }
  return rest;
}

static_assert(kOutcomes == static_cast<size_t>(Outcome::kInfra) + 1, "a name for every outcome");

}  // namespace zlt::abi
