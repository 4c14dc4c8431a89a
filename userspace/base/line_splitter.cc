// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/line_splitter.h"

namespace zlt {

void LineSplitter::feed(std::string_view data) {
  waiting_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  waiting_.append(data);
}

std::optional<LineSplitter::Line> LineSplitter::next() {
  const size_t end = waiting_.find('\n', searched_);
  if (end == std::string::npos) {
    // one byte more may be the carriage return of a line that is just short enough
    if (waiting_.size() - begin_ > longest_ + 1) {
      dropping_ = true;
      waiting_.clear();
      begin_ = 0;
    }
    searched_ = waiting_.size();
    return {};
  }
  Line line;
  size_t length = end - begin_;
  if (length > 0 && waiting_[end - 1] == '\r') --length;
  line.too_long = dropping_ || length > longest_;
  if (!line.too_long) line.text = waiting_.substr(begin_, length);
  begin_ = end + 1;
  searched_ = begin_;
  dropping_ = false;
  return line;
}

}  // namespace zlt
