// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt run`: signals, the results folder, the table, the exit status.
#pragma once

#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

// Errors have been printed. SIGINT, SIGTERM and SIGHUP end every guest, leave nothing behind and give kFailure.
[[nodiscard]] Exit run_command(RunOptions options);

}  // namespace zlt::run
