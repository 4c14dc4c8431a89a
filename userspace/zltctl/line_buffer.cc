// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/line_buffer.h"

namespace zlt::ctl {

std::optional<LineBuffer::Line> LineBuffer::next() {
  const size_t end = waiting_.find('\n', searched_);
  if (end == std::string::npos) {
    if (waiting_.size() > longest_) {
      dropping_ = true;
      waiting_.clear();
    }
    searched_ = waiting_.size();
    return {};
  }
  Line line;
  line.too_long = dropping_ || end > longest_;
  if (!line.too_long) line.text = waiting_.substr(0, end);
  if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
  waiting_.erase(0, end + 1);
  searched_ = 0;
  dropping_ = false;
  return line;
}

}  // namespace zlt::ctl
