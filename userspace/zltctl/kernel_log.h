// SPDX-License-Identifier: GPL-2.0-only
//
// The kernel's log through /dev/kmsg: what the kernel said about something that it only answered with an errno value.
#pragma once

#include <string>
#include <vector>

#include "userspace/base/unique_fd.h"
#include "userspace/zltctl/environment.h"

namespace zlt::ctl {

class KernelLog {
 public:
  // Only what is logged from here on; a log that cannot be opened stays empty.
  [[nodiscard]] static KernelLog from_now(const Environment& environment);
  // Also what the ring buffer still has.
  [[nodiscard]] static KernelLog from_start(const Environment& environment);

  // Messages logged since the last call, without their prefixes. Does not wait.
  [[nodiscard]] std::vector<std::string> messages();

 private:
  explicit KernelLog(int fd) : fd_(fd) {}
  UniqueFd fd_;
};

// The newest message of the module itself; empty when there is none.
[[nodiscard]] std::string last_line_of_module(const Environment& environment);
// The last of `messages` that speaks of the module, in whoever's words.
[[nodiscard]] std::string last_about_module(const std::vector<std::string>& messages);

}  // namespace zlt::ctl
