// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "userspace/base/unique_fd.h"

namespace zlt::ctl {
namespace {

constexpr const char* kOffline = "offline";

// 0 or an errno value.
int write_word(const std::string& path, const std::string& word) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return errno;
  return ::write(fd.get(), word.data(), word.size()) == static_cast<ssize_t>(word.size()) ? 0 : errno;
}

bool wanted(const MemoryBlock& block, const protocol::SetMemory& command) {
  if (block.node != command.node || (block.state == kOffline) == (command.state == kOffline)) return false;
  const auto& blocks = command.blocks;
  return !blocks || std::find(blocks->begin(), blocks->end(), block.number) != blocks->end();
}

}  // namespace

Result<std::vector<MemoryWrite>> memory_writes(const Environment& environment, const protocol::SetMemory& command) {
  const std::string folder = environment.sysfs + "/devices/system/memory/";
  std::vector<MemoryWrite> out;
  if (!command.policy.empty()) {
    out.push_back(
        {0, [path = folder + "auto_online_blocks", policy = command.policy] { return write_word(path, policy); }});
    return out;
  }
  const Result<MemoryState> memory = read_memory(environment);
  if (!memory) return tl::unexpected(memory.error());
  const unsigned number = command.node.value_or(0);
  const bool known = std::any_of(memory->nodes.begin(), memory->nodes.end(),
                                 [number](const NumaNode& each) { return each.number == number; });
  if (!known) {
    return bad_input("node " + std::to_string(number) + " is not possible on this machine",
                     "`nodes` lists those that are");
  }
  for (const MemoryBlock& block : read_blocks(environment)) {
    if (!wanted(block, command)) continue;
    const std::string path = folder + "memory" + std::to_string(block.number) + "/state";
    out.push_back({block.number, [path, state = command.state] { return write_word(path, state); }});
  }
  if (command.state == kOffline) std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace zlt::ctl
