// SPDX-License-Identifier: GPL-2.0-only
//
// The readers that a writer can meet: an hrtimer on the writer's CPU, or a thread on another CPU. Either lives on
// the stack of a case's body, and is cancelled or joined before the body returns.
#pragma once

#include "module/core/meeting/reading.h"
#include "module/core/worker.h"

namespace zlt {

// An hrtimer pinned to the writer's CPU, due inside the writer's section.
template <typename Patience>
class TimerReader {
 public:
  TimerReader(Rendezvous& rendezvous, const SeqLock& seq, zlt_timer_mode mode)
      : reading_{rendezvous.run(), seq, nullptr}, meeting_(rendezvous.meeting()), mode_(mode) {
    zlt_timer_init(&timer_, mode, expired, this);
  }
  ~TimerReader() { zlt_timer_destroy(&timer_); }
  TimerReader(const TimerReader&) = delete;
  TimerReader& operator=(const TimerReader&) = delete;

  void invite(const Window& window) {
    meeting_.invite(Meeting::By::kInterrupt, window.due_ns());
    zlt_timer_start(&timer_, mode_, window.due_ns());
  }

 private:
  static void expired(void* argument) {
    auto& self = *static_cast<TimerReader*>(argument);
    visit<Patience>(self.reading_, self.meeting_);
  }

  Reading reading_;
  Meeting& meeting_;
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
  ThreadReader(Rendezvous& rendezvous, const SeqLock& seq, Hold hold = {}, const Atomic<bool>* writer_waits = nullptr)
      : reading_{rendezvous.run(), seq, writer_waits != nullptr ? writer_waits : &never_},
        meeting_(rendezvous.meeting()),
        hold_(hold),
        worker_(rendezvous.run(), "reader", rendezvous.run().reader_cpu(), main, this,
                "cannot start the reader's thread") {}
  ThreadReader(const ThreadReader&) = delete;
  ThreadReader& operator=(const ThreadReader&) = delete;
  ~ThreadReader() = default;

  // Returns once the reader holds what it has to hold and waits for its invitation. Task context.
  void get_ready() {
    Run& run = reading_.run;
    const uint64_t limit_ns = zlt_now_ns() + kArrivalLimitNs;
    meeting_.ask();
    while (meeting_.stage() != Meeting::Stage::kReady && !run.stopping()) {
      if (zlt_now_ns() > limit_ns) return run.fail("the reader's thread does not get ready");
      zlt_sleep_us(20);
    }
  }
  void invite(const Window& window) { meeting_.invite(Meeting::By::kThread, window.due_ns()); }

 private:
  static void main(void* self) { static_cast<ThreadReader*>(self)->serve(); }

  void serve() {
    while (!worker_.quitting()) {
      if (meeting_.stage() == Meeting::Stage::kAsked) {
        attend();
      } else {
        zlt_sleep_us(20);
      }
    }
  }

  // Holds, waits for the invitation, and reads. Until the writer has invited it, it lets go now and then and holds
  // again. Somebody else may want what it holds, to print a line on the port's console; and with interrupts off it does
  // not answer cross-calls, so that whoever makes one on the writer's CPU would keep the writer from running.
  void attend() {
    while (!worker_.quitting() && !reading_.run.stopping()) {
      [[maybe_unused]] const auto held = hold_();
      meeting_.ready();
      if (!await_invitation()) continue;
      while (zlt_now_ns() < meeting_.due_ns()) zlt_relax();
      return visit<Patience>(reading_, meeting_);
    }
  }

  bool await_invitation() {
    const uint64_t limit_ns = zlt_now_ns() + kHoldAtMostNs;
    while (meeting_.stage() != Meeting::Stage::kInvited) {
      const bool let_go = worker_.quitting() || reading_.run.stopping() || reading_.writer_waits->load();
      if (let_go || zlt_now_ns() > limit_ns) return false;
      zlt_relax();
    }
    return true;
  }

  const Atomic<bool> never_{false};
  Reading reading_;
  Meeting& meeting_;
  Hold hold_;
  Worker worker_;
};

}  // namespace zlt
