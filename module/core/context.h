// SPDX-License-Identifier: GPL-2.0-only
//
// The contexts that kernel code runs in. A guard makes the calling thread's context stricter for a scope; `in()` calls
// a piece of code in a context that is named by a value, as a family of cases has it.
#pragma once

#include "module/core/atomic.h"
#include "module/core/lock.h"

namespace zlt {

namespace way {

struct IrqsOff {
  using Raw = Empty;
  using State = unsigned long;
  static State enter(Raw*) { return zlt_irq_save(); }
  static void leave(Raw*, State flags) { zlt_irq_restore(flags); }
};

struct PreemptOff {
  using Raw = Empty;
  using State = Empty;
  static State enter(Raw*) {
    zlt_preempt_disable();
    return {};
  }
  static void leave(Raw*, State) { zlt_preempt_enable(); }
};

struct MigrationOff {
  using Raw = Empty;
  using State = Empty;
  static State enter(Raw*) {
    zlt_migrate_disable();
    return {};
  }
  static void leave(Raw*, State) { zlt_migrate_enable(); }
};

struct PrintkDeferred {
  using Raw = Empty;
  using State = Empty;
  static State enter(Raw*) {
    zlt_printk_deferred_enter();
    return {};
  }
  static void leave(Raw*, State) { zlt_printk_deferred_exit(); }
};

}  // namespace way

// local_irq_save ... local_irq_restore. On RT this is what a spinlock_t must not be taken under.
inline Guard<way::IrqsOff> irqs_off() {
  return Guard<way::IrqsOff>();
}

// preempt_disable ... preempt_enable.
inline Guard<way::PreemptOff> preempt_off() {
  return Guard<way::PreemptOff>();
}

// migrate_disable ... migrate_enable: the thread may be preempted, and stays on its CPU.
inline Guard<way::MigrationOff> migration_off() {
  return Guard<way::MigrationOff>();
}

// printk_deferred_enter ... printk_deferred_exit. Precondition: the case needs kPrintkDeferral.
inline Guard<way::PrintkDeferred> printk_deferred() {
  return Guard<way::PrintkDeferred>();
}

enum class Context : uint8_t { kTask, kPreemptOff, kIrqOff, kHardirq };

// How long in() waits for the interrupt that it arranges. The CPU takes interrupts meanwhile; beyond the limit
// something outside the case is broken.
inline constexpr uint64_t kInterruptLimitNs = 5'000'000'000;

// Calls `body()` once, on this CPU, in hard interrupt context: from an hrtimer that stays there on RT too.
template <typename Body>
[[nodiscard]] bool in_hardirq(Body& body) {
  struct Interrupt {
    Body& body;
    Atomic<bool> came;
  } interrupt{body, Atomic<bool>(false)};
  const auto expired = [](void* argument) {
    auto& self = *static_cast<Interrupt*>(argument);
    self.body();
    self.came.store(true);
  };
  zlt_timer timer = {};
  zlt_timer_init(&timer, ZLT_TIMER_HARD, expired, &interrupt);
  const uint64_t limit_ns = zlt_now_ns() + kInterruptLimitNs;
  zlt_timer_start(&timer, ZLT_TIMER_HARD, zlt_now_ns());
  while (!interrupt.came.load() && zlt_now_ns() < limit_ns) zlt_relax();
  zlt_timer_destroy(&timer);
  return interrupt.came.load();
}

// Calls `body()` once, on this CPU, in that context. Precondition: task context with everything on. False: the
// interrupt that would have carried the body did not come, and the body was not called.
template <typename Body>
[[nodiscard]] bool in(Context context, Body body) {
  switch (context) {
    case Context::kTask:
      break;
    case Context::kPreemptOff: {
      const auto off = preempt_off();
      body();
      return true;
    }
    case Context::kIrqOff: {
      const auto off = irqs_off();
      body();
      return true;
    }
    case Context::kHardirq:
      return in_hardirq(body);
  }
  body();
  return true;
}

}  // namespace zlt
