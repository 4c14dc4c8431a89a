// SPDX-License-Identifier: GPL-2.0-only
//
// The line in which a report says where it was: "CPU: 0 UID: 0 PID: 12 Comm: foo Tainted: G        W          6.12.1 #1
// …", up to 3.x "Pid: 12, comm: foo Not tainted 2.6.32 #1".
#pragma once

#include <string>
#include <string_view>

#include "userspace/splat/record.h"

namespace zlt::splat {

struct Identity {
  int cpu = kUnknown;
  int pid = kUnknown;
  std::string_view task;
  std::string_view behind;  // what follows the task's name
};
[[nodiscard]] bool read_identity_line(std::string_view text, Identity& identity);

// "Not tainted 6.6.20 #7", "Tainted: G           OE    --------- -  - 4.18.0 #1" at the start of `text`: vendors print
// dashes for flags of their own that are not set. False if it is neither, or no release follows.
[[nodiscard]] bool read_taint(std::string_view text, std::string& taint, std::string& release);

// The letters of a list of taints.
[[nodiscard]] std::string taint_letters(std::string_view text);

}  // namespace zlt::splat
