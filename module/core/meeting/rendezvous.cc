// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/meeting/rendezvous.h"

namespace zlt {

bool Rendezvous::next(Turn& turn) {
  if (in_turn_) settle();
  in_turn_ = run_.next(turn);
  if (in_turn_) meeting_.reset();
  return in_turn_;
}

void Rendezvous::settle() {
  const uint64_t limit_ns = zlt_now_ns() + kArrivalLimitNs;
  while (meeting_.stage() != Meeting::Stage::kLeft) {
    if (run_.stopping()) return run_.abandon_turn();
    if (zlt_now_ns() > limit_ns) {
      run_.abandon_turn();
      return run_.fail("the reader did not come back");
    }
    zlt_sleep_us(20);
  }
  if (meeting_.met_odd()) {
    run_.count(kMetOdd);
  } else {
    run_.count(meeting_.met_masked() ? kMetMasked : kMissed);
  }
}

Rendezvous::~Rendezvous() {
  const auto turns = static_cast<unsigned long long>(run_.counted(kTurns));
  const auto gave_up = static_cast<unsigned long long>(run_.counted(kGaveUp));
  const auto missed = static_cast<unsigned long long>(run_.counted(kMissed));
  if (gave_up > 0) {
    run_.conclude("the reader gave up in %llu of %llu turns: the writer could not go on", gave_up, turns);
  } else if (turns > 0 && missed == turns && !run_.stopped()) {
    run_.fail("the reader never met the odd window: nothing was tested");
  } else {
    run_.conclude("%llu of %llu turns met the odd window, every reader got through", turns - missed, turns);
  }
}

const char* unsound_meetings(const Run& run) {
  const uint64_t turns = run.counted(kTurns);
  if (run.counted(kMetOdd) + run.counted(kMetMasked) + run.counted(kMissed) != turns) {
    return "met, masked and missed meetings do not add up to the turns";
  }
  if (run.counted(kReads) + run.counted(kGaveUp) != turns) {
    return "readers that got through and readers that gave up do not add up to the turns";
  }
  return nullptr;
}

void Window::stay_until(uint64_t ns) const {
  while (zlt_now_ns() < ns && !rendezvous_.run().stopping()) zlt_relax();
}

void Window::meet() {
  Run& run = rendezvous_.run();
  Meeting& meeting = rendezvous_.meeting();
  const uint64_t hold_ns = run.settings().get(abi::Param::kHoldUs) * 1000;
  if (meeting.by() == Meeting::By::kInterrupt && zlt_irqs_disabled()) {
    stay_until(meeting.due_ns() + hold_ns);
    meeting.note_masked();
    return;
  }
  const uint64_t limit_ns = zlt_now_ns() + (zlt_preemptible() ? kArrivalLimitNs : kStubbornArrivalLimitNs);
  while (meeting.stage() < Meeting::Stage::kArrived && zlt_now_ns() < limit_ns && !run.stopping()) zlt_relax();
  stay_until(zlt_now_ns() + hold_ns);
}

}  // namespace zlt
