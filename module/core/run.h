// SPDX-License-Identifier: GPL-2.0-only
//
// One run of one case: its schedule, what it counts, and how it ends. A scenario's body sees it as
//
//   Turn turn;
//   while (run.next(turn)) {
//     auto odd = seq.write();
//     Window window(run, turn);
//     reader.invite(window);
//     window.meet();
//   }
#pragma once

#include "module/core/case.h"
#include "module/core/counters.h"
#include "module/core/histogram.h"
#include "module/core/meeting/meeting.h"
#include "module/core/schedule.h"
#include "module/core/settings.h"
#include "module/core/text.h"

namespace zlt {

// How long anything waits for a reader that is bound to come; beyond it something outside the case is broken.
inline constexpr uint64_t kArrivalLimitNs = 5'000'000'000;
// The same for a writer that cannot be preempted. Somebody may stop all CPUs meanwhile (stop_machine(), as for a change
// of clocksource early in a kernel's life): that keeps the reader's CPU until this one answers. The turn is missed
// then.
inline constexpr uint64_t kStubbornArrivalLimitNs = 200'000'000;

class Run {
 public:
  constexpr Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() = default;

  // Makes it the run of `test`, forgetting the one before. Precondition: nothing runs.
  void prepare(const Case& test, const Settings& settings, const Kernel& kernel);
  // The whole run, in the calling thread: task context on the writer's CPU.
  void execute();
  // Any context: waits end early, no further turn begins.
  void stop() { stop_.store(true); }

  // ---- for scenarios and readers ----
  // Ends the turn before (waits until its reader is through), pauses as the schedule says, and begins the next. False: no more.
  [[nodiscard]] bool next(Turn& turn);
  // The same for a body that arranges no meetings: a turn is what it makes of it.
  [[nodiscard]] bool next_alone(Turn& turn);
  // The work gets on, within a turn as well: who watches from outside sees it in `status`, and does not take slow for
  // dead. Not for what goes on while somebody hangs.
  void step() { steps_.add(1); }
  // What such a run came to.
  template <typename... Args>
  void conclude(const char* format, Args... args) {
    if (!failed_.load()) reason_.append(format, args...);
  }
  // Ends the run without a verdict on the kernel: kInfra, kUnsupported. `error`: negative errno, or 0. First one stays.
  // Writer and readers, at once if need be.
  void fail(Outcome outcome, const char* what, int error = 0);
  void corrupt(const char* what);

  [[nodiscard]] bool stopping() const { return stop_.load() || failed_.load(); }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] Meeting& meeting() { return meeting_; }
  void count(Counter counter, uint64_t by = 1) { counters_.add(counter, by); }
  void reader_waited(uint64_t ns) { reader_wait_.add(ns); }
  void writer_stayed(uint64_t ns) { writer_section_.add(ns); }

  // ---- for reports ----
  [[nodiscard]] const Case& test() const { return *test_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] uint64_t steps() const { return steps_.load(); }
  [[nodiscard]] const Histogram& reader_wait() const { return reader_wait_; }
  [[nodiscard]] const Histogram& writer_section() const { return writer_section_; }
  [[nodiscard]] Verdict verdict() const;
  [[nodiscard]] Verdict expectation() const { return expected(*test_, *kernel_, settings_.form); }
  [[nodiscard]] const char* reason() const { return reason_.c_str(); }
  [[nodiscard]] bool stopped() const { return stop_.load(); }
  [[nodiscard]] uint64_t schedule_digest() const { return schedule_digest_; }
  [[nodiscard]] uint64_t took_ns() const { return took_ns_; }

 private:
  [[nodiscard]] bool can_run();
  void await_highres() const;
  void pause(uint64_t us) const;
  void settle();
  void judge();

  const Case* test_ = nullptr;
  const Kernel* kernel_ = nullptr;
  Settings settings_ = {};
  Schedule schedule_{0, 0, 0, 0};
  uint64_t schedule_digest_ = 0;
  bool in_turn_ = false;
  Meeting meeting_;
  Counters counters_;
  Atomic<uint64_t> steps_{0};
  Histogram reader_wait_;
  Histogram writer_section_;
  Atomic<bool> stop_{false};
  Atomic<bool> failed_{false};
  Verdict failure_;
  Text<160> reason_;
  uint64_t took_ns_ = 0;
};

// The writer's section of one turn: from just after it went odd to just before it goes even.
class Window {
 public:
  Window(Run& run, const Turn& turn) : run_(run), opened_ns_(zlt_now_ns()), lead_ns_(turn.lead_ns) {}
  ~Window() { run_.writer_stayed(zlt_now_ns() - opened_ns_); }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // When the reader is wanted.
  [[nodiscard]] uint64_t due_ns() const { return opened_ns_ + lead_ns_; }
  // Stays until the invited reader is there, and hold_us longer. A reader that masked interrupts hold off cannot
  // come: then until it has been due for hold_us.
  void meet();

 private:
  void stay_until(uint64_t ns) const;

  Run& run_;
  uint64_t opened_ns_;
  uint64_t lead_ns_;
};

}  // namespace zlt
