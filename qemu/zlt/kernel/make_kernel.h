// SPDX-License-Identifier: GPL-2.0-only
//
// Gets what a flavour needs and is not there: the kernel through scripts/fetch-kernel or scripts/build-kernel, the
// module through scripts/build-module. The scripts do the work; here is the waiting, and their last word.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "qemu/zlt/io/stop.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/kernel.h"
#include "qemu/zlt/kernel/paths.h"
#include "userspace/base/result.h"

namespace zlt::run {

// A line of a script's output, as it comes.
using OnLine = std::function<void(const std::string& line)>;

struct MakeVoice {
  OnLine note;  // what goes on; the next one takes its place
  OnLine say;   // a line that stays: something was damaged, and is made again
};

// Runs a script of ours to its end and returns the last line of its stdout and stderr. Ends it when `stop` is
// requested.
[[nodiscard]] Result<std::string> run_script(const std::vector<std::string>& argv, const Stop& stop,
                                             const OnLine& on_line);

// From the cache, or made now. What is in the cache is asked of scripts/kernel-path, as `make run` does: a kernel that
// is older than what its flavour's file, source and compiler call for does not count, nor one that is not what it was.
[[nodiscard]] Result<Kernel> need_kernel(const Paths& paths, const Flavour& flavour, const Stop& stop,
                                         const MakeVoice& voice);
// From the cache alone. ErrorKind::kRefused: it is not there; any other: nobody could look.
[[nodiscard]] Result<Kernel> cached_kernel(const Paths& paths, const Flavour& flavour, const Stop& stop);
// Whether need_kernel() would be quick.
[[nodiscard]] bool kernel_is_cached(const Paths& paths, const Flavour& flavour, const Stop& stop);

// The module for that kernel, up to date with the sources where there are any. All of it, for the file may be replaced
// at any time by that of another zlt.
[[nodiscard]] Result<std::string> need_module(const Paths& paths, const Kernel& kernel, const Stop& stop,
                                              const MakeVoice& voice);

}  // namespace zlt::run
