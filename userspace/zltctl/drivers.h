// SPDX-License-Identifier: GPL-2.0-only
//
// Drivers that a kernel has as modules and that a guest's devices need: those of virtio, on Debian's kernels.
#pragma once

#include <string>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/loader.h"

namespace zlt::ctl {

// Where the machine has a virtio device, loads every file of `folder`, in the order of their names. A folder that is
// not there is one without files: the drivers are built in, or the kernel has none.
[[nodiscard]] Status load_drivers(const Environment& environment, FileLoader& loader, const std::string& folder);

}  // namespace zlt::ctl
