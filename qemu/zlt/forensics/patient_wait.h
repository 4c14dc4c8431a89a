// SPDX-License-Identifier: GPL-2.0-only
//
// The one judge of a silent guest, for a module's case and a plan's steps alike: has it hung, or does it only take its
// time? A guest that went on while it was looked at is alive. One whose vCPUs are all idle, whose user space is heard
// and whose kernel has not complained may be waiting for something slow, such as a grace period of RCU tasks on a
// loaded host: the caller says for how long that is believed.
#pragma once

#include <optional>
#include <string>

#include "qemu/zlt/forensics/samples.h"
#include "qemu/zlt/forensics/symbols.h"
#include "qemu/zlt/guest/wait.h"

namespace zlt::run {

// How long an idle guest that is heard may be silent.
struct Patience {
  Duration idle;
  Duration after_report;  // and when its kernel has complained
};

// A silent guest that was found to hang.
struct Hang {
  HangFinding finding;
  Samples samples;
};

struct Ended {
  WaitReport wait;  // kDead comes with `hang`, or with `unseen`
  std::optional<Hang> hang;
  std::optional<std::string> unseen;  // why its vCPUs could not be looked at
};

class PatientWait {
 public:
  // `symbols` may be null: positions are addresses then.
  PatientWait(Guest& guest, const Conversation& talk, const Symbols* symbols, Patience patience)
      : guest_(guest), talk_(talk), symbols_(symbols), patience_(patience) {}

  // As wait_until(), but a guest that only waits is waited for, until limits.total is over.
  [[nodiscard]] Ended until(const WaitLimits& limits, const std::function<bool()>& done,
                            const std::function<void()>& on_tick);

 private:
  enum class Look { kWentOn, kWaits, kHangs, kUnseen, kStopped };
  [[nodiscard]] Look look(Ended& ended);
  [[nodiscard]] bool may_wait(const Ended& ended);
  [[nodiscard]] bool heard_anew();

  Guest& guest_;
  const Conversation& talk_;
  const Symbols* symbols_;
  Patience patience_;
  std::uint64_t quiet_mark_ = 0;  // news and console bytes when the present silence began
  TimePoint quiet_since_;
};

}  // namespace zlt::run
