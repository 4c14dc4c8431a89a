// SPDX-License-Identifier: GPL-2.0-only
//
// What the kernel tells of its NUMA nodes and memory blocks through sysfs and proc.
#pragma once

#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/protocol/values.h"
#include "userspace/zltctl/environment.h"

namespace zlt::ctl {

using protocol::MemoryState;
using protocol::NumaNode;

struct MemoryBlock {
  unsigned number = 0;
  unsigned node = 0;
  std::string state;  // online, offline, going-offline
};

// A kernel's list of numbers, "0-3,6".
[[nodiscard]] std::vector<unsigned> numbers_of(const std::string& list);

[[nodiscard]] Result<MemoryState> read_memory(const Environment& environment);

// In the order of their numbers.
[[nodiscard]] std::vector<MemoryBlock> read_blocks(const Environment& environment);

}  // namespace zlt::ctl
