// SPDX-License-Identifier: GPL-2.0-only
//
// Memory blocks brought on- and offline through sysfs, and what becomes of new ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/protocol/command.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/numa.h"

namespace zlt::ctl {

// One write to sysfs that may take as long as the kernel needs: it migrates pages away, or finds that it cannot.
struct MemoryWrite {
  unsigned block = 0;  // not of a policy
  std::function<int()> write;
};

// What the command asks for, in order: the policy, or the state of a node's blocks, of all or of some of them. Blocks
// that are in the wanted state already are left out; what goes offline goes from the top down.
[[nodiscard]] Result<std::vector<MemoryWrite>> memory_writes(const Environment& environment,
                                                             const protocol::SetMemory& command);

}  // namespace zlt::ctl
