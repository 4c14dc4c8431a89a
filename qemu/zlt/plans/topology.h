// SPDX-License-Identifier: GPL-2.0-only
//
// A guest's NUMA nodes, and what can be plugged into them: qemu/machines/NAME.toml, docs/hotplug.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

inline constexpr unsigned kBlockMib = 128;  // what an x86-64 kernel brings online at once on machines of this size

struct TopologyNode {
  unsigned memory_mib = 0;
  std::vector<unsigned> cpus;
};

// A device whose memory grows and shrinks by request.
struct VirtioMem {
  std::string id;
  unsigned node = 0;
  unsigned size_mib = 0;  // at most
};

struct Topology {
  std::string name;
  std::string summary;
  std::filesystem::path file;
  std::vector<TopologyNode> nodes;
  unsigned slots = 0;    // DIMMs that can be plugged
  unsigned max_mib = 0;  // of all memory, plugged or not
  unsigned low_mib = 0;  // most memory below 4 GiB; 0: as QEMU likes. The rest is the kernel's zone Normal.
  std::vector<VirtioMem> virtio_mem;

  [[nodiscard]] unsigned cpus() const;
  [[nodiscard]] unsigned memory_mib() const;
  [[nodiscard]] const VirtioMem* find_virtio_mem(const std::string& id) const;
};

// Errors name file and line.
[[nodiscard]] Result<Topology> load_topology(const std::filesystem::path& file);
// NAME.toml in the folder, or the file itself when `name` is a path. An unknown one gets the known ones, nearest first.
[[nodiscard]] Result<Topology> find_topology(const std::filesystem::path& folder, const std::string& name);

// The files a name chooses among: NAME.toml in `folder`, or a path as it is.
[[nodiscard]] Result<std::filesystem::path> find_data_file(const std::filesystem::path& folder, const std::string& what,
                                                           const std::string& name);

// For -machine and -smp, and the words in the place of -m.
[[nodiscard]] std::string topology_machine(const Topology& topology);
[[nodiscard]] std::string topology_smp(const Topology& topology);
[[nodiscard]] std::vector<std::string> topology_memory(const Topology& topology);

}  // namespace zlt::run
