// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest tells of its memory (`nodes`, docs/formats.md), as plain data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/io/json_get.h"

namespace zlt::run {

struct NodeView {
  bool online = false;
  bool has_memory = false;
  bool has_cpu = false;
  std::uint64_t total_kb = 0;
  std::uint64_t free_kb = 0;
  std::map<std::string, std::uint64_t> zones;  // pages present, of the populated ones
};

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

// From the member `memory` of a `nodes` event. Nothing a guest sends is trusted: what is of the wrong type is missing.
[[nodiscard]] MemoryView memory_from(const Json& memory);
[[nodiscard]] Json nodes_json(const MemoryView& memory);

}  // namespace zlt::run
