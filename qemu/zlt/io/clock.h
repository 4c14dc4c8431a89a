// SPDX-License-Identifier: GPL-2.0-only
//
// The clock every wait here is measured by: monotonic, never set back.
#pragma once

#include <chrono>

namespace zlt::run {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

[[nodiscard]] inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
[[nodiscard]] inline Duration from_seconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

}  // namespace zlt::run
