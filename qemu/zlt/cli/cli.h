// SPDX-License-Identifier: GPL-2.0-only
//
// The words of zlt's command line. Returns the exit status: of `Exit`, but for `bisect-run`.
#pragma once

#include "userspace/base/result.h"

namespace zlt::run {

[[nodiscard]] int command_line_main(int argc, char** argv);

// One line to stderr; the exit status that goes with it.
[[nodiscard]] Exit complain(const Error& error);

}  // namespace zlt::run
