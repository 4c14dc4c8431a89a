// SPDX-License-Identifier: GPL-2.0-only
//
// hrtimers of the fake kernel. A hard one, and a soft one without RT, runs on the thread that takes the interrupt. A
// soft one on RT runs on a thread that belongs to its CPU and may block.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

namespace zlt::fake {

struct Timer {
  void (*function)(void*);
  void* argument;
  zlt_timer_mode mode = ZLT_TIMER_HARD;
  unsigned int cpu = 0;
  uint64_t due_ns = 0;
  const Context* runner = nullptr;  // where its callback is running
};

class Timers {
 public:
  explicit Timers(FakeKernel& kernel);
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  Timer* create(void (*function)(void*), void* argument);
  void start(Timer& timer, zlt_timer_mode mode, unsigned int cpu, uint64_t due_ns);
  // Cancels, waits for a running callback, and frees.
  void destroy(Timer* timer);
  // Runs what is due, in the caller's context.
  void expire(unsigned int cpu, zlt_timer_mode mode);

  [[nodiscard]] int alive() const { return alive_.load(); }

 private:
  std::atomic<uint64_t>& next_due(unsigned int cpu, zlt_timer_mode mode) { return next_due_[2 * cpu + mode]; }
  void note_next_due();
  Timer* take_due(unsigned int cpu, zlt_timer_mode mode);
  void call(Timer& timer);
  void serve(unsigned int cpu);  // the body of an RT timer thread

  FakeKernel& kernel_;
  std::atomic<int> alive_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool quit_ = false;
  std::vector<Timer*> queued_;
  std::vector<std::atomic<uint64_t>> next_due_;  // by CPU and mode: lets expire() pass without the mutex
  std::map<unsigned int, std::thread> servants_;
};

}  // namespace zlt::fake
