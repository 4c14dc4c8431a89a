// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/board.h"

#include <fmt/format.h>

#include <algorithm>

#include "userspace/base/printable.h"

namespace zlt::run {

void Board::set_columns(const std::vector<std::string>& flavours) {
  const std::lock_guard guard(mutex_);
  flavours_ = flavours;
}

void Board::set_column_note(const std::string& flavour, const std::string& note) {
  const std::lock_guard guard(mutex_);
  if (notes_[flavour] == note) {
    return;
  }
  notes_[flavour] = note;
  if (!look_.live && !note.empty()) {
    fmt::print(out_, "{}: {}\n", flavour, printable(note));
    std::fflush(out_);
  }
}

void Board::set(const std::string& row, const std::string& flavour, const std::string& text, Tone tone) {
  const std::lock_guard guard(mutex_);
  if (std::find(rows_.begin(), rows_.end(), row) == rows_.end()) {
    rows_.push_back(row);
  }
  cells_[{row, flavour}] = {text, tone};
  const bool final = tone == Tone::kGood || tone == Tone::kBad || tone == Tone::kWarning;
  if (!look_.live && final) {
    fmt::print(out_, "{}: {}: {}\n", flavour, printable(row), printable(text));
    std::fflush(out_);
  }
}

void Board::say(const std::string& line) {
  const std::lock_guard guard(mutex_);
  erase();
  fmt::print(out_, "{}\n", printable(line));
  std::fflush(out_);
}

void Board::set_width(size_t columns) {
  const std::lock_guard guard(mutex_);
  look_.width = columns;
}

void Board::draw() {
  const std::lock_guard guard(mutex_);
  if (!look_.live) {
    return;
  }
  erase();
  const std::vector<std::string> table = lines();
  for (const std::string& line : table) {
    fmt::print(out_, "{}\n", line);
  }
  drawn_ = table.size();
  std::fflush(out_);
}

void Board::clear() {
  const std::lock_guard guard(mutex_);
  erase();
  std::fflush(out_);
}

void Board::finish() {
  const std::lock_guard guard(mutex_);
  erase();
  for (const std::string& line : lines()) {
    fmt::print(out_, "{}\n", line);
  }
  std::fflush(out_);
}

void Board::erase() {
  if (drawn_ > 0) {
    fmt::print(out_, "\033[{}A\033[J", drawn_);
    drawn_ = 0;
  }
}

// A line must not wrap, or erase() would miss part of it: one column of the terminal stays free.
std::vector<std::string> Board::lines() const {
  Table table;
  std::vector<Table::Cell> head = {{"case"}};
  for (const std::string& flavour : flavours_) {
    const auto note = notes_.find(flavour);
    const bool noted = note != notes_.end() && !note->second.empty();
    head.push_back({noted ? flavour + " (" + note->second + ")" : flavour});
  }
  table.add(std::move(head));
  for (const std::string& row : rows_) {
    std::vector<Table::Cell> cells = {{row}};
    for (const std::string& flavour : flavours_) {
      const auto cell = cells_.find({row, flavour});
      cells.push_back(cell == cells_.end() ? Table::Cell() : cell->second);
    }
    table.add(std::move(cells));
  }
  Terminal room = look_;
  room.width = look_.live && look_.width > 0 ? std::max<size_t>(look_.width - 1, 1) : 0;
  return table.lines(room);
}

}  // namespace zlt::run
