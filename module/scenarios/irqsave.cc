// SPDX-License-Identifier: GPL-2.0-only
//
// irqsave: the writer uses write_seqlock_irqsave(), the ordering of a2ebb5157582 and of every kernel since.
//
// Hazard: on PREEMPT_RT irqsave masks nothing, because a spinlock_t sleeps there. A reader in hard interrupt context
// (a HRTIMER_MODE_HARD callback) then interrupts the odd section as if interrupts had been left on. Splat, on RT
// with lockdep: inconsistent lock state, {HARDIRQ-ON-W} -> {IN-HARDIRQ-R}. Cure: without RT, irqsave itself makes
// the reader wait for the end of the section. On RT the cure is a reader that is not in hard interrupt context: a
// soft hrtimer runs in a thread there, finds the sequence odd, and blocks on the writer's lock, which lends the
// writer its priority (include/linux/seqlock.h, SEQCOUNT_LOCKNAME: it locks and unlocks while the sequence is odd).
#include "module/core/meeting/readers.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace irqsave {
namespace {

constinit zlt_class zonelist_class = {"zlt_irqsave_seq", {}};

template <typename Patience, zlt_timer_mode mode>
void timer_reader(Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(zonelist_class);
  TimerReader<Patience> reader(rendezvous, seq, mode);

  Turn turn;
  while (rendezvous.next(turn)) {
    const auto odd = seq.write_irqsave();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

Verdict expect_reentry_on_rt(const Case& self, const Kernel& kernel, Form form) {
  return kernel.rt ? expect_interrupted_writer(self, kernel, form) : kClean;
}

constexpr Case kCases[] = {
    {.id = "irqsave/hardirq-reader",
     .hazard = "irqsave-masks-nothing-on-rt",
     .summary = "write_seqlock_irqsave, a hard hrtimer reads on the same CPU",
     .needs = kNothing,
     .measures = kMeetingMeasures,
     .bounded = timer_reader<Bounded, ZLT_TIMER_HARD>,
     .faithful = timer_reader<Faithful, ZLT_TIMER_HARD>,
     .expect = expect_reentry_on_rt,
     .unsound = unsound_meetings},
    {.id = "irqsave/softirq-reader",
     .hazard = "-",
     .summary = "write_seqlock_irqsave, a soft hrtimer reads on the same CPU",
     .needs = kNothing,
     .measures = kMeetingMeasures,
     .bounded = timer_reader<Bounded, ZLT_TIMER_SOFT>,
     .faithful = timer_reader<Faithful, ZLT_TIMER_SOFT>,
     .expect = expect_clean,
     .unsound = unsound_meetings},
};

}  // namespace
}  // namespace irqsave

constexpr Scenario kIrqsave = scenario(irqsave::kCases);

}  // namespace zlt
