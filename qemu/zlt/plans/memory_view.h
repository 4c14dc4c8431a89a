// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest tells of its memory (`nodes`, docs/formats.md), its nodes by number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/io/json_get.h"
#include "userspace/protocol/values.h"

namespace zlt::run {

using NodeView = protocol::NumaNode;

struct MemoryView {
  std::string policy;
  std::uint64_t block_bytes = 0;
  std::uint64_t free_kb = 0;
  std::uint64_t slab_kb = 0;
  bool virtio_mem = false;             // the kernel has the driver
  std::map<unsigned, NodeView> nodes;  // all possible ones

  // "node0 online 236 of 256 MiB free, node1 offline"
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] MemoryView memory_from(const protocol::MemoryState& memory);
[[nodiscard]] Json nodes_json(const MemoryView& memory);

}  // namespace zlt::run
