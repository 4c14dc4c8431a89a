// SPDX-License-Identifier: GPL-2.0-only
//
// Rows of cells, aligned by characters, never wider than the terminal: the one table printer of all programs.
#pragma once

#include <string>
#include <vector>

#include "userspace/base/terminal.h"

namespace zlt {

class Table {
 public:
  struct Cell {
    std::string text;  // is made printable
    Tone tone = Tone::kPlain;
  };
  void add(std::vector<Cell> row);
  // A line per row, without its end. Where the terminal is too narrow, the last column gives way first, then the widest
  // ones; what is cut ends in an ellipsis. Columns that have no room at all are left out, the last first.
  [[nodiscard]] std::vector<std::string> lines(const Terminal& terminal) const;
  // The same, each line with its end.
  [[nodiscard]] std::string text(const Terminal& terminal) const;

 private:
  [[nodiscard]] std::vector<size_t> widths(size_t room) const;

  std::vector<std::vector<Cell>> rows_;
};

}  // namespace zlt
