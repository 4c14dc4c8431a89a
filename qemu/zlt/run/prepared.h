// SPDX-License-Identifier: GPL-2.0-only
//
// A flavour whose kernel, module and initramfs are there: all that its guests, on whatever machine, have in common.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/zlt/forensics/symbols.h"
#include "qemu/zlt/guest/command_line.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/kernel.h"
#include "qemu/zlt/kernel/make_kernel.h"
#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/run/options.h"
#include "qemu/zlt/run/planned_case.h"

namespace zlt::run {

struct Prepared {
  Flavour flavour;
  Kernel kernel;
  std::string module;  // all of zltorture.ko
  std::string initramfs_digest;
  Machine machine;  // the plain one; the accelerator is chosen later
  Symbols symbols;  // of the kernel

  [[nodiscard]] KernelOptions kernel_options() const;
};

// From the cache, or made.
[[nodiscard]] Result<Prepared> prepare(const Flavour& flavour, const RunOptions& options, const Paths& paths,
                                       const Stop& stop, const MakeVoice& voice);

}  // namespace zlt::run
