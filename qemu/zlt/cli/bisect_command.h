// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt bisect-run`: one step of `git bisect run`. Builds, runs a case, and says good, bad or cannot tell in the exit
// statuses that git takes (docs/hotplug.md).
#pragma once

#include <string>

#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

// git's words: 0 good, 1 to 124 bad, 125 skip, from 128 on stop bisecting.
inline constexpr int kBisectGood = 0;
inline constexpr int kBisectBad = 1;
inline constexpr int kBisectSkip = 125;
inline constexpr int kBisectStop = 128;

// `build`: a command for sh, run first; when it fails, nothing can be told. Empty: there is nothing to build.
[[nodiscard]] int bisect_command(RunOptions options, const std::string& build);

}  // namespace zlt::run
