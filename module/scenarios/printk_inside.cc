// SPDX-License-Identifier: GPL-2.0-only
//
// printk-inside: the writer prints while the sequence is odd.
//
// Hazard: printk() calls the consoles' write() at once, and a console's write() takes the lock of its port. On
// another CPU somebody holds that lock while feeding the port (tty_insert_flip_string_and_push_buffer()), allocates
// with GFP_ATOMIC, and waits for the sequence: the writer waits for the feeder, and the feeder for the writer. The
// hazard was found by reading, in the discussion of 1007843a9190 in June 2023. Splat, with lockdep: possible
// circular locking dependency; its text may die in the console that it reports on. PREEMPT_RT is clean: printk()
// only stores the line there, and a kernel thread calls write() once the feeder has let go (6.1-rt has a printing
// thread per console, 6.12 the legacy printing thread: force_legacy_kthread() in kernel/printk/printk.c). Cure:
// printk_deferred_enter() around the section (deferred-inside) puts the line off until an irq_work prints it.
//
// deferred-first enters the deferral before the section, as 1007843a9190 did, and closes the hole between the two. The
// deferral counts per CPU, so whoever enters it must not migrate before it leaves it again. Hazard (migratable): with
// interrupts on and nothing else that keeps the thread on its CPU. Splat, from 6.7 on, with CONFIG_DEBUG_ATOMIC_SLEEP:
// "assuming non migratable context", by the cant_migrate() in __printk_deferred_enter() (kernel/printk/printk_safe.c).
// Before 6.7 and without that check nothing shows here: the writer's thread is bound to its CPU. Cure:
// migrate_disable().
#include "module/core/context.h"
#include "module/core/meeting/readers.h"
#include "module/core/port.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace printk_inside {
namespace {

constinit zlt_class zonelist_class = {"zlt_printk_inside_seq", {}};
constinit zlt_class port_class = {"zlt_printk_inside_port", {}};

constexpr Counter kConsoleWrites = kAllocsSkipped.next("console_writes");  // calls of the port console's write()
constexpr auto kCounters = joined(kMeetingCounters, kConsoleWrites);
constexpr Measures kMeasures = measures(kCounters.names, kMeetingTimings);

constexpr char kLine[] = "a line printed inside the odd window";

// printk() from inside the window: immediate, or put off until after it. What is held before the section, and what only
// inside it.
struct Immediate {
  static constexpr bool kInside = true;
  static Empty before() { return {}; }
  static Empty inside() { return {}; }
};
struct DeferredInside {
  static constexpr bool kInside = false;
  static Empty before() { return {}; }
  static auto inside() { return printk_deferred(); }
};
struct DeferredFirst {
  static constexpr bool kInside = false;
  struct Pinned {
    Guard<way::MigrationOff> pinned = migration_off();
    Guard<way::PrintkDeferred> quiet = printk_deferred();
  };
  static Pinned before() { return {}; }
  static Empty inside() { return {}; }
};
struct DeferredMigratable {
  static constexpr bool kInside = false;
  static auto before() { return printk_deferred(); }
  static Empty inside() { return {}; }
};

// The writer's order, as printk() inside the section has it through the console, then the feeder's. Nothing meets,
// lockdep sees the circle, and what it says reaches the log.
void rehearse(SeqLock& seq, Port& port) {
  {
    const auto odd = seq.write_irqsave();
    const auto held = port.lock_irqsave();
  }
  const auto held = port.lock_irqsave();
  seq.note_read();
}

template <typename Patience, typename Printing>
void port_feeder(Run& run) {
  Rendezvous rendezvous(run);
  SeqLock seq(zonelist_class);
  Port port(run, port_class, kConsoleWrites);
  if (Printing::kInside && !run.kernel().rt) rehearse(seq, port);
  PortConsole console(run, port);
  ThreadReader<Patience, HoldsPort> feeder(rendezvous, seq, HoldsPort{&port}, &port.wanted());

  Turn turn;
  while (rendezvous.next(turn)) {
    zlt_console_settle();  // else somebody else's line meets the feeder first
    feeder.get_ready();
    [[maybe_unused]] const auto first = Printing::before();
    const auto odd = seq.write_irqsave();
    [[maybe_unused]] const auto then = Printing::inside();
    Window window(rendezvous, turn);
    feeder.invite(window);
    window.meet();
    zlt_printk_crit(kLine);
  }
}

Verdict expect_circle(const Case&, const Kernel& kernel, Form form) {
  if (kernel.rt) return kClean;
  const Verdict stuck = form == Form::kBounded ? Outcome::kLivelock : Outcome::kDeadlock;
  return kernel.lockdep ? stuck | Outcome::kSplatCircular : stuck;
}

Verdict expect_migratable(const Case&, const Kernel& kernel, Form) {
  const bool asks = kernel.version >= ZLT_VERSION(6, 7) && kernel.atomic_sleep && kernel.smp;
  return asks ? Verdict(Outcome::kSplatNonMigratable) : kClean;
}

constexpr Case kCases[] = {
    {.id = "printk-inside/port-feeder",
     .hazard = "console-waits-for-reader",
     .summary = "printk inside the section, a console whose lock a reader on another CPU holds",
     .needs = kTwoCpus,
     .measures = kMeasures,
     .bounded = port_feeder<Bounded, Immediate>,
     .faithful = port_feeder<Faithful, Immediate>,
     .expect = expect_circle,
     .unsound = unsound_meetings},
    {.id = "deferred-inside/port-feeder",
     .hazard = "-",
     .summary = "the same under printk_deferred_enter",
     .needs = kTwoCpus | kPrintkDeferral,
     .measures = kMeasures,
     .bounded = port_feeder<Bounded, DeferredInside>,
     .faithful = port_feeder<Faithful, DeferredInside>,
     .expect = expect_clean,
     .unsound = unsound_meetings},
    {.id = "deferred-first/port-feeder",
     .hazard = "-",
     .summary = "printk_deferred_enter before the section, with migration disabled",
     .needs = kTwoCpus | kPrintkDeferral,
     .measures = kMeasures,
     .bounded = port_feeder<Bounded, DeferredFirst>,
     .faithful = port_feeder<Faithful, DeferredFirst>,
     .expect = expect_clean,
     .unsound = unsound_meetings},
    {.id = "deferred-first/migratable",
     .hazard = "per-cpu-deferral-migrates",
     .summary = "printk_deferred_enter before the section, by a thread that may migrate",
     .needs = kTwoCpus | kPrintkDeferral,
     .measures = kMeasures,
     .bounded = port_feeder<Bounded, DeferredMigratable>,
     .faithful = port_feeder<Faithful, DeferredMigratable>,
     .expect = expect_migratable,
     .unsound = unsound_meetings},
};

}  // namespace
}  // namespace printk_inside

constexpr Scenario kPrintkInside = scenario(printk_inside::kCases);

}  // namespace zlt
