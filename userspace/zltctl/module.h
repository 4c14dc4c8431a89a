// SPDX-License-Identifier: GPL-2.0-only
//
// The module as it is driven: seven files, read whole and written in one piece. debugfs in earnest, a fake in tests.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "userspace/zltctl/pending_write.h"

namespace zlt::ctl {

enum class File { kCases, kRun, kStop, kStatus, kResult, kHistogram, kWatch };
[[nodiscard]] const char* name_of(File file);

// A value or an errno value.
template <typename T>
using Sys = tl::expected<T, int>;

class Module {
 public:
  virtual ~Module() = default;
  // None of these leaves a file open: an open file would hold the module in the kernel.
  [[nodiscard]] virtual Sys<std::string> read(File file) = 0;
  [[nodiscard]] virtual Sys<void> write(File file, std::string_view text) = 0;
  [[nodiscard]] virtual PendingWrite write_in_background(File file, std::string_view text) = 0;
};

}  // namespace zlt::ctl
