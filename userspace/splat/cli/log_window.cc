// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/log_window.h"

#include <algorithm>

namespace zlt::splat {

void LogWindow::append(std::string_view piece) {
  bytes_.append(piece);
  if (bytes_.size() > 2 * kKeep) {
    const size_t drop = bytes_.size() - kKeep;
    bytes_.erase(0, drop);
    first_ += drop;
  }
}

std::string LogWindow::lines(uint64_t begin, uint64_t end, unsigned around) const {
  const uint64_t last = first_ + bytes_.size();
  if (end <= first_ || begin >= last) return {};
  size_t from = static_cast<size_t>(std::max(begin, first_) - first_);
  size_t to = static_cast<size_t>(std::min(end, last) - first_);
  // A report may begin in the middle of a line that was merged with another.
  const size_t line = from == 0 ? std::string::npos : bytes_.rfind('\n', from - 1);
  from = line == std::string::npos ? 0 : line + 1;
  for (unsigned i = 0; i < around && from > 0; ++i) {
    const size_t newline = from < 2 ? std::string::npos : bytes_.rfind('\n', from - 2);
    from = newline == std::string::npos ? 0 : newline + 1;
  }
  for (unsigned i = 0; i < around && to < bytes_.size(); ++i) {
    const size_t newline = bytes_.find('\n', to);
    to = newline == std::string::npos ? bytes_.size() : newline + 1;
  }
  return bytes_.substr(from, to - from);
}

}  // namespace zlt::splat
