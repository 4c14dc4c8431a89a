// SPDX-License-Identifier: GPL-2.0-only
//
// kernel/locking/lockdep.c, and what else is about locks: suspicious RCU usage, spinlock debugging.
// Two forms of each: "WARNING: …" since 4.13, "[ INFO: … ]" and "[ BUG: … ]" before.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kAtSteps{Step::kAt};
constexpr Blame kAt{kAtSteps, {}, {}};

// The place that wants the lock; if it is a mere locking primitive, the one that holds, then the chain.
constexpr std::array kCircularSteps{Step::kAt, Step::kAt, Step::kStack};
constexpr std::array<Skip, 4> kCircularSkip{"process_one_work", "flush_workqueue", "drain_workqueue",
                                            "destroy_workqueue"};
constexpr Blame kCircular{kCircularSteps, {}, kCircularSkip};

constexpr std::array kBecameSteps{Step::kBecame, Step::kStack};
constexpr Blame kBecame{kBecameSteps, kAtSteps, {}};

constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array<Skip, 2> kSockSkip{"lock_sock", "release_sock"};
constexpr Blame kInconsistent{kTraceSteps, kAtSteps, kSockSkip};

constexpr std::array kUnlockSteps{Step::kPlace, Step::kTrace, Step::kStack};
constexpr Blame kUnlock{kUnlockSteps, kTraceSteps, {}};
constexpr std::array kPlaceSteps{Step::kPlace};
constexpr Blame kPlace{kPlaceSteps, kTraceSteps, {}};

constexpr std::array<Skip, 3> kKeySkip{"stack", "lock", "IRQ"};
constexpr Blame kKey{kTraceSteps, {}, kKeySkip};

constexpr std::array<Skip, 3> kRcuSkip{"rcu", "kmem", "slab"};
constexpr Blame kRcu{kTraceSteps, {}, kRcuSkip};

constexpr Blame kWait{kTraceSteps, kAtSteps, kSockSkip};

constexpr std::array<Skip, 3> kSpinSkip{"spin_", "_lock", "_unlock"};
constexpr Blame kSpin{kTraceSteps, {}, kSpinSkip};

