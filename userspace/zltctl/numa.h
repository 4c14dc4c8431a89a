// SPDX-License-Identifier: GPL-2.0-only
//
// What the kernel tells of its NUMA nodes and memory blocks through sysfs and proc.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/json.h"

namespace zlt::ctl {

struct NumaNode {
  unsigned number = 0;
  bool online = false;
  bool has_memory = false;
  bool has_cpu = false;
  uint64_t total_kb = 0;
  uint64_t free_kb = 0;
  std::map<std::string, uint64_t> zones;  // pages present, of the populated ones
};

struct MemoryBlock {
  unsigned number = 0;
  unsigned node = 0;
  std::string state;  // online, offline, going-offline
};

struct MemoryState {
  std::string policy;        // auto_online_blocks
  uint64_t block_bytes = 0;  // what goes on- and offline at once
  uint64_t free_kb = 0;
  uint64_t slab_kb = 0;
  bool virtio_mem = false;      // the kernel has the driver
  std::vector<NumaNode> nodes;  // all possible ones
};

// A kernel's list of numbers, "0-3,6".
[[nodiscard]] std::vector<unsigned> numbers_of(const std::string& list);

[[nodiscard]] Result<MemoryState> read_memory(const Environment& environment);

// In the order of their numbers.
[[nodiscard]] std::vector<MemoryBlock> read_blocks(const Environment& environment);

[[nodiscard]] Json to_json(const MemoryState& memory);

}  // namespace zlt::ctl
