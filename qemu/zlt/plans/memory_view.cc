// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/memory_view.h"

#include <fmt/format.h>

namespace zlt::run {
namespace {

constexpr std::uint64_t kKbInMib = 1024;

}  // namespace

MemoryView memory_from(const Json& memory) {
  MemoryView out;
  out.policy = get_string(memory, "policy");
  out.block_bytes = get_number(memory, "block_bytes");
  out.free_kb = get_number(memory, "free_kb");
  out.slab_kb = get_number(memory, "slab_kb");
  out.virtio_mem = get_bool(memory, "virtio_mem");
  const Json& nodes = member(memory, "nodes");
  for (size_t n = 0; nodes.is_array() && n < nodes.size(); ++n) {
    NodeView node{get_bool(nodes[n], "online"),     get_bool(nodes[n], "has_memory"), get_bool(nodes[n], "has_cpu"),
                  get_number(nodes[n], "total_kb"), get_number(nodes[n], "free_kb"),  {}};
    const Json& zones = member(nodes[n], "zones");
    if (zones.is_object()) {
      for (const auto& [name, pages] : zones.items()) {
        node.zones[name] = get_number(zones, name.c_str());
      }
    }
    out.nodes[static_cast<unsigned>(get_number(nodes[n], "node"))] = std::move(node);
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
      out += fmt::format("online, {} of {} MiB free", node.free_kb / kKbInMib, node.total_kb / kKbPerMib);
    }
  }
  return out;
}

}  // namespace zlt::run
