// SPDX-License-Identifier: GPL-2.0-only
//
// alloc-context: what may be allocated where. Each member of the family allocates an object in one context with one
// set of flags, and says whether the context was preemptible and whether memory came.
//
// Source: the thread "preempt: Make preempt count unconditional" of September 2020 asks what a caller can find out
// about the context that it allocates in. Each member turns on one of the kernel's checks; the functions named here
// are those of v6.12.
// - GFP_KERNEL may sleep, and might_alloc() (include/linux/sched/mm.h) checks that before anything else happens.
//   With CONFIG_DEBUG_ATOMIC_SLEEP it reports "sleeping function called from invalid context" wherever preemption or
//   interrupts are off, and in a read section of RCU (__might_resched() in kernel/sched/core.c counts its depth). On RT
//   a spinlock, local_bh_disable() and with that a softirq and an RCU callback leave preemption on, but each is a read
//   section of RCU as well (rt_spin_lock(), __local_bh_disable_ip()). First might_alloc() takes lockdep's fs_reclaim,
//   which the rest of the kernel takes with everything on: in a hard interrupt lockdep reports an inconsistent lock
//   state, {HARDIRQ-ON-W} -> {IN-HARDIRQ-W}, and without RT in a softirq the same; RT has no softirq context that
//   lockdep knew of (include/linux/irqflags.h).
// - GFP_ATOMIC and GFP_NOWAIT never sleep, and without RT they are clean wherever a spinlock_t may be taken. On RT the
//   slab allocator has no lockless path (USE_LOCKLESS_FAST_PATH() in mm/slub.c): ___slab_alloc() always takes the CPU's
//   local_lock, which is a sleeping lock there, and rt_spin_lock() checks whether it may sleep (in a read section it
//   may). Lockdep checks first, and turns itself off with its report: in a hard interrupt that is an invalid wait
//   context, or without CONFIG_PROVE_RAW_LOCK_NESTING an inconsistent lock state.
// - Under a raw spinlock a lock must not be taken that sleeps on RT, whatever the kernel is: the local_lock in
//   ___slab_alloc() is an invalid wait context for CONFIG_PROVE_RAW_LOCK_NESTING without RT too.
//
// Where these checks are not built in, nothing shows. The cache belongs to the case, so its locks are free. Under the
// raw spinlock no CPU has a slab of it, so that the slow path is taken for certain. Elsewhere it is primed, so an
// allocation mostly goes no further than the slab of its CPU; one that does, because somebody shrinks slabs meanwhile,
// takes the local_lock without RT as well, and the hard interrupt here is one that may (ZLT_TIMER_HARD in
// module/shim/timer.c).
//
// The cases have no faithful form, because nothing in them waits.
#include "module/core/cache.h"
#include "module/core/context.h"
#include "module/core/family.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace alloc_context {
namespace {

constexpr Counter kCame = kTurns.next("came");       // allocations that got memory
constexpr Counter kRefused = kCame.next("refused");  // and those that got none
constexpr Counter kCounters[] = {kCame, kRefused};
constexpr Fact kPreemptible = Fact::first("preemptible");  // where the allocation was made
constexpr Fact kFacts[] = {kPreemptible};

// What the kernel's checks say to a member.
enum Remarks : uint8_t {
  kSilence = 0,
  kMaySleep = 1,           // the flags allow sleeping, the context does not
  kReclaimInHardirq = 2,   // fs_reclaim is taken in a hard interrupt
  kLockSleepsOnRt = 4,     // on RT, the slab's lock sleeps, and the context does not allow it
  kLockInHardirqOnRt = 8,  // on RT, the slab's lock is taken in a hard interrupt
  kReclaimInSoftirq = 16,  // fs_reclaim is taken in a softirq, which lockdep knows of without RT
  kLockUnderRaw = 32,      // the slab's lock is taken under a raw spinlock
};

struct Place {
  const char* name;
  const char* words;
  Context context;
  uint8_t with_kernel;  // of Remarks
  uint8_t with_atomic;
};
constexpr Place kPlaces[] = {
    {"task", "in a thread", Context::kTask, kSilence, kSilence},
    {"preempt-off", "in a thread with preemption off", Context::kPreemptOff, kMaySleep, kLockSleepsOnRt},
    {"bh-off", "in a thread with bottom halves off", Context::kBhOff, kMaySleep, kSilence},
    {"irq-off", "in a thread with interrupts off", Context::kIrqOff, kMaySleep, kLockSleepsOnRt},
    {"spinlock", "under a spinlock", Context::kSpinlock, kMaySleep, kSilence},
    {"raw-spinlock", "under a raw spinlock", Context::kRawSpinlock, kMaySleep | kLockUnderRaw,
     kLockSleepsOnRt | kLockUnderRaw},
    {"rcu-reader", "in a read section of RCU", Context::kRcuReader, kMaySleep, kSilence},
    {"softirq", "in a soft hrtimer", Context::kSoftirq, kMaySleep | kReclaimInSoftirq, kSilence},
    {"hardirq", "in a hard hrtimer", Context::kHardirq, kMaySleep | kReclaimInHardirq,
     kLockSleepsOnRt | kLockInHardirqOnRt},
    {"rcu-callback", "in a callback of call_rcu", Context::kRcuCallback, kMaySleep | kReclaimInSoftirq, kSilence},
};

struct Flags {
  const char* name;
  const char* words;
  zlt_gfp gfp;
  uint8_t Place::*remarks;
  const char* hazard;  // of the members that anything is said to
};
constexpr Flags kFlags[] = {
    {"gfp-kernel", "kmem_cache_alloc(GFP_KERNEL)", ZLT_GFP_KERNEL, &Place::with_kernel, "sleeps-where-it-must-not"},
    {"gfp-atomic", "kmem_cache_alloc(GFP_ATOMIC)", ZLT_GFP_ATOMIC, &Place::with_atomic, "slab-lock-sleeps-on-rt"},
    {"gfp-nowait", "kmem_cache_alloc(GFP_NOWAIT)", ZLT_GFP_NOWAIT, &Place::with_atomic, "slab-lock-sleeps-on-rt"},
};

const Place& place_of(const Case& test);
const Flags& flags_of(const Case& test);

struct Seen {
  bool preemptible;
  bool irqs_off;
  bool hardirq;
};

bool keeps_its_cpu(Context context, const Kernel& kernel) {
  switch (context) {
    case Context::kTask:
    case Context::kRcuReader:
      return false;
    case Context::kPreemptOff:
    case Context::kIrqOff:
    case Context::kRawSpinlock:
    case Context::kHardirq:
      return true;
    case Context::kBhOff:
    case Context::kSpinlock:
    case Context::kSoftirq:
    case Context::kRcuCallback:
      break;
  }
  return !kernel.rt;
}

bool is_in(Context context, const Kernel& kernel, const Seen& seen) {
  const bool hardirq = context == Context::kHardirq;
  return seen.hardirq == hardirq && seen.irqs_off == (hardirq || context == Context::kIrqOff) &&
         !(seen.preemptible && keeps_its_cpu(context, kernel));
}

void allocate(Run& run) {
  const Context context = place_of(run.test()).context;
  const zlt_gfp gfp = flags_of(run.test()).gfp;
  Cache cache(run, "zlt_alloc_context", 64);

  Turn turn;
  while (run.next(turn)) {
    const bool ready = context == Context::kRawSpinlock ? cache.drain() : cache.prime();
    if (!ready) return run.fail("no memory to prime the slab cache with");
    Seen seen = {};
    void* memory = nullptr;
    const bool called = in(context, [&] {
      seen = {zlt_preemptible(), zlt_irqs_disabled(), zlt_in_hardirq()};
      memory = cache.alloc(gfp);
    });
    cache.free(memory);
    if (!called) return run.fail("the interrupt to allocate in did not come");
    if (!is_in(context, run.kernel(), seen))
      return run.fail("the allocation was made in another context than was asked for");
    run.count(memory != nullptr ? kCame : kRefused);
    run.state(kPreemptible, seen.preemptible ? 1 : 0);
  }
  run.conclude("memory came in %llu of %llu turns", static_cast<unsigned long long>(run.counted(kCame)),
               static_cast<unsigned long long>(run.counted(kTurns)));
}

const char* unsound(const Run& run) {
  const bool added_up = run.counted(kCame) + run.counted(kRefused) == run.counted(kTurns);
  return added_up ? nullptr : "allocations that got memory and those that got none do not add up to the turns";
}

Verdict expect_remarks(const Case& self, const Kernel& kernel, Form) {
  const uint8_t remarks = place_of(self).*flags_of(self).remarks;
  Verdict out;
  if ((remarks & kMaySleep) != 0 && kernel.atomic_sleep) out |= Outcome::kSplatSleepingAtomic;
  if ((remarks & kReclaimInHardirq) != 0 && kernel.lockdep) out |= Outcome::kSplatInconsistentState;
  if ((remarks & kLockSleepsOnRt) != 0 && kernel.rt && kernel.atomic_sleep) out |= Outcome::kSplatSleepingAtomic;
  if ((remarks & kReclaimInSoftirq) != 0 && kernel.lockdep && !kernel.rt) out |= Outcome::kSplatInconsistentState;
  if ((remarks & kLockUnderRaw) != 0 && kernel.raw_nesting) out |= Outcome::kSplatWaitContext;
  if ((remarks & kLockInHardirqOnRt) != 0 && kernel.rt && kernel.lockdep) {
    out |= kernel.raw_nesting ? Outcome::kSplatWaitContext : Outcome::kSplatInconsistentState;
  }
  return out;
}

constexpr const char* hazard_of(const Place& place, const Flags& flags) {
  return place.*flags.remarks == kSilence ? "-" : flags.hazard;
}

constexpr Family kFamily("alloc-context", kPlaces, kFlags,
                         Case{.id = nullptr,
                              .hazard = nullptr,
                              .summary = nullptr,
                              .needs = kNothing,
                              .measures = measures(kCounters, {}, kFacts),
                              .bounded = allocate,
                              .faithful = nullptr,
                              .expect = expect_remarks,
                              .unsound = unsound},
                         hazard_of);

const Place& place_of(const Case& test) {
  return kFamily.row_of(test);
}

const Flags& flags_of(const Case& test) {
  return kFamily.column_of(test);
}

}  // namespace
}  // namespace alloc_context

constexpr Scenario kAllocContext = alloc_context::kFamily.scenario();

}  // namespace zlt
