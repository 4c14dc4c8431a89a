// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/memory_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace zlt::run {
namespace {

constexpr std::uint64_t kKbPerMib = 1024;
constexpr const char* kNormal = "Normal";
constexpr const char* kMovable = "Movable";

}  // namespace

std::string zone_of_policy(const std::string& policy) {
  if (policy == "offline") {
    return {};
  }
  return policy == "online_movable" ? kMovable : kNormal;
}

MemoryModel::MemoryModel(const MemoryView& first) {
  for (const auto& [number, view] : first.nodes) {
    Node node{view.online, view.has_cpu, {}, view.total_kb};
    for (const auto& [zone, pages] : view.zones) {
      node.zones.insert(zone);
    }
    nodes_[number] = std::move(node);
  }
}

bool MemoryModel::populated(unsigned node, const std::string& zone) const {
  const auto known = nodes_.find(node);
  return (known != nodes_.end() && known->second.zones.contains(zone)) ||
         std::any_of(chunks_.begin(), chunks_.end(),
                     [&](const auto& each) { return each.second.node == node && each.second.zone == zone; });
}

bool MemoryModel::has_memory(unsigned node) const {
  const auto known = nodes_.find(node);
  return (known != nodes_.end() && !known->second.zones.empty()) ||
         std::any_of(chunks_.begin(), chunks_.end(),
                     [node](const auto& each) { return each.second.node == node && !each.second.zone.empty(); });
}

unsigned MemoryModel::nodes_online() const {
  return static_cast<unsigned>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const auto& each) { return each.second.online; }));
}

void MemoryModel::bring_online(Chunk& chunk, const std::string& zone, Rebuilds& out) {
  if (!chunk.zone.empty() || zone.empty()) {
    return;
  }
  const bool first = !populated(chunk.node, zone);
  chunk.zone = zone;
  if (first) {
    out.push_back(nodes_online());
  }
}

void MemoryModel::take_offline(Chunk& chunk, Rebuilds& out) {
  if (chunk.zone.empty()) {
    return;
  }
  const std::string zone = std::exchange(chunk.zone, "");
  if (!populated(chunk.node, zone)) {
    out.push_back(nodes_online());
  }
}

Rebuilds MemoryModel::add(const std::string& device, unsigned node, unsigned mib, const std::string& policy) {
  Rebuilds out;
  if (!nodes_[node].online) {
    out.push_back(nodes_online());  // registered, but not yet counted
    nodes_[node].online = true;
  }
  chunks_[device] = {node, mib, {}};
  bring_online(chunks_[device], zone_of_policy(policy), out);
  return out;
}

Rebuilds MemoryModel::resize(const std::string& device, unsigned node, unsigned mib, const std::string& policy) {
  if (!chunks_.contains(device)) {
    return mib == 0 ? Rebuilds() : add(device, node, mib, policy);
  }
  if (mib == 0) {
    return remove(device);
  }
  chunks_[device].mib = mib;
  return {};
}

Rebuilds MemoryModel::online(const std::string& device, const std::string& zone) {
  Rebuilds out;
  if (const auto chunk = chunks_.find(device); chunk != chunks_.end()) {
    bring_online(chunk->second, zone == "kernel" ? kNormal : kMovable, out);
  }
  return out;
}

Rebuilds MemoryModel::offline(const std::string& device) {
  Rebuilds out;
  if (const auto chunk = chunks_.find(device); chunk != chunks_.end()) {
    take_offline(chunk->second, out);
  }
  return out;
}

Rebuilds MemoryModel::remove(const std::string& device) {
  Rebuilds out = offline(device);
  const auto chunk = chunks_.find(device);
  if (chunk == chunks_.end()) {
    return out;
  }
  const unsigned number = chunk->second.node;
  chunks_.erase(chunk);
  Node& node = nodes_[number];
  const bool blocks = !node.zones.empty() || std::any_of(chunks_.begin(), chunks_.end(), [number](const auto& each) {
    return each.second.node == number;
  });
  node.online = blocks || node.has_cpu;
  return out;
}

std::optional<std::string> MemoryModel::differs(const MemoryView& now) const {
  for (const auto& [number, node] : nodes_) {
    const auto seen = now.nodes.find(number);
    if (seen == now.nodes.end()) {
      return fmt::format("the kernel does not know node {}", number);
    }
    const NodeView& view = seen->second;
    if (view.online != node.online) {
      return fmt::format("node {} is {}, and must be {}", number, view.online ? "online" : "offline",
                         node.online ? "online" : "offline");
    }
    if (view.has_memory != has_memory(number)) {
      return fmt::format("node {} has {}memory, and must have {}", number, view.has_memory ? "" : "no ",
                         view.has_memory ? "none" : "some");
    }
    std::uint64_t total_kb = node.total_kb;
    for (const auto& [device, chunk] : chunks_) {
      total_kb += chunk.node == number && !chunk.zone.empty() ? chunk.mib * kKbPerMib : 0;
    }
    if (view.online && view.total_kb != total_kb) {
      return fmt::format("node {} has {} kB, and must have {}", number, view.total_kb, total_kb);
    }
  }
  return std::nullopt;
}

}  // namespace zlt::run
