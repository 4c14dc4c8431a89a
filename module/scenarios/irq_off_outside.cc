// SPDX-License-Identifier: GPL-2.0-only
//
// irq-off-outside: local_irq_save(), then write_seqlock(). This was the ordering from 1007843a9190 until
// a2ebb5157582.
//
// Hazard: on PREEMPT_RT the spinlock_t inside a seqlock_t is a sleeping lock, while local_irq_save() still masks
// interrupts: the lock is taken in a context that must not sleep. Splat, on RT with CONFIG_DEBUG_ATOMIC_SLEEP:
// "sleeping function called from invalid context". Without that check the case is clean, because the lock is free
// and nothing has to sleep. Cure: write_seqlock_irqsave(), see irqsave.cc.
#include "module/core/context.h"
#include "module/core/meeting/readers.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace irq_off_outside {
namespace {

constinit zlt_class zonelist_class = {"zlt_irq_off_outside_seq", {}};

template <typename Patience>
void thread_reader(Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(zonelist_class);
  ThreadReader<Patience> reader(rendezvous, seq);

  Turn turn;
  while (rendezvous.next(turn)) {
    reader.get_ready();
    const auto masked = irqs_off();
    const auto odd = seq.write();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

Verdict expect_sleeping_atomic(const Case&, const Kernel& kernel, Form) {
  return kernel.rt && kernel.atomic_sleep ? Verdict(Outcome::kSplatSleepingAtomic) : kClean;
}

constexpr Case kCases[] = {
    {.id = "irq-off-outside/thread-reader",
     .hazard = "sleeping-lock-under-irqs-off",
     .summary = "local_irq_save, then write_seqlock; a thread reads on another CPU",
     .needs = kTwoCpus,
     .measures = kMeetingMeasures,
     .bounded = thread_reader<Bounded>,
     .faithful = thread_reader<Faithful>,
     .expect = expect_sleeping_atomic,
     .unsound = unsound_meetings},
};

}  // namespace
}  // namespace irq_off_outside

constexpr Scenario kIrqOffOutside = scenario(irq_off_outside::kCases);

}  // namespace zlt
