// SPDX-License-Identifier: GPL-2.0-only
//
// Functions that are on a stack because of what they do for others: the report is never about them.
#pragma once

#include <span>
#include <string_view>

#include "userspace/splat/kinds.h"

namespace zlt::splat {

// Matches one pattern (kinds.h, Skip).
[[nodiscard]] bool skip_matches(std::string_view function, Skip pattern);

// Whether `function` only says that something went wrong: panic(), dump_stack(), printk().
[[nodiscard]] bool is_reporting(std::string_view function);

// Whether `function` is a helper for any kind of report.
[[nodiscard]] bool is_helper(std::string_view function);

// A syscall's name without what the architecture and the wrappers put in front of it.
[[nodiscard]] std::string_view strip_syscall(std::string_view function);

// Functions below which a CPU that loops was called: dispatchers of work, system calls, file and socket operations.
[[nodiscard]] bool is_stall_anchor(std::string_view function);

// What a hung task's stack begins with: primitives that wait.
[[nodiscard]] bool is_waiting(std::string_view function);

}  // namespace zlt::splat
