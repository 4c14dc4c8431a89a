// SPDX-License-Identifier: GPL-2.0-only
//
// Waits for something a guest has to do, and notices when it never will: QEMU gone, machine down, or no progress
// although it had the CPU.
#pragma once

#include <functional>
#include <string>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "qemu/zlt/guest/liveness.h"
#include "qemu/zlt/io/host_times.h"

namespace zlt::run {

enum class WaitEnd {
  kDone,
  kStopped,   // the whole program was asked to stop
  kGone,      // QEMU ended
  kDown,      // the guest reset or powered off
  kPanicked,  // its console says so
  kNonsense,  // what it says cannot be believed: Conversation::broken() tells why
  kDead,      // no progress
  kTimeout,   // progress, but no end
};

struct WaitLimits {
  LivenessLimits liveness;
  Duration total;
};

struct WaitReport {
  WaitEnd end = WaitEnd::kDone;
  Duration silent{};        // since the last progress
  bool heartbeats = false;  // the guest's user space still answered while nothing moved
  HostTimes at_progress;    // of the host, when the guest last got on
};

// Serves the guest until done(). `on_tick` is called a few times a second, for whoever shows progress.
[[nodiscard]] WaitReport wait_until(Guest& guest, const Conversation& talk, const WaitLimits& limits,
                                    const std::function<bool()>& done, const std::function<void()>& on_tick);

}  // namespace zlt::run
