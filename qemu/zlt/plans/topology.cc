// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/topology.h"

#include <fmt/format.h>

#include <numeric>

#include "qemu/zlt/io/toml_reader.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr unsigned kMostNodes = 16;
constexpr unsigned kMostCpus = 64;
constexpr unsigned kMostSlots = 64;
constexpr unsigned kMostMib = 1U << 20U;
constexpr unsigned kLeastMib = 128;  // what the stock kernels boot in

TopologyNode read_node(TomlReader& reader, const toml::table& table) {
  reader.allow(table, {"memory_mib", "cpus"});
  TopologyNode out;
  out.memory_mib = reader.number(table, "memory_mib", 0, kMostMib).value_or(0);
  if (const toml::node* cpus = table.get("cpus")) {
    const toml::array* list = cpus->as_array();
    if (list == nullptr) {
      reader.complain(*cpus, "\"cpus\" must be a list of numbers");
      return out;
    }
    for (const toml::node& element : *list) {
      const auto cpu = element.value_exact<std::int64_t>();
      if (!cpu || *cpu < 0 || *cpu >= kMostCpus) {
        reader.complain(element, fmt::format("a CPU is a number from 0 to {}", kMostCpus - 1));
      } else {
        out.cpus.push_back(static_cast<unsigned>(*cpu));
      }
    }
  }
  return out;
}

void check_cpus(TomlReader& reader, const toml::table& table, const Topology& topology) {
  std::vector<unsigned> seen;
  for (const TopologyNode& node : topology.nodes) {
    seen.insert(seen.end(), node.cpus.begin(), node.cpus.end());
  }
  std::sort(seen.begin(), seen.end());
  for (unsigned n = 0; n < seen.size(); ++n) {
    if (seen[n] != n) {
      return reader.complain(table, "every CPU from 0 on must be in one node, and in no other");
    }
  }
  if (seen.empty()) {
    reader.complain(table, "no node has a CPU");
  }
}

VirtioMem read_virtio_mem(TomlReader& reader, const toml::table& table, size_t nodes) {
  reader.allow(table, {"id", "node", "size_mib"});
  reader.need(table, "size_mib");
  VirtioMem out;
  out.id = reader.identifier(table, "id");
  out.node = reader.number(table, "node", 0, static_cast<unsigned>(nodes) - 1).value_or(0);
  out.size_mib = reader.number(table, "size_mib", kBlockMib, kMostMib).value_or(kBlockMib);
  if (out.size_mib % kBlockMib != 0) {
    reader.complain(table,
                    fmt::format("size_mib = {} is no multiple of a memory block, {} MiB", out.size_mib, kBlockMib));
  }
  return out;
}

// Nodes that a kernel would not know of, and so could never bring up: firmware tables name nodes that have CPUs or
// memory, and, for whatever may be plugged, the last one. An NVDIMM in such a node makes them name it; it is no memory
// of the kernel's.
std::vector<size_t> empty_nodes(const Topology& topology) {
  std::vector<size_t> out;
  for (size_t n = 0; n + 1 < topology.nodes.size(); ++n) {
    if (topology.nodes[n].memory_mib == 0 && topology.nodes[n].cpus.empty()) {
      out.push_back(n);
    }
  }
  return out;
}

Topology read_topology(TomlReader& reader, const toml::table& table) {
  Topology out;
  out.file = reader.file();
  reader.allow(table, {"name", "summary", "slots", "max_mib", "low_mib", "node", "virtio_mem"});
  out.name = reader.name(table);
  out.summary = reader.text(table, "summary");
  out.slots = reader.number(table, "slots", 0, kMostSlots).value_or(0);
  out.max_mib = reader.number(table, "max_mib", 0, kMostMib).value_or(0);
  out.low_mib = reader.number(table, "low_mib", kLeastMib, 3072).value_or(0);
  for (const toml::table* node : reader.tables(table, "node")) {
    out.nodes.push_back(read_node(reader, *node));
  }
  if (out.nodes.empty() || out.nodes.size() > kMostNodes) {
    reader.complain(table, fmt::format("a machine has 1 to {} nodes: [[node]]", kMostNodes));
    return out;
  }
  if (out.memory_mib() < kLeastMib) {
    reader.complain(table, fmt::format("the nodes have {} MiB in all; a kernel needs {}", out.memory_mib(), kLeastMib));
  }
  check_cpus(reader, table, out);
  unsigned needed = out.memory_mib();
  for (const toml::table* each : reader.tables(table, "virtio_mem")) {
    VirtioMem device = read_virtio_mem(reader, *each, out.nodes.size());
    if (out.find_virtio_mem(device.id) != nullptr) {
      reader.complain(*each, fmt::format("there are two of id \"{}\"", device.id));
    }
    if (device.id.starts_with("node") || device.id.starts_with("nvdimm")) {
      reader.complain(*each, fmt::format("id = \"{}\" may be another device's", device.id),
                      "not \"node…\" and not \"nvdimm…\"");
    }
    out.virtio_mem.push_back(std::move(device));
    needed += out.virtio_mem.back().size_mib;
  }
  if (needed > std::max(out.max_mib, out.memory_mib())) {
    reader.complain(table, fmt::format("max_mib = {} is less than nodes and virtio_mem need: {}", out.max_mib, needed));
  }
  return out;
}

}  // namespace