std::string spin_title(const Kind& /*kind*/, const Subject& subject) {
  // "BUG: spinlock bad magic on CPU#1, comm/12"
  const std::string_view what = between(subject.first, "BUG: ", " on CPU");
  return with_function("BUG: " + std::string(what.empty() ? "spinlock bug" : what), subject.blamed);
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kTr = Ending::kTrace;

constexpr std::array<Kind, 32> kKinds{{
    {"circular", "lockdep", "WARNING: possible circular locking dependency detected", "", kAny, kTr,
     "possible deadlock in {f}", "", &kCircular},
    {"circular", "lockdep", "INFO: possible circular locking dependency detected", "", kAny, kTr,
     "possible deadlock in {f}", "", &kCircular},
    {"recursive", "lockdep", "WARNING: possible recursive locking detected", "", kAny, kTr, "possible deadlock in {f}",
     "", &kAt},
    {"recursive", "lockdep", "INFO: possible recursive locking detected", "", kAny, kTr, "possible deadlock in {f}", "",
     &kAt},
    {"irq-inversion", "lockdep", "WARNING: possible irq lock inversion dependency detected", "", kAny, kTr,
     "possible deadlock in {f}", "", &kAt},
    {"irq-inversion", "lockdep", "INFO: possible irq lock inversion dependency detected", "", kAny, kTr,
     "possible deadlock in {f}", "", &kAt},
    // HARDIRQ, SOFTIRQ, with -READ; RECLAIM_FS before 4.15.
    {"irq-safe-unsafe", "lockdep", "WARNING: ", "-safe -> *-unsafe lock order detected", kAny, kTr,
     "possible deadlock in {f}", "", &kBecame},
    {"irq-safe-unsafe", "lockdep", "INFO: ", "-safe -> *-unsafe lock order detected", kAny, kTr,
     "possible deadlock in {f}", "", &kAt},
    {"inconsistent-state", "lockdep", "WARNING: inconsistent lock state", "", kAny, kTr,
     "inconsistent lock state in {f}", "", &kInconsistent},
    {"inconsistent-state", "lockdep", "INFO: inconsistent lock state", "", kAny, kTr, "inconsistent lock state in {f}",
     "", &kAt},
    {"wait-context", "lockdep", "BUG: Invalid wait context", "", kAny, kTr, "WARNING: locking bug in {f}", "", &kWait},
    {"bad-unlock-balance", "lockdep", "WARNING: bad unlock balance detected!", "", kAny, kTr,
     "WARNING: bad unlock balance in {f}", "", &kUnlock},
    {"bad-unlock-balance", "lockdep", "BUG: bad unlock balance detected!", "", kAny, kTr,
     "BUG: bad unlock balance in {f}", "", &kUnlock},
    {"bad-contention", "lockdep", "WARNING: bad contention detected!", "", kAny, kTr, "WARNING: bad contention in {f}",
     "", &kUnlock},
    {"bad-contention", "lockdep", "BUG: bad contention detected!", "", kAny, kTr, "BUG: bad contention in {f}", "",
     &kUnlock},
    {"held-lock-freed", "lockdep", "WARNING: held lock freed!", "", kAny, kTr, "WARNING: held lock freed in {f}", "",
     &kAt},
    {"held-lock-freed", "lockdep", "BUG: held lock freed!", "", kAny, kTr, "BUG: held lock freed in {f}", "", &kPlace},
    {"lock-held-at-return", "lockdep", "WARNING: lock held when returning to user space", "", kAny, Ending::kBlock,
     "WARNING: lock held when returning to user space in {f}", "", &kAt},
    {"lock-held-at-return", "lockdep", "BUG: lock held when returning to user space", "", kAny, Ending::kBlock,
     "BUG: lock held when returning to user space in {f}", "", &kAt},
    {"locks-still-held", "lockdep", "WARNING: ", " still has locks held!", kAny, kTr,
     "WARNING: still has locks held in {f}", "", &kAt},
    {"locks-still-held", "lockdep", "BUG: ", " still has locks held!", kAny, kTr, "BUG: still has locks held in {f}",
     "", &kPlace},
    {"nested-lock-not-taken", "lockdep", "WARNING: Nested lock was not taken", "", kAny, kTr,
     "WARNING: nested lock was not taken in {f}", "", &kWait},
    {"nested-lock-not-taken", "lockdep", "BUG: Nested lock was not taken", "", kAny, kTr,
     "BUG: nested lock was not taken in {f}", "", &kWait},
    {"chain-key-collision", "lockdep", "WARNING: chain_key collision", "", kAny, kTr,
     "WARNING: chain_key collision in {f}", "", &kBlameTrace},
    {"non-static-key", "lockdep", "INFO: trying to register non-static key", "", kAny, kTr,
     "INFO: trying to register non-static key in {f}", "", &kKey},
    {"suspicious-rcu", "rcu", "WARNING: suspicious RCU usage", "", kAny, kTr, "WARNING: suspicious RCU usage in {f}",
     "", &kRcu},
    {"suspicious-rcu", "rcu", "INFO: suspicious RCU usage", "", kAny, kTr, "INFO: suspicious RCU usage in {f}", "",
     &kRcu},
    // Before 3.2, and in vendors' kernels long after: named after the macro that found it.
    {"suspicious-rcu", "rcu", "INFO: suspicious rcu_", " usage", kAny, kTr, "INFO: suspicious RCU usage in {f}", "",
     &kRcu},
    {"lockdep-limit", "lockdep", "BUG: MAX_", " too low!", Where::kStart, kTr, "BUG: MAX_{1}", "", &kBlameTrace},
    {"spinlock-bug", "lockdep", "BUG: spinlock ", " on CPU#", Where::kStart, kTr, "", "", &kSpin, spin_title},
    {"spinlock-bug", "lockdep", "BUG: rwlock ", " on CPU#", Where::kStart, kTr, "", "", &kSpin, spin_title},
    {"lockdep-off", "lockdep", "INFO: lockdep is turned off", "", Where::kStart, Ending::kLine,
     "INFO: lockdep is turned off", "", nullptr, nullptr, true},
}};

}  // namespace

std::span<const Kind> lockdep_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
