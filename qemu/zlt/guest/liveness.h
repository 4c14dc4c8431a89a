// SPDX-License-Identifier: GPL-2.0-only
//
// Dead or only slow? Judged by progress, not by a time-out: a guest is dead when it has shown no progress although it
// had the CPU. Silence counts only while the host let the guest's threads run; a loaded machine stretches it. Pure
// logic: the caller says what time it is and what the scheduler did.
#pragma once

#include "qemu/zlt/io/clock.h"

namespace zlt::run {

struct LivenessLimits {
  Duration silence = std::chrono::milliseconds(1500);      // of wall clock without progress, and
  Duration on_cpu = std::chrono::milliseconds(1000);       // so much of it with the CPU at hand: both, to call it dead
  Duration longest_step = std::chrono::milliseconds(100);  // we were held up ourselves beyond this: does not count
};

class Liveness {
 public:
  Liveness(LivenessLimits limits, TimePoint now) : limits_(limits), last_progress_(now), last_sample_(now) {}

  // The guest did something new.
  void progress(TimePoint now) {
    last_progress_ = now;
    counted_ = {};
    wall_ = {};
  }

  // To be called often. `held_up`: how long the guest waited for a CPU since the last call.
  void sample(TimePoint now, Duration held_up) {
    const Duration step = now - last_sample_;
    last_sample_ = now;
    // If we could not run, neither could what we would have seen.
    const Duration seen = step < limits_.longest_step ? step : limits_.longest_step;
    wall_ += seen;
    counted_ += seen > held_up ? seen - held_up : Duration::zero();
  }

  [[nodiscard]] bool dead() const { return wall_ >= limits_.silence && counted_ >= limits_.on_cpu; }
  // Silence since the last progress, as far as the guest had the CPU at hand.
  [[nodiscard]] Duration silent_on_cpu() const { return counted_; }
  // Wall clock since the last progress.
  [[nodiscard]] Duration silent_for(TimePoint now) const { return now - last_progress_; }

 private:
  LivenessLimits limits_;
  TimePoint last_progress_;
  TimePoint last_sample_;
  Duration wall_{};     // silence as far as we watched it
  Duration counted_{};  // of it, with the CPU at hand
};

}  // namespace zlt::run
