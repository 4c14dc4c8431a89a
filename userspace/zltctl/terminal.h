// SPDX-License-Identifier: GPL-2.0-only
//
// Text for people: colours and width where the output is a terminal, plain everywhere else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zlt::ctl {

enum class Tone { kPlain, kGood, kBad, kDim, kBold };

struct Terminal {
  bool colour = false;
  size_t width = 0;  // columns; 0: no limit

  // That of a file descriptor. NO_COLOR and TERM=dumb are heeded.
  [[nodiscard]] static Terminal of(int fd);
  [[nodiscard]] std::string toned(std::string_view text, Tone tone) const;
};

// Characters, not bytes, of UTF-8 text.
[[nodiscard]] size_t width_of(std::string_view text);

// Rows of cells, aligned; the last column is cut to the terminal's width.
class Table {
 public:
  struct Cell {
    std::string text;
    Tone tone = Tone::kPlain;
  };
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::string text(const Terminal& terminal) const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace zlt::ctl
