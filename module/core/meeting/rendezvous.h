// SPDX-License-Identifier: GPL-2.0-only
//
// Arranges that one writer and one reader meet once a turn, inside the writer's odd section, and judges at its end
// whether they did. The body of a case that does so begins with it:
//
//   Rendezvous rendezvous(run);
//   SeqLock seq(zonelist_class);
//   TimerReader<Patience> reader(rendezvous, seq, ZLT_TIMER_HARD);
//
//   Turn turn;
//   while (rendezvous.next(turn)) {
//     const auto odd = seq.write();
//     Window window(rendezvous, turn);
//     reader.invite(window);
//     window.meet();
//   }
#pragma once

#include "module/core/meeting/measures.h"
#include "module/core/meeting/meeting.h"
#include "module/core/run.h"

namespace zlt {

// How long anything waits for a reader that is bound to come; beyond it something outside the case is broken.
inline constexpr uint64_t kArrivalLimitNs = 5'000'000'000;
// The same for a writer that cannot be preempted. Somebody may stop all CPUs meanwhile (stop_machine(), as for a change
// of clocksource early in a kernel's life): that keeps the reader's CPU until this one answers. The turn is missed
// then.
inline constexpr uint64_t kStubbornArrivalLimitNs = 200'000'000;

class Rendezvous {
 public:
  explicit Rendezvous(Run& run) : run_(run) {}
  // Judges: a reader that gave up, turns that all missed. The readers are gone by then, being declared behind it.
  ~Rendezvous();
  Rendezvous(const Rendezvous&) = delete;
  Rendezvous& operator=(const Rendezvous&) = delete;

  // As Run::next(), but waits first until the reader of the turn before is through.
  [[nodiscard]] bool next(Turn& turn);

  [[nodiscard]] Run& run() { return run_; }
  [[nodiscard]] Meeting& meeting() { return meeting_; }

 private:
  void settle();

  Run& run_;
  Meeting meeting_;
  bool in_turn_ = false;
};

// The rule for Case::unsound: each turn met, was masked or missed, and each reader got through or gave up.
[[nodiscard]] const char* unsound_meetings(const Run& run);

// The writer's section of one turn: from just after it went odd to just before it goes even.
class Window {
 public:
  Window(Rendezvous& rendezvous, const Turn& turn)
      : rendezvous_(rendezvous), opened_ns_(zlt_now_ns()), lead_ns_(turn.lead_ns) {}
  ~Window() { rendezvous_.run().measure(kWriterSection, zlt_now_ns() - opened_ns_); }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // When the reader is wanted.
  [[nodiscard]] uint64_t due_ns() const { return opened_ns_ + lead_ns_; }
  // Stays until the invited reader is there, and hold_us longer. A reader that masked interrupts hold off cannot
  // come: then until it has been due for hold_us.
  void meet();

 private:
  void stay_until(uint64_t ns) const;

  Rendezvous& rendezvous_;
  uint64_t opened_ns_;
  uint64_t lead_ns_;
};

}  // namespace zlt
