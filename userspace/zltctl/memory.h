// SPDX-License-Identifier: GPL-2.0-only
//
// Memory blocks brought on- and offline through sysfs, and what becomes of new ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/json.h"
#include "userspace/zltctl/numa.h"

namespace zlt::ctl {

// One write to sysfs that may take as long as the kernel needs: it migrates pages away, or finds that it cannot.
struct MemoryWrite {
  unsigned block = 0;  // not of a policy
  std::function<int()> write;
};

// What `{"op":"memory",…}` asks for, in order: {"policy":P}, or {"node":N,"state":S}, with "blocks":[…] for some of
// the node's only. Blocks that are in the wanted state already are left out; what goes offline goes from the top down.
[[nodiscard]] Result<std::vector<MemoryWrite>> memory_writes(const Environment& environment, const Json& command);

}  // namespace zlt::ctl
