// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/numa.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "userspace/base/files.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kBlocks = "/devices/system/memory";

// The file's text without the end of its line; empty where there is no such file.
std::string word_in(const fs::path& path) {
  const Result<std::string> text = read_file(path);
  return text ? text->substr(0, text->find('\n')) : std::string();
}

// NUMBER of "PREFIXNUMBER".
std::optional<unsigned> number_after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return {};
  const std::optional<uint64_t> number = to_number(name.substr(prefix.size()));
  return number ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
}

// The number behind "LABEL" in a text like /proc/meminfo or nodeN/meminfo; 0 where it is not.
uint64_t kb_of(std::string_view text, std::string_view label) {
  for (std::string_view line : lines_of(text)) {
    const size_t at = line.find(label);
    if (at == std::string_view::npos) continue;
    line.remove_prefix(at + label.size());
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
    return to_number(line.substr(0, line.find(' '))).value_or(0);
  }
  return 0;
}

using Zones = std::map<unsigned, std::map<std::string, uint64_t>>;

// /proc/zoneinfo: "Node 0, zone   Normal", and below it "        present  65536".
Zones read_zones(const Environment& environment) {
  Zones out;
  const Result<std::string> file = read_file(environment.proc + "/zoneinfo");
  const std::string text = file ? *file : std::string();
  unsigned node = 0;
  std::string zone;
  for (const std::string_view line : lines_of(text)) {
    const size_t comma = line.find(", zone");
    if (line.starts_with("Node ") && comma != std::string_view::npos) {
      node = number_after(line.substr(0, comma), "Node ").value_or(0);
      zone = line.substr(std::min(line.size(), line.find_last_of(' ') + 1));
    } else if (line.starts_with("        present ") && !zone.empty()) {
      const uint64_t pages = kb_of(line, "present");
      if (pages > 0) out[node][zone] = pages;
      zone.clear();
    }
  }
  return out;
}

bool has(const std::vector<unsigned>& numbers, unsigned number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// A block's folder has a link to its node, nodeN.
unsigned node_of(const fs::path& block) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(block, error)) {
    if (const auto node = number_after(entry.path().filename().string(), "node")) return *node;
  }
  return 0;
}

}  // namespace

std::vector<unsigned> numbers_of(const std::string& list) {
  std::vector<unsigned> out;
  for (const std::string_view piece : split(list, ',')) {
    const size_t dash = piece.find('-');
    const std::optional<uint64_t> from = to_number(piece.substr(0, dash));
    const std::optional<uint64_t> to = dash == std::string_view::npos ? from : to_number(piece.substr(dash + 1));
    if (!from || !to) continue;
    for (uint64_t number = *from; number <= *to; ++number) out.push_back(static_cast<unsigned>(number));
  }
  return out;
}

Result<MemoryState> read_memory(const Environment& environment) {
  const fs::path nodes = environment.sysfs + "/devices/system/node";
  const fs::path blocks = environment.sysfs + kBlocks;
  std::error_code error;
  if (!fs::is_directory(nodes, error)) {
    return failure("this kernel tells nothing of NUMA nodes", "boot one with CONFIG_NUMA=y");
  }
  MemoryState out;
  out.policy = word_in(blocks / "auto_online_blocks");
  out.block_bytes = to_number("0x" + word_in(blocks / "block_size_bytes")).value_or(0);
  const Result<std::string> meminfo = read_file(environment.proc + "/meminfo");
  out.free_kb = kb_of(meminfo ? *meminfo : "", "MemFree:");
  out.slab_kb = kb_of(meminfo ? *meminfo : "", "Slab:");
  const auto list = [&nodes](const char* name) { return numbers_of(word_in(nodes / name)); };
  const std::vector<unsigned> online = list("online");
  const std::vector<unsigned> memory = list("has_memory");
  const std::vector<unsigned> cpu = list("has_cpu");
  Zones zones = read_zones(environment);
  for (const unsigned number : list("possible")) {
    NumaNode node;
    node.number = number;
    node.online = has(online, number);
    node.has_memory = has(memory, number);
    node.has_cpu = has(cpu, number);
    const Result<std::string> info = read_file(nodes / ("node" + std::to_string(number)) / "meminfo");
    node.total_kb = kb_of(info ? *info : "", "MemTotal:");
    node.free_kb = kb_of(info ? *info : "", "MemFree:");
    node.zones = std::move(zones[number]);
    out.nodes.push_back(std::move(node));
  }
  out.virtio_mem = fs::is_directory(environment.sysfs + "/bus/virtio/drivers/virtio_mem", error);
  return out;
}

std::vector<MemoryBlock> read_blocks(const Environment& environment) {
  std::vector<MemoryBlock> out;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(environment.sysfs + kBlocks, error)) {
    const auto number = number_after(entry.path().filename().string(), "memory");
    if (!number) continue;
    MemoryBlock block;
    block.number = *number;
    block.node = node_of(entry.path());
    block.state = word_in(entry.path() / "state");
    out.push_back(std::move(block));
  }
  std::sort(out.begin(), out.end(), [](const MemoryBlock& a, const MemoryBlock& b) { return a.number < b.number; });
  return out;
}

}  // namespace zlt::ctl
