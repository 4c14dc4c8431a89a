// SPDX-License-Identifier: GPL-2.0-only
//
// What a kernel must do when memory comes and goes: which nodes are online, which have memory, and when it rebuilds the
// zonelists. Pure logic, from Linux' mm/memory_hotplug.c: build_all_zonelists() runs when a node is registered
// (hotadd_init_pgdat), when a zone gets its first page (online_pages), and when it loses its last (offline_pages); at
// no other time. So memory for a zone that is populated rebuilds nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "qemu/zlt/plans/memory_view.h"

namespace zlt::run {

// One number for every rebuild: the N of the kernel's "Built N zonelists", the nodes online at that time.
using Rebuilds = std::vector<unsigned>;

class MemoryModel {
 public:
  // `first`: what the kernel says before anything is done to it.
  explicit MemoryModel(const MemoryView& first);

  // A device's memory, all of it, new to the kernel; `policy` as in auto_online_blocks.
  [[nodiscard]] Rebuilds add(const std::string& device, unsigned node, unsigned mib, const std::string& policy);
  // To another size, 0 for none at all: what a virtio-mem device does.
  [[nodiscard]] Rebuilds resize(const std::string& device, unsigned node, unsigned mib, const std::string& policy);
  // Brought online to a zone where it was offline, and the other way round. Nothing to do is no error.
  [[nodiscard]] Rebuilds online(const std::string& device, const std::string& zone);
  [[nodiscard]] Rebuilds offline(const std::string& device);
  // Offline first, then gone.
  [[nodiscard]] Rebuilds remove(const std::string& device);

  // The first thing in which the kernel is not as it must be; nothing when it is.
  [[nodiscard]] std::optional<std::string> differs(const MemoryView& now) const;

 private:
  struct Node {
    bool online = false;
    bool has_cpu = false;
    std::set<std::string> zones;  // populated from the start
    std::uint64_t total_kb = 0;   // at the start
  };
  struct Chunk {
    unsigned node = 0;
    unsigned mib = 0;
    std::string zone;  // empty while it is offline
  };

  [[nodiscard]] bool populated(unsigned node, const std::string& zone) const;
  [[nodiscard]] bool has_memory(unsigned node) const;
  [[nodiscard]] unsigned nodes_online() const;
  void bring_online(Chunk& chunk, const std::string& zone, Rebuilds& out);
  void take_offline(Chunk& chunk, Rebuilds& out);

  std::map<unsigned, Node> nodes_;
  std::map<std::string, Chunk> chunks_;
};

// The zone that memory beyond all of the boot's gets by a policy; empty: it stays offline.
[[nodiscard]] std::string zone_of_policy(const std::string& policy);

}  // namespace zlt::run
