// SPDX-License-Identifier: GPL-2.0-only
//
// The last few MiB of a log, so that the lines around a report can be shown of a pipe too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt::splat {

class LogWindow {
 public:
  void append(std::string_view piece);
  // Lines [begin, end) and `around` lines on both sides, as far as they are still, or already, here.
  [[nodiscard]] std::string lines(uint64_t begin, uint64_t end, unsigned around) const;

 private:
  static constexpr size_t kKeep = size_t{2} * 1024 * 1024;

  std::string bytes_;
  uint64_t first_ = 0;  // offset in the log of bytes_[0]
};

}  // namespace zlt::splat
