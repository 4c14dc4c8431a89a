// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/wait.h"

#include <algorithm>

#include "qemu/zlt/guest/sched_stat.h"

namespace zlt::run {
namespace {

constexpr auto kTick = std::chrono::milliseconds(50);
constexpr auto kCatchUpWithin = std::chrono::milliseconds(500);
constexpr auto kHeartbeatsWithin = std::chrono::milliseconds(500);

// What counts as a new thing done by the guest.
struct Progress {
  std::uint64_t news;
  std::uint64_t console;
  friend bool operator==(const Progress&, const Progress&) = default;
};

}  // namespace

WaitReport wait_until(Guest& guest, const Conversation& talk, const WaitLimits& limits,
                      const std::function<bool()>& done, const std::function<void()>& on_tick) {
  const TimePoint begin = Clock::now();
  Liveness life(limits.liveness, begin);
  const auto progress_now = [&] { return Progress{talk.news(), guest.console().bytes()}; };
  Progress last = progress_now();
  // User space, by its heartbeats: as little of it is to be heard while the host lets nobody run.
  Liveness beats(limits.liveness, begin);
  std::uint64_t events = talk.events();
  ThreadTimes threads = read_thread_times(guest.pid());
  TimePoint threads_at = Clock::now();
  ThreadTimes threads_then = threads;  // at the last progress
  HostTimes host_then = read_host_times();

  const auto ended = [&] {
    return done() || talk.broken() || guest.gone() || guest.shutdown() || guest.console().splats().panicked();
  };
  const auto report = [&](WaitEnd end) {
    return WaitReport{end, life.silent_for(Clock::now()), beats.silent_on_cpu() < kHeartbeatsWithin, host_then};
  };
  for (;;) {
    const TimePoint tick = std::min(Clock::now() + kTick, begin + limits.total);
    const Pump::Wait waited = guest.pump().run_until(ended, tick);
    if (waited == Pump::Wait::kDone) {
      // The ports are read one by one: what was said before this, on another, may still be on its way.
      guest.pump().catch_up(Clock::now() + kCatchUpWithin);
    }
    const TimePoint now = Clock::now();
    if (done() && !talk.broken()) {
      return report(WaitEnd::kDone);
    }
    if (waited == Pump::Wait::kStopped) {
      return report(WaitEnd::kStopped);
    }
    if (guest.console().splats().panicked()) {
      return report(WaitEnd::kPanicked);
    }
    if (guest.shutdown()) {
      return report(WaitEnd::kDown);
    }
    if (guest.gone()) {
      return report(WaitEnd::kGone);
    }
    if (talk.broken()) {
      return report(WaitEnd::kNonsense);
    }
    const ThreadTimes before = std::exchange(threads, read_thread_times(guest.pid()));
    const TimePoint before_at = std::exchange(threads_at, now);
    const Duration held_up = longest_wait(before, threads, now - before_at);
    life.sample(now, held_up);
    beats.sample(now, held_up);
    if (talk.events() != events) {
      events = talk.events();
      beats.progress(now);
    }
    if (const Progress present = progress_now(); present != last) {
      last = present;
      life.progress(now);
      threads_then = threads;
      host_then = read_host_times();
    }
    if (life.dead() && !starved(threads_then, threads, life.silent_for(now), limits.liveness.on_cpu)) {
      return report(WaitEnd::kDead);
    }
    if (now >= begin + limits.total) {
      return report(WaitEnd::kTimeout);
    }
    on_tick();
  }
}

}  // namespace zlt::run
