// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt run`: signals, the results folder, the table, the exit status.
#pragma once

#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

struct RunEnd {
  Exit exit = Exit::kFailure;
  bool interrupted = false;
};

// Errors have been printed. SIGINT, SIGTERM and SIGHUP end every guest, leave nothing behind and give kFailure.
[[nodiscard]] RunEnd run_command(RunOptions options);

// What is wrong with what was asked for, as far as it shows before anything is fetched, built or booted.
[[nodiscard]] Status check_run(const RunOptions& options);

}  // namespace zlt::run
