// SPDX-License-Identifier: GPL-2.0-only
//
// What a person asked for against what there is, before anything is fetched, built or booted.
#pragma once

#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

// Cases and plans of the options, and the cases that the wanted plans run meanwhile. Where the build left no list of
// the module's cases, what only a guest can know stays open, and is asked of the guest.
[[nodiscard]] Status check_cases(const RunOptions& options, const Paths& paths);

}  // namespace zlt::run
