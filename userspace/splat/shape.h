// SPDX-License-Identifier: GPL-2.0-only
//
// What a collector that nobody told us of puts in front of each line, learned from one line of a report: the same
// words and punctuation, other numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zlt::splat {

class Shape {
 public:
  // Of `head`, which stands in front of the kernel's own text. Nothing if that is no prefix: too long, no more than
  // words, or text of a report itself.
  [[nodiscard]] static std::optional<Shape> of(std::string_view head);

  // How much of `line` is a prefix of this shape; 0 if it has none. The blanks that end the prefix are as many as in
  // the line it was learned from, unless the line ends before.
  [[nodiscard]] size_t match(std::string_view line) const;
  [[nodiscard]] std::string_view head() const { return head_; }

 private:
  enum class What { kText, kNumber, kLetter, kBlanks, kAny };
  struct Token {
    What what;
    std::string text;  // kText
  };

  std::string head_;
  std::vector<Token> tokens_;
  size_t blanks_ = 0;
};

}  // namespace zlt::splat
