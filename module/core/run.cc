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
  meeting_.reset();
  counters_.reset();
  steps_.store(0);
  reader_wait_.reset();
  writer_section_.reset();
  stop_.store(false);
  failed_.store(false);
  failure_ = kClean;
  reason_.clear();
  took_ns_ = 0;
}

void Run::execute() {
  const uint64_t began_ns = zlt_now_ns();
  if (can_run()) {
    await_highres();
    settings_.form == Form::kBounded ? test_->bounded(*this) : test_->faithful(*this);
    judge();
  }
  took_ns_ = zlt_now_ns() - began_ns;
}

bool Run::can_run() {
  if ((test_->needs & kTwoCpus) != 0 && settings_.get(Param::kWriterCpu) == settings_.get(Param::kReaderCpu)) {
    fail(Outcome::kUnsupported, "needs reader_cpu and writer_cpu to be two online CPUs");
    return false;
  }
  if ((test_->needs & kZonelistReaders) != 0 && !(kernel_->hot_remove && kernel_->kprobes)) {
    fail(Outcome::kUnsupported,
         "needs CONFIG_MEMORY_HOTREMOVE, for readers of zonelist_update_seq, and CONFIG_KPROBES");
    return false;
  }
  if ((test_->needs & kPrintkDeferral) != 0) {
    const int error = zlt_printk_deferred_find();
    if (error != 0) fail(Outcome::kUnsupported, "a kprobe cannot find printk_deferred_enter", error);
    return error == 0;
  }
  return true;
}

void Run::await_highres() const {
  const uint64_t limit_ns = zlt_now_ns() + kHighresLimitNs;
  while (!zlt_highres_timers() && zlt_now_ns() < limit_ns && !stopping()) zlt_sleep_us(1000);
}

bool Run::next(Turn& turn) {
  if (in_turn_) settle();
  in_turn_ = false;
  if (schedule_.done() || stopping()) return false;
  turn = schedule_.next();
  pause(turn.pause_us);
  meeting_.reset();
  in_turn_ = true;
  return true;
}

bool Run::next_alone(Turn& turn) {
  if (in_turn_) count(Counter::kTurns);
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

void Run::settle() {
  const uint64_t limit_ns = zlt_now_ns() + kArrivalLimitNs;
  while (meeting_.stage() != Meeting::Stage::kLeft) {
    if (stopping()) return;
    if (zlt_now_ns() > limit_ns) return fail(Outcome::kInfra, "the reader did not come back");
    zlt_sleep_us(20);
  }
  count(Counter::kTurns);
  if (meeting_.met_odd()) {
    count(Counter::kMetOdd);
  } else {
    count(meeting_.met_masked() ? Counter::kMetMasked : Counter::kMissed);
  }
}

void Run::fail(Outcome outcome, const char* what, int error) {
  if (failed_.exchange(true)) return;
  failure_ = outcome;
  reason_.clear();
  reason_.append(error != 0 ? "%s (error %d)" : "%s", what, error);
}

void Run::corrupt(const char* what) {
  fail(Outcome::kCorruption, what);
}

void Run::judge() {
  if (failed_.load() || !reason_.empty()) return;
  const auto turns = static_cast<unsigned long long>(counters_.get(Counter::kTurns));
  const auto gave_up = static_cast<unsigned long long>(counters_.get(Counter::kGaveUp));
  const auto missed = static_cast<unsigned long long>(counters_.get(Counter::kMissed));
  if (gave_up > 0) {
    reason_.append("the reader gave up in %llu of %llu turns: the writer could not go on", gave_up, turns);
  } else if (turns > 0 && missed == turns && !stopped()) {
    fail(Outcome::kInfra, "the reader never met the odd window: nothing was tested");
  } else {
    reason_.append("%llu of %llu turns met the odd window, every reader got through", turns - missed, turns);
  }
}

Verdict Run::verdict() const {
  Verdict seen = failure_;
  if (counters_.get(Counter::kGaveUp) > 0) seen |= Outcome::kLivelock;
  return seen;
}

void Window::stay_until(uint64_t ns) const {
  while (zlt_now_ns() < ns && !run_.stopping()) zlt_relax();
}

void Window::meet() {
  Meeting& meeting = run_.meeting();
  const uint64_t hold_ns = run_.settings().get(Param::kHoldUs) * 1000;
  if (meeting.by() == Meeting::By::kInterrupt && zlt_irqs_disabled()) {
    stay_until(meeting.due_ns() + hold_ns);
    meeting.note_masked();
    return;
  }
  const uint64_t limit_ns = zlt_now_ns() + (zlt_preemptible() ? kArrivalLimitNs : kStubbornArrivalLimitNs);
  while (meeting.stage() < Meeting::Stage::kArrived && zlt_now_ns() < limit_ns && !run_.stopping()) zlt_relax();
  stay_until(zlt_now_ns() + hold_ns);
}

}  // namespace zlt
