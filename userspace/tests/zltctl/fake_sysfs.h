// SPDX-License-Identifier: GPL-2.0-only
//
// NUMA nodes and memory blocks as the kernel shows them: node 0 with memory, node 1 with one movable block and one that
// is offline, node 2 not there.
#pragma once

#include <string>

#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/environment.h"

namespace zlt::test {

inline void write_block(const TempFolder& folder, unsigned number, unsigned node, const std::string& state) {
  const std::string block = "sys/devices/system/memory/memory" + std::to_string(number);
  folder.write(block + "/state", state + "\n");
  std::filesystem::create_directories(folder.path() / block / ("node" + std::to_string(node)));
}

inline void write_sysfs(const TempFolder& folder, ctl::Environment& environment) {
  const std::string nodes = "sys/devices/system/node/";
  folder.write(nodes + "possible", "0-2\n");
  folder.write(nodes + "online", "0-1\n");
  folder.write(nodes + "has_memory", "0-1\n");
  folder.write(nodes + "has_cpu", "0\n");
  folder.write(nodes + "node0/meminfo", "Node 0 MemTotal:         241740 kB\nNode 0 MemFree:          201234 kB\n");
  folder.write(nodes + "node1/meminfo", "Node 1 MemTotal:         131072 kB\nNode 1 MemFree:          131000 kB\n");
  folder.write("sys/devices/system/memory/auto_online_blocks", "online_movable\n");
  folder.write("sys/devices/system/memory/block_size_bytes", "8000000\n");
  write_block(folder, 0, 0, "online");
  write_block(folder, 32, 1, "online");
  write_block(folder, 33, 1, "offline");
  folder.write("proc/meminfo", "MemTotal:  372812 kB\nMemFree:  332234 kB\nSlab:  4321 kB\n");
  folder.write(
      "proc/zoneinfo",
      "Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 0\n  pages free     3840\n        spanned  "
      "4095\n"
      "        present  3998\n        managed  3840\nNode 0, zone   Normal\n  pages free     0\n        spanned  0\n"
      "        present  0\nNode 1, zone  Movable\n        present  32768\n");
  environment.sysfs = folder.file("sys");
  environment.proc = folder.file("proc");
}

}  // namespace zlt::test
