// SPDX-License-Identifier: GPL-2.0-only
//
// Bytes of a log, from a file, a pipe, or a file that still grows.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "userspace/base/result.h"

namespace zlt::splat {

struct InputEvents {
  std::function<bool(std::string_view)> piece;  // false: enough, stop reading
  std::function<void()> quiet;                  // following: nothing new for a while
  std::function<void()> restarted;              // following: the file was truncated or replaced
};

// Reads to the end, or for ever when following. "-" is standard input. Not following, compressed logs are unpacked, and
// of mails and pages only the text is handed out.
[[nodiscard]] Status read_log(const std::string& name, bool follow, const InputEvents& events);

}  // namespace zlt::splat
