// SPDX-License-Identifier: GPL-2.0-only
//
// Bytes in, whole lines out, whatever the pieces they come in; a line too long is dropped to its end and reported.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zlt {

class LineSplitter {
 public:
  struct Line {
    std::string text;       // without its end
    bool too_long = false;  // then `text` is empty
  };

  // `longest`: bytes that a line may have, its end not counted.
  explicit LineSplitter(size_t longest) : longest_(longest) {}

  void feed(std::string_view data);
  // The next whole line. Call until there is none: what is kept in between is bounded by the longest line.
  [[nodiscard]] std::optional<Line> next();

 private:
  size_t longest_;
  std::string waiting_;
  size_t begin_ = 0;     // of the line to come
  size_t searched_ = 0;  // no line ends before here
  bool dropping_ = false;
};

}  // namespace zlt
