// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_timers.h"

#include <algorithm>
#include <chrono>
#include <new>

namespace zlt::fake {

Timers::Timers(FakeKernel& kernel) : kernel_(kernel), next_due_(size_t{2} * (kernel.driver_cpu() + 1)) {
  note_next_due();
}

Timers::~Timers() {
  {
    const std::lock_guard guard(mutex_);
    quit_ = true;
  }
  changed_.notify_all();
  for (auto& [cpu, servant] : servants_) servant.join();
}

Timer* Timers::create(void (*function)(void*), void* argument) {
  ++alive_;
  return new Timer{.function = function, .argument = argument};
}

void Timers::start(Timer& timer, zlt_timer_mode mode, unsigned int cpu, uint64_t due_ns) {
  if (!kernel_.config().timers_fire) return;
  const std::lock_guard guard(mutex_);
  std::erase(queued_, &timer);
  timer.mode = mode;
  timer.cpu = cpu;
  timer.due_ns = due_ns;
  queued_.push_back(&timer);
  note_next_due();
  if (!kernel_.config().rt || mode != ZLT_TIMER_SOFT) return;
  if (!servants_.contains(cpu)) servants_.emplace(cpu, std::thread([this, cpu] { serve(cpu); }));
  changed_.notify_all();
}

void Timers::destroy(Timer* timer) {
  for (;;) {
    {
      const std::lock_guard guard(mutex_);
      std::erase(queued_, timer);
      note_next_due();
      if (timer->runner == nullptr) break;
      if (timer->runner == &context()) die("a timer's callback waits for its own end");
    }
    relax();
  }
  delete timer;
  --alive_;
}

void Timers::expire(unsigned int cpu, zlt_timer_mode mode) {
  while (next_due(cpu, mode).load() <= kernel_.now_ns()) {
    Timer* timer = take_due(cpu, mode);
    if (timer == nullptr) return;
    call(*timer);
  }
}

void Timers::note_next_due() {
  for (auto& due : next_due_) due = UINT64_MAX;
  for (const Timer* timer : queued_) {
    auto& due = next_due(timer->cpu, timer->mode);
    due = std::min(due.load(), timer->due_ns);
  }
}

Timer* Timers::take_due(unsigned int cpu, zlt_timer_mode mode) {
  const std::lock_guard guard(mutex_);
  const uint64_t now_ns = kernel_.now_ns();
  const auto due = std::find_if(queued_.begin(), queued_.end(), [&](const Timer* timer) {
    return timer->cpu == cpu && timer->mode == mode && timer->due_ns <= now_ns;
  });
  if (due == queued_.end()) return nullptr;
  Timer* timer = *due;
  queued_.erase(due);
  note_next_due();
  timer->runner = &context();
  return timer;
}

void Timers::call(Timer& timer) {
  timer.function(timer.argument);
  const std::lock_guard guard(mutex_);
  timer.runner = nullptr;
}

void Timers::serve(unsigned int cpu) {
  const OnCpu on(cpu);
  context().softirq = true;
  std::unique_lock guard(mutex_);
  while (!quit_) {
    const uint64_t due_ns = next_due(cpu, ZLT_TIMER_SOFT).load();
    const uint64_t now_ns = kernel_.now_ns();
    if (due_ns <= now_ns) {
      guard.unlock();
      expire(cpu, ZLT_TIMER_SOFT);
      guard.lock();
    } else if (due_ns == UINT64_MAX) {
      changed_.wait(guard);
    } else {
      changed_.wait_for(guard, std::chrono::nanoseconds((due_ns - now_ns) / kernel_.config().time_scale + 1));
    }
  }
}

}  // namespace zlt::fake

using zlt::FakeKernel;
using zlt::fake::Timer;

namespace {

Timer*& timer_of(zlt_timer* timer) {
  return *std::launder(reinterpret_cast<Timer**>(timer->opaque));
}

}  // namespace

extern "C" {

void zlt_timer_init(zlt_timer* timer, zlt_timer_mode, void (*function)(void*), void* argument) {
  timer_of(timer) = FakeKernel::current().timers().create(function, argument);
}

void zlt_timer_start(zlt_timer* timer, zlt_timer_mode mode, uint64_t at_ns) {
  FakeKernel& kernel = FakeKernel::current();
  kernel.timers().start(*timer_of(timer), mode, zlt::fake::current_cpu(), at_ns);
  zlt::fake::deliver_interrupts();
}

void zlt_timer_destroy(zlt_timer* timer) {
  FakeKernel::current().timers().destroy(timer_of(timer));
  timer_of(timer) = nullptr;
}
}
