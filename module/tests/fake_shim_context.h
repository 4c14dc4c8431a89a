// SPDX-License-Identifier: GPL-2.0-only
//
// Tells in which context a thread of the fake kernel is, and delivers its interrupts.
#pragma once

#include <string>

namespace zlt::fake {

struct Context {
  unsigned int cpu = ~0U;  // unbound: the driver's
  bool irqs_off = false;   // also inside a hard interrupt
  bool hardirq = false;
  bool softirq = false;
  unsigned int preempt_off = 0;
  unsigned int migration_off = 0;
  unsigned int rcu_readers = 0;  // on RT a spinlock and bottom halves that are off count as well
  unsigned int printk_deferred = 0;

  [[nodiscard]] bool balanced() const {
    return !irqs_off && !hardirq && !softirq && preempt_off == 0 && migration_off == 0 && rcu_readers == 0 &&
           printk_deferred == 0;
  }
};

// Of the calling thread.
Context& context();
[[nodiscard]] unsigned int current_cpu();
[[nodiscard]] bool preemptible();
// What might_sleep() asks for: preemptible, and in no read section of RCU.
[[nodiscard]] bool may_sleep();

// Binds the calling thread for a scope.
class OnCpu {
 public:
  explicit OnCpu(unsigned int cpu) : before_(context().cpu) { context().cpu = cpu; }
  ~OnCpu() { context().cpu = before_; }
  OnCpu(const OnCpu&) = delete;
  OnCpu& operator=(const OnCpu&) = delete;

 private:
  unsigned int before_;
};

// local_irq_save and local_irq_restore: unmasking delivers what is pending.
[[nodiscard]] bool mask_irqs();
void restore_irqs(bool were_off);

// A place where an interrupt may come: whatever is due on this CPU and not masked runs here, on this thread.
void deliver_interrupts();
// The same, and lets other threads run.
void relax();

// What a kernel cannot come back from: says so and ends the process.
[[noreturn]] void die(const std::string& what);

}  // namespace zlt::fake
