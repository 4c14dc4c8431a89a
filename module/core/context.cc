// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/context.h"

#include "module/core/atomic.h"

namespace zlt {

namespace {

// How long call_in() waits for the interrupt that it arranges. The CPU takes interrupts meanwhile; beyond the limit
// something outside the case is broken.
constexpr uint64_t kInterruptLimitNs = 5'000'000'000;

constinit zlt_class spin_class = {"zlt_context_spinlock", {}};
constinit zlt_class raw_spin_class = {"zlt_context_raw_spinlock", {}};

struct Interrupt {
  void (*body)(void*);
  void* argument;
  Atomic<bool> came;
};

void interrupted(void* argument) {
  auto& self = *static_cast<Interrupt*>(argument);
  self.body(self.argument);
  self.came.store(true);
}

bool in_interrupt(zlt_timer_mode mode, void (*body)(void*), void* argument) {
  Interrupt interrupt{body, argument, Atomic<bool>(false)};
  zlt_timer timer = {};
  zlt_timer_init(&timer, mode, interrupted, &interrupt);
  const uint64_t limit_ns = zlt_now_ns() + kInterruptLimitNs;
  zlt_timer_start(&timer, mode, zlt_now_ns());
  while (!interrupt.came.load() && zlt_now_ns() < limit_ns) zlt_relax();
  zlt_timer_destroy(&timer);
  return interrupt.came.load();
}

}  // namespace

bool call_in(Context context, void (*body)(void*), void* argument) {
  switch (context) {
    case Context::kTask:
      break;
    case Context::kPreemptOff: {
      const auto off = preempt_off();
      body(argument);
      return true;
    }
    case Context::kBhOff: {
      const auto off = bh_off();
      body(argument);
      return true;
    }
    case Context::kIrqOff: {
      const auto off = irqs_off();
      body(argument);
      return true;
    }
    case Context::kSpinlock: {
      SpinLock lock(spin_class);
      const auto held = lock.lock();
      body(argument);
      return true;
    }
    case Context::kRawSpinlock: {
      RawSpinLock lock(raw_spin_class);
      const auto held = lock.lock();
      body(argument);
      return true;
    }
    case Context::kRcuReader: {
      const auto reading = rcu_read();
      body(argument);
      return true;
    }
    case Context::kSoftirq:
      return in_interrupt(ZLT_TIMER_SOFT, body, argument);
    case Context::kHardirq:
      return in_interrupt(ZLT_TIMER_HARD, body, argument);
    case Context::kRcuCallback:
      zlt_rcu_callback(body, argument);
      return true;
  }
  body(argument);
  return true;
}

}  // namespace zlt
