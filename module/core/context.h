// SPDX-License-Identifier: GPL-2.0-only
//
// The contexts that kernel code runs in. A guard makes the calling thread's context stricter for a scope; `in()` calls
// a piece of code in a context that is named by a value, as a family of cases has it.
#pragma once

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

struct BhOff {
  using Raw = Empty;
  using State = Empty;
  static State enter(Raw*) {
    zlt_bh_disable();
    return {};
  }
  static void leave(Raw*, State) { zlt_bh_enable(); }
};

struct RcuRead {
  using Raw = Empty;
  using State = Empty;
  static State enter(Raw*) {
    zlt_rcu_read_lock();
    return {};
  }
  static void leave(Raw*, State) { zlt_rcu_read_unlock(); }
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

// local_bh_disable ... local_bh_enable. On RT the thread may be preempted meanwhile.
inline Guard<way::BhOff> bh_off() {
  return Guard<way::BhOff>();
}

// rcu_read_lock ... rcu_read_unlock.
inline Guard<way::RcuRead> rcu_read() {
  return Guard<way::RcuRead>();
}

// migrate_disable ... migrate_enable: the thread may be preempted, and stays on its CPU.
inline Guard<way::MigrationOff> migration_off() {
  return Guard<way::MigrationOff>();
}

// printk_deferred_enter ... printk_deferred_exit. Precondition: the case needs kPrintkDeferral.
inline Guard<way::PrintkDeferred> printk_deferred() {
  return Guard<way::PrintkDeferred>();
}

enum class Context : uint8_t {
  kTask,
  kPreemptOff,
  kBhOff,
  kIrqOff,
  kSpinlock,     // a lock of nobody else's is held
  kRawSpinlock,  // the same
  kRcuReader,
  kSoftirq,  // a soft hrtimer's; on RT in a thread
  kHardirq,  // a hard hrtimer's, on RT too
  kRcuCallback,
};

// Calls `body(argument)` once, on this CPU (an RCU callback may run on another), in that context. Precondition: task
// context with everything on. False: the interrupt that would have carried the body did not come, and the body was not
// called.
[[nodiscard]] bool call_in(Context context, void (*body)(void*), void* argument);

template <typename Body>
[[nodiscard]] bool in(Context context, Body body) {
  return call_in(
      context, [](void* argument) { (*static_cast<Body*>(argument))(); }, &body);
}

}  // namespace zlt
