// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/memory_view.h"

#include <fmt/format.h>

namespace zlt::run {
namespace {

constexpr std::uint64_t kKbInMib = 1024;

}  // namespace

MemoryView memory_from(const protocol::MemoryState& memory) {
  MemoryView out{memory.policy, memory.block_bytes, memory.free_kb, memory.slab_kb, memory.virtio_mem, {}};
  for (const protocol::NumaNode& node : memory.nodes) {
    out.nodes[node.number] = node;
  }
  return out;
}

Json nodes_json(const MemoryView& memory) {
  Json out = Json::object();
  for (const auto& [number, node] : memory.nodes) {
    out[std::to_string(number)] = {{"online", node.online},
                                   {"has_memory", node.has_memory},
                                   {"total_kb", node.total_kb},
                                   {"free_kb", node.free_kb},
                                   {"zones", node.zones}};
  }
  return out;
}

std::string MemoryView::text() const {
  std::string out;
  for (const auto& [number, node] : nodes) {
    out += fmt::format("{}node{} ", out.empty() ? "" : ", ", number);
    if (!node.online) {
      out += "offline";
    } else if (!node.has_memory) {
      out += "online without memory";
    } else {
      out += fmt::format("online, {} of {} MiB free", node.free_kb / kKbInMib, node.total_kb / kKbInMib);
    }
  }
  return out;
}

}  // namespace zlt::run
