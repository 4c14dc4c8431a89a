// SPDX-License-Identifier: GPL-2.0-only
//
// Who reads: an hrtimer on the writer's CPU, or a thread on another one. Both live on the stack of a case's body and
// are gone, cancelled or joined, when it returns.
#pragma once

#include "module/core/meeting/reading.h"

namespace zlt {

// An hrtimer pinned to the writer's CPU, due inside the writer's section.
template <typename Patience>
class TimerReader {
 public:
  TimerReader(Run& run, const SeqLock& seq, zlt_timer_mode mode) : reading_{run, seq, nullptr}, mode_(mode) {
    zlt_timer_init(&timer_, mode, expired, this);
  }
  ~TimerReader() { zlt_timer_destroy(&timer_); }
  TimerReader(const TimerReader&) = delete;
  TimerReader& operator=(const TimerReader&) = delete;

  void invite(const Window& window) {
    reading_.run.meeting().invite(Meeting::By::kInterrupt, window.due_ns());
    zlt_timer_start(&timer_, mode_, window.due_ns());
  }

 private:
  static void expired(void* self) { visit<Patience>(static_cast<TimerReader*>(self)->reading_); }

  Reading reading_;
  zlt_timer_mode mode_;
  zlt_timer timer_ = {};
};

// How long a thread reader holds what it holds while the writer has not invited it.
inline constexpr uint64_t kHoldAtMostNs = 500'000;

struct HoldsNothing {
  Empty operator()() const { return {}; }
};

// A thread on reader_cpu. `Hold` is called before each meeting and returns the guard of what the reader holds while
// it reads: the port lock, for a feeder.
template <typename Patience, typename Hold = HoldsNothing>
class ThreadReader {
 public:
  // `writer_waits`: see Reading; without it the writer never waits for this reader.
  ThreadReader(Run& run, const SeqLock& seq, Hold hold = {}, const Atomic<bool>* writer_waits = nullptr)
      : reading_{run, seq, writer_waits != nullptr ? writer_waits : &never_}, hold_(hold) {
    const auto cpu = static_cast<unsigned int>(run.settings().get(abi::Param::kReaderCpu));
    const int error = zlt_thread_start(&thread_, "reader", cpu, main, this);
    if (error != 0) run.fail(Outcome::kInfra, "cannot start the reader's thread", error);
  }
  ~ThreadReader() {
    quit_.store(true);
    if (thread_ != nullptr) zlt_thread_join(thread_);
  }
  ThreadReader(const ThreadReader&) = delete;
  ThreadReader& operator=(const ThreadReader&) = delete;

  // Returns once the reader holds what it has to hold and waits for its invitation. Task context.
  void get_ready() {
    Run& run = reading_.run;
    const uint64_t limit_ns = zlt_now_ns() + kArrivalLimitNs;
    run.meeting().ask();
    while (run.meeting().stage() != Meeting::Stage::kReady && !run.stopping()) {
      if (zlt_now_ns() > limit_ns) return run.fail(Outcome::kInfra, "the reader's thread does not get ready");
      zlt_sleep_us(20);
    }
  }
  void invite(const Window& window) { reading_.run.meeting().invite(Meeting::By::kThread, window.due_ns()); }

 private:
  static void main(void* self) { static_cast<ThreadReader*>(self)->serve(); }

  void serve() {
    while (!quit_.load()) {
      if (reading_.run.meeting().stage() == Meeting::Stage::kAsked) {
        attend();
      } else {
        zlt_sleep_us(20);
      }
    }
  }

  // Holds, waits for the invitation, reads. Until the writer has invited it, it lets go now and then and holds again:
  // for whoever wants what it holds (a line of somebody else's, on the port console), and for cross-calls, which a
  // holder with interrupts off does not answer: whoever makes one on the writer's CPU keeps the writer from running.
  void attend() {
    Meeting& meeting = reading_.run.meeting();
    while (!quit_.load() && !reading_.run.stopping()) {
      [[maybe_unused]] const auto held = hold_();
      meeting.ready();
      if (!await_invitation()) continue;
      while (zlt_now_ns() < meeting.due_ns()) zlt_relax();
      return visit<Patience>(reading_);
    }
  }

  bool await_invitation() {
    const uint64_t limit_ns = zlt_now_ns() + kHoldAtMostNs;
    while (reading_.run.meeting().stage() != Meeting::Stage::kInvited) {
      const bool let_go = quit_.load() || reading_.run.stopping() || reading_.writer_waits->load();
      if (let_go || zlt_now_ns() > limit_ns) return false;
      zlt_relax();
    }
    return true;
  }

  const Atomic<bool> never_{false};
  Reading reading_;
  Hold hold_;
  Atomic<bool> quit_{false};
  zlt_thread* thread_ = nullptr;
};

}  // namespace zlt
