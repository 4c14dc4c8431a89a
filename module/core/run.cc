// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/run.h"

namespace zlt {

using abi::Param;

namespace {

// High-resolution mode starts shortly after boot; before it, hrtimers expire from the periodic tick.
constexpr uint64_t kHighresLimitNs = 1'000'000'000;

// A pause lasts up to a second; `stop` does not.
constexpr uint64_t kPauseSliceUs = 10'000;

}  // namespace

void Run::prepare(const Case& test, const Settings& settings, const Kernel& kernel) {
  test_ = &test;
  kernel_ = &kernel;
  settings_ = settings;
  schedule_ = Schedule(settings.get(Param::kSeed), settings.get(Param::kLoops), settings.get(Param::kPeriodUs),
                       settings.get(Param::kHoldUs));
  schedule_digest_ = schedule_.digest();
  in_turn_ = false;
  measured_.reset();
  steps_.store(0);
  seen_.store(0);
  stop_.store(false);
  ended_.store(false);
  reason_.clear();
  took_ns_ = 0;
}

void Run::execute() {
  const uint64_t began_ns = zlt_now_ns();
  if (const Lack missing = find_lack(test_->needs, *kernel_, settings_)) {
    lack(missing.sentence, missing.error);
  } else {
    await_highres();
    settings_.form == Form::kBounded ? test_->bounded(*this) : test_->faithful(*this);
    check_soundness();
  }
  took_ns_ = zlt_now_ns() - began_ns;
}

void Run::await_highres() const {
  const uint64_t limit_ns = zlt_now_ns() + kHighresLimitNs;
  while (!zlt_highres_timers() && zlt_now_ns() < limit_ns && !stopping()) zlt_sleep_us(1000);
}

bool Run::next(Turn& turn) {
  if (in_turn_) count(kTurns);
  in_turn_ = false;
  if (schedule_.done() || stopping()) return false;
  turn = schedule_.next();
  pause(turn.pause_us);
  in_turn_ = true;
  return true;
}

void Run::pause(uint64_t us) const {
  while (us > 0 && !stopping()) {
    const uint64_t slice_us = us < kPauseSliceUs ? us : kPauseSliceUs;
    zlt_sleep_us(static_cast<unsigned int>(slice_us));
    us -= slice_us;
  }
}

void Run::end(Outcome outcome, const char* what, int error) {
  if (ended_.exchange(true)) return;  // what follows from the first failure is no news
  observe(outcome);
  reason_.clear();
  reason_.append(error != 0 ? "%s (error %d)" : "%s", what, error);
}

void Run::corrupt(const char* what) {
  observe(Outcome::kCorruption);
  end(Outcome::kCorruption, what, 0);
}

void Run::check_soundness() {
  if (stopping()) return;
  if (counted(kTurns) != settings_.get(Param::kLoops)) return fail("the case ended before its last turn");
  if (test_->unsound == nullptr) return;
  const char* what = test_->unsound(*this);
  if (what != nullptr) fail(what);
}

}  // namespace zlt
