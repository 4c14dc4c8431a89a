// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/patient_wait.h"

namespace zlt::run {
namespace {

constexpr auto kHeartbeatWithin = std::chrono::seconds(4);  // it comes once a second, on a host that has time

}  // namespace

Ended PatientWait::until(const WaitLimits& limits, const std::function<bool()>& done,
                         const std::function<void()>& on_tick) {
  const TimePoint deadline = Clock::now() + limits.total;
  for (;;) {
    Ended out{wait_until(guest_, talk_, {limits.liveness, deadline - Clock::now()}, done, on_tick), {}, {}};
    if (out.wait.end != WaitEnd::kDead) {
      return out;
    }
    switch (look(out)) {
      case Look::kWentOn:
      case Look::kWaits:
        break;
      case Look::kStopped:
        out.wait.end = WaitEnd::kStopped;
        return out;
      case Look::kHangs:
      case Look::kUnseen:
        return out;
    }
  }
}

PatientWait::Look PatientWait::look(Ended& ended) {
  const std::uint64_t news = talk_.news();
  const std::uint64_t printed = guest_.console().bytes();
  // Waited for once more, a guest has been silent for longer than the last wait knows.
  if (news + printed != quiet_mark_) {
    quiet_mark_ = news + printed;
    quiet_since_ = Clock::now() - ended.wait.silent;
  }
  ended.wait.silent = Clock::now() - quiet_since_;
  Result<Samples> samples = take_samples(guest_);
  if (guest_.stop_requested()) {
    return Look::kStopped;
  }
  if (!samples) {
    ended.unseen = samples.error().what;
    return Look::kUnseen;
  }
  if (talk_.news() != news || guest_.console().bytes() != printed) {
    return Look::kWentOn;
  }
  static const Symbols none;
  HangFinding finding = judge_hang(samples->positions, symbols_ != nullptr ? *symbols_ : none);
  ended.hang = Hang{std::move(finding), std::move(*samples)};
  return may_wait(ended) ? Look::kWaits : Look::kHangs;
}

bool PatientWait::may_wait(const Ended& ended) {
  if (!ended.hang->finding.idle) {
    return false;
  }
  guest_.console().splats().finish();
  const bool complained = !guest_.console().splats().splats().empty();
  const Duration patience = complained ? patience_.after_report : patience_.idle;
  return Clock::now() - quiet_since_ < patience && heard_anew();
}

// User space, once more after the look: its last heartbeat may be from before whatever has stopped it.
bool PatientWait::heard_anew() {
  const std::uint64_t heard = talk_.events();
  return guest_.pump().run_until([&] { return talk_.events() > heard || guest_.gone(); },
                                 Clock::now() + kHeartbeatWithin) == Pump::Wait::kDone;
}

}  // namespace zlt::run
