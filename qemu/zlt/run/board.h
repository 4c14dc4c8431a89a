// SPDX-License-Identifier: GPL-2.0-only
//
// What people see while a run goes on: a row per case, a column per flavour. On a terminal the table is redrawn in
// place; anywhere else every finished case is one plain line, and the table comes once at the end. Any thread may
// write, and any text: it is made printable here.
#pragma once

#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "userspace/base/table.h"
#include "userspace/base/terminal.h"

namespace zlt::run {

class Board {
 public:
  // `look`: of what `out` is. Where it is not live, it is no terminal, and there is no limit to its width.
  Board(std::FILE* out, Terminal look) : out_(out), look_(look) {}

  void set_columns(const std::vector<std::string>& flavours);
  // The state of a whole column: "building the kernel", "booting"; "" once its cells speak.
  void set_column_note(const std::string& flavour, const std::string& note);
  void set(const std::string& row, const std::string& flavour, const std::string& text, Tone tone);
  // A line that stays.
  void say(const std::string& line);
  // Columns of the terminal, which may change under a run.
  void set_width(size_t columns);
  // Redraws the live table; does nothing when plain. To be called a few times a second.
  void draw();
  // Takes the live table away.
  void clear();
  // The table for good.
  void finish();

 private:
  [[nodiscard]] std::vector<std::string> lines() const;
  void erase();

  std::FILE* out_;
  Terminal look_;
  mutable std::mutex mutex_;
  std::vector<std::string> flavours_;
  std::vector<std::string> rows_;
  std::map<std::string, std::string> notes_;
  std::map<std::pair<std::string, std::string>, Table::Cell> cells_;
  size_t drawn_ = 0;  // lines of the live table on the screen now
};

}  // namespace zlt::run
