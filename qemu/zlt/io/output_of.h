// SPDX-License-Identifier: GPL-2.0-only
//
// Runs a short command and takes its output, bounded in time and size.
#pragma once

#include <string>
#include <vector>

#include "qemu/zlt/io/clock.h"
#include "qemu/zlt/io/stop.h"
#include "userspace/base/result.h"

namespace zlt::run {

// stdout and stderr together. A failure holds the last line of it; it is ErrorKind::kRefused where the command ended
// with status 1, its "no", and kInterrupted where `stop` was requested, which ends the command.
[[nodiscard]] Result<std::string> output_of(const std::vector<std::string>& argv, Duration limit, const Stop& stop);
// Where nobody waits for it, or the program's own signals end it.
[[nodiscard]] Result<std::string> output_of(const std::vector<std::string>& argv, Duration limit);

// The last line that is not empty: what most programs end with when they fail.
[[nodiscard]] std::string last_line(const std::string& text);

}  // namespace zlt::run
