// SPDX-License-Identifier: GPL-2.0-only
//
// Runs a short command and takes its output, bounded in time and size.
#pragma once

#include <string>
#include <vector>

#include "qemu/zlt/io/clock.h"
#include "userspace/base/result.h"

namespace zlt::run {

// stdout and stderr together. A failure holds the last line of it.
[[nodiscard]] Result<std::string> output_of(const std::vector<std::string>& argv, Duration limit);

// The last line that is not empty: what most programs end with when they fail.
[[nodiscard]] std::string last_line(const std::string& text);

}  // namespace zlt::run
