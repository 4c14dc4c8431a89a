// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "userspace/base/nearest.h"
#include "userspace/base/unique_fd.h"
#include "userspace/zltctl/command.h"

namespace zlt::ctl {
namespace {

constexpr const char* kOffline = "offline";
const std::vector<std::string>& known_words() {
  static const std::vector<std::string> known = {kOffline, "online", "online_kernel", "online_movable"};
  return known;
}

// 0 or an errno value.
int write_word(const std::string& path, const std::string& word) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return errno;
  return ::write(fd.get(), word.data(), word.size()) == static_cast<ssize_t>(word.size()) ? 0 : errno;
}

Status check_word(const char* key, const std::string& word) {
  const std::vector<std::string>& known = known_words();
  if (std::find(known.begin(), known.end(), word) != known.end()) return {};
  return bad_input(std::string("unknown ") + key + " '" + word + "'", "valid: " + joined(known));
}

bool wanted(const MemoryBlock& block, unsigned node, const std::string& state, const Json& blocks) {
  if (block.node != node || (block.state == kOffline) == (state == kOffline)) return false;
  return !blocks.is_array() || std::find(blocks.begin(), blocks.end(), Json(block.number)) != blocks.end();
}

}  // namespace

Result<std::vector<MemoryWrite>> memory_writes(const Environment& environment, const Json& command) {
  const std::string folder = environment.sysfs + "/devices/system/memory/";
  std::vector<MemoryWrite> out;
  if (command.contains("policy")) {
    const std::string policy = text_of(command, "policy");
    if (Status known = check_word("policy", policy); !known) return tl::unexpected(known.error());
    out.push_back({0, [path = folder + "auto_online_blocks", policy] { return write_word(path, policy); }});
    return out;
  }
  const std::string state = text_of(command, "state");
  if (Status known = check_word("state", state); !known) return tl::unexpected(known.error());
  const auto node = command.find("node");
  if (node == command.end() || !node->is_number_integer() || node->get<int64_t>() < 0) {
    return bad_input("`memory` names no node", R"(say "node":1)");
  }
  const Result<MemoryState> memory = read_memory(environment);
  if (!memory) return tl::unexpected(memory.error());
  const auto number = node->get<unsigned>();
  const bool known = std::any_of(memory->nodes.begin(), memory->nodes.end(),
                                 [number](const NumaNode& each) { return each.number == number; });
  if (!known) {
    return bad_input("node " + std::to_string(number) + " is not possible on this machine",
                     "`nodes` lists those that are");
  }
  const Json blocks = command.value("blocks", Json());
  for (const MemoryBlock& block : read_blocks(environment)) {
    if (!wanted(block, number, state, blocks)) continue;
    const std::string path = folder + "memory" + std::to_string(block.number) + "/state";
    out.push_back({block.number, [path, state] { return write_word(path, state); }});
  }
  if (state == kOffline) std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace zlt::ctl
