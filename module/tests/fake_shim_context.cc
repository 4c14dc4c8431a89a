// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_context.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_printk.h"
#include "module/tests/fake_shim_timers.h"

namespace zlt::fake {

Context& context() {
  thread_local Context self;
  return self;
}

unsigned int current_cpu() {
  const unsigned int cpu = context().cpu;
  return cpu != ~0U ? cpu : FakeKernel::current().driver_cpu();
}

bool preemptible() {
  const Context& self = context();
  const bool softirq = self.softirq && !FakeKernel::current().config().rt;
  return !self.irqs_off && !self.hardirq && !softirq && self.preempt_off == 0;
}

bool may_sleep() {
  return preemptible() && context().rcu_readers == 0 && !context().softirq;
}

bool mask_irqs() {
  const bool were_off = context().irqs_off;
  context().irqs_off = true;
  return were_off;
}

void restore_irqs(bool were_off) {
  context().irqs_off = were_off;
  deliver_interrupts();
}

void deliver_interrupts() {
  Context& self = context();
  if (self.irqs_off) return;
  FakeKernel& kernel = FakeKernel::current();
  const unsigned int cpu = current_cpu();

  self.irqs_off = self.hardirq = true;
  kernel.printk().run_irq_work(cpu);
  kernel.timers().expire(cpu, ZLT_TIMER_HARD);
  self.irqs_off = self.hardirq = false;

  if (kernel.config().rt || self.softirq) return;
  self.softirq = true;
  kernel.timers().expire(cpu, ZLT_TIMER_SOFT);
  self.softirq = false;
}

void relax() {
  deliver_interrupts();
  std::this_thread::yield();
}

void die(const std::string& what) {
  std::fprintf(stderr, "fake kernel: %s\n", what.c_str());
  std::abort();
}

}  // namespace zlt::fake