unsigned Topology::cpus() const {
  return std::accumulate(nodes.begin(), nodes.end(), 0U, [](unsigned sum, const TopologyNode& node) {
    return sum + static_cast<unsigned>(node.cpus.size());
  });
}

unsigned Topology::memory_mib() const {
  return std::accumulate(nodes.begin(), nodes.end(), 0U,
                         [](unsigned sum, const TopologyNode& node) { return sum + node.memory_mib; });
}

const VirtioMem* Topology::find_virtio_mem(const std::string& id) const {
  const auto found =
      std::find_if(virtio_mem.begin(), virtio_mem.end(), [&](const VirtioMem& each) { return each.id == id; });
  return found == virtio_mem.end() ? nullptr : &*found;
}

Result<Topology> load_topology(const fs::path& file) {
  return read_toml<Topology>(file, read_topology);
}

Result<fs::path> find_data_file(const fs::path& folder, const std::string& what, const std::string& name) {
  if (name.find('/') != std::string::npos || name.ends_with(".toml")) {
    return fs::path(name);
  }
  std::vector<std::string> known;
  const Result<std::vector<fs::path>> files = toml_files(folder);
  if (!files) {
    return tl::unexpected(files.error());
  }
  for (const fs::path& file : *files) {
    known.push_back(file.stem().string());
  }
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    return bad_input(fmt::format("unknown {} \"{}\"", what, name),
                     known.empty() ? "there are none in " + folder.string()
                                   : "known are " + joined(nearest_first(name, known)) + "; or say a file");
  }
  return folder / (name + ".toml");
}

Result<Topology> find_topology(const fs::path& folder, const std::string& name) {
  const Result<fs::path> file = find_data_file(folder, "machine", name);
  return file ? load_topology(*file) : tl::unexpected(file.error());
}

std::string topology_machine(const Topology& topology) {
  std::string out = topology.low_mib == 0 ? "q35" : fmt::format("q35,max-ram-below-4g={}M", topology.low_mib);
  return empty_nodes(topology).empty() ? out : out + ",nvdimm=on";
}

// CPUs of different nodes that shared a socket would share a cache, which the kernel warns of.
std::string topology_smp(const Topology& topology) {
  const unsigned cpus = topology.cpus();
  const auto with_cpus = std::count_if(topology.nodes.begin(), topology.nodes.end(),
                                       [](const TopologyNode& node) { return !node.cpus.empty(); });
  return with_cpus > 1 ? fmt::format("{0},sockets={0},cores=1,threads=1", cpus) : std::to_string(cpus);
}

std::vector<std::string> topology_memory(const Topology& topology) {
  const std::vector<size_t> empty = empty_nodes(topology);
  std::vector<std::string> out = {"-m", fmt::format("{}M", topology.memory_mib())};
  if (topology.max_mib > 0) {
    out.back() +=
        fmt::format(",slots={},maxmem={}M", topology.slots + empty.size(), topology.max_mib + empty.size() * kBlockMib);
  }
  for (size_t n = 0; n < topology.nodes.size(); ++n) {
    const TopologyNode& node = topology.nodes[n];
    std::string numa = fmt::format("node,nodeid={}", n);
    for (const unsigned cpu : node.cpus) {
      numa += fmt::format(",cpus={}", cpu);
    }
    if (node.memory_mib > 0) {
      out.insert(out.end(), {"-object", fmt::format("memory-backend-ram,id=ram{},size={}M", n, node.memory_mib)});
      numa += fmt::format(",memdev=ram{}", n);
    }
    out.insert(out.end(), {"-numa", numa});
  }
  // Kernels number nodes in the order of QEMU's SRAT, and that is the order of a hash of the devices' names, backwards
  // (nvdimm_get_device_list(), v7.2): the first node's has the last number. The plan's first step notices if it is not
  // so.
  size_t number = empty.size();
  for (const size_t n : empty) {
    out.insert(out.end(), {"-object", fmt::format("memory-backend-ram,id=known{},size={}M", n, kBlockMib), "-device",
                           fmt::format("nvdimm,id=nvdimm{},memdev=known{},node={}", number--, n, n)});
  }
  for (const VirtioMem& each : topology.virtio_mem) {
    out.insert(out.end(),
               {"-object", fmt::format("memory-backend-ram,id=mem-{},size={}M", each.id, each.size_mib), "-device",
                fmt::format("virtio-mem-pci,id={0},memdev=mem-{0},node={1},requested-size=0", each.id, each.node)});
  }
  return out;
}

}  // namespace zlt::run
