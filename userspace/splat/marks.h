// SPDX-License-Identifier: GPL-2.0-only
//
// The marks that people put in front of lines when they quote or show them: "> ", ">> ", "> | ", "| ", an indent,
// backticks. Learned from the line that a report begins in.
#pragma once

#include <cstddef>
#include <string_view>

namespace zlt::splat {

class Marks {
 public:
  // What `line` begins with is what the lines of its report begin with.
  void learn(std::string_view line);
  // Takes them off. A line may have fewer of them, or none.
  [[nodiscard]] std::string_view strip(std::string_view line) const;
  [[nodiscard]] bool any() const { return quotes_ > 0 || indent_ > 0 || ticks_; }

 private:
  size_t quotes_ = 0;
  size_t indent_ = 0;  // blanks behind the last quote, or at the start
  bool ticks_ = false;
};

}  // namespace zlt::splat
