// SPDX-License-Identifier: GPL-2.0-only
//
// What consoles, collectors and tools are known to put in front of a message: the head start. What is not known is
// learned from the report itself (shape.h).
#pragma once

#include <cstddef>
#include <string_view>

#include "userspace/splat/line.h"

namespace zlt::splat {

struct Prefix {
  size_t length = 0;
  bool kernel = false;  // the kernel printed it: a stamp, or a collector that says so
};

// Everything in front of the message, at the start of `text`.
[[nodiscard]] Prefix prefix_of(std::string_view text, Source& source);

// "2024-06-10T12:34:56.123Z ", "[12:34:56] ": the clock of a tool that says nothing about who printed the line.
[[nodiscard]] size_t clock_length(std::string_view text);

// Whether `text` is only a collector's or a tool's own clock.
[[nodiscard]] bool is_clock(std::string_view text);

// The rest of a stamp whose beginning was not selected: "40000] ", "12.540000][   T77] ".
[[nodiscard]] size_t rest_of_stamp(std::string_view text);

// Logcat's long form gives each message a line of its own that says who and when.
[[nodiscard]] bool is_heading(std::string_view text);

}  // namespace zlt::splat
