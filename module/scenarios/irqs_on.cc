// SPDX-License-Identifier: GPL-2.0-only
//
// irqs-on: the writer leaves interrupts enabled while the sequence is odd.
//
// Hazard: an interrupt on the writer's CPU reads, and spins on a sequence that only the interrupted writer can make
// even. So did a timer that allocated with GFP_ATOMIC in the middle of __build_all_zonelists(), from v5.19
// (3d36424b3b58) until 1007843a9190. Splat, with lockdep: inconsistent lock state, {HARDIRQ-ON-W} -> {IN-HARDIRQ-R}.
// RT reports it as well, because a hard hrtimer stays in hard interrupt context there; its reader does not spin but
// goes to sleep for ever, and says so (expect_interrupted_writer()). Cure: the reader runs on another CPU, where it
// waits while the writer goes on. (irqsave/hardirq-reader is the cure on one CPU.)
#include "module/core/meeting/readers.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace irqs_on {
namespace {

constinit zlt_class zonelist_class = {"zlt_irqs_on_seq", {}};

template <typename Patience>
void hardirq_reader(Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(zonelist_class);
  TimerReader<Patience> reader(rendezvous, seq, ZLT_TIMER_HARD);

  Turn turn;
  while (rendezvous.next(turn)) {
    const auto odd = seq.write();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

template <typename Patience>
void remote_reader(Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(zonelist_class);
  ThreadReader<Patience> reader(rendezvous, seq);

  Turn turn;
  while (rendezvous.next(turn)) {
    reader.get_ready();
    const auto odd = seq.write();
    Window window(rendezvous, turn);
    reader.invite(window);
    window.meet();
  }
}

constexpr Case kCases[] = {
    {.id = "irqs-on/hardirq-reader",
     .hazard = "reader-interrupts-writer",
     .summary = "write_seqlock with interrupts on, a hard hrtimer reads on the same CPU",
     .needs = kNothing,
     .measures = kMeetingMeasures,
     .bounded = hardirq_reader<Bounded>,
     .faithful = hardirq_reader<Faithful>,
     .expect = expect_interrupted_writer,
     .unsound = unsound_meetings},
    {.id = "irqs-on/remote-reader",
     .hazard = "-",
     .summary = "write_seqlock with interrupts on, a thread reads on another CPU",
     .needs = kTwoCpus,
     .measures = kMeetingMeasures,
     .bounded = remote_reader<Bounded>,
     .faithful = remote_reader<Faithful>,
     .expect = expect_clean,
     .unsound = unsound_meetings},
};

}  // namespace
}  // namespace irqs_on

constexpr Scenario kIrqsOn = scenario(irqs_on::kCases);

}  // namespace zlt
