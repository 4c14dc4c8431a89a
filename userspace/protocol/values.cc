// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/values.h"

#include "module/abi/debugfs.h"

namespace zlt::protocol {

bool RunStatus::idle() const {
  return state == abi::kStateIdle;
}

bool KernelFacts::has(const std::string& flag) const {
  const auto found = flags.find(flag);
  return found != flags.end() && found->second;
}

std::string WatchedRebuild::get(const std::string& key) const {
  const auto found = facts.find(key);
  return found == facts.end() ? std::string() : found->second;
}

}  // namespace zlt::protocol
