// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/board.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace zlt::run {
namespace {

constexpr size_t kGap = 2;

const char* colour_of(CellStyle style) {
  switch (style) {
    case CellStyle::kPlain:
      return "";
    case CellStyle::kWorking:
      return "\033[36m";
    case CellStyle::kGood:
      return "\033[32m";
    case CellStyle::kBad:
      return "\033[1;31m";
    case CellStyle::kInfra:
      return "\033[1;33m";
  }
  return "";
}

std::string padded(const std::string& text, size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

}  // namespace

Board::Look Board::look_of(std::FILE* out) {
  Look look;
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
  look.live = ::isatty(::fileno(out)) != 0 && !dumb;
  look.colour = look.live && std::getenv("NO_COLOR") == nullptr;
  winsize size = {};
  if (::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    look.width = size.ws_col;
  }
  return look;
}

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
    fmt::print(out_, "{}: {}\n", flavour, note);
    std::fflush(out_);
  }
}

void Board::set(const std::string& row, const std::string& flavour, const std::string& text, CellStyle style) {
  const std::lock_guard guard(mutex_);
  if (std::find(rows_.begin(), rows_.end(), row) == rows_.end()) {
    rows_.push_back(row);
  }
  cells_[{row, flavour}] = {text, style};
  const bool final = style == CellStyle::kGood || style == CellStyle::kBad || style == CellStyle::kInfra;
  if (!look_.live && final) {
    fmt::print(out_, "{}: {}: {}\n", flavour, row, text);
    std::fflush(out_);
  }
}

void Board::say(const std::string& line) {
  const std::lock_guard guard(mutex_);
  erase();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
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

std::string Board::painted(const std::string& text, CellStyle style) const {
  const char* colour = look_.colour ? colour_of(style) : "";
  return *colour == '\0' ? text : std::string(colour) + text + "\033[0m";
}

// A line must not wrap, or erase() would miss part of it: the last columns give way on a narrow terminal.
std::vector<std::string> Board::lines() const {
  size_t first = std::strlen("case");
  for (const std::string& row : rows_) {
    first = std::max(first, row.size());
  }
  std::vector<std::string> out(rows_.size() + 1);
  const auto header = [](const std::string& flavour, const std::string& note) {
    return note.empty() ? flavour : flavour + " (" + note + ")";
  };
  out[0] = padded("case", first);
  for (size_t r = 0; r < rows_.size(); ++r) {
    out[r + 1] = padded(rows_[r], first);
  }
  size_t used = first;
  for (const std::string& flavour : flavours_) {
    const auto note = notes_.find(flavour);
    std::string head = header(flavour, note == notes_.end() ? "" : note->second);
    size_t width = head.size();
    for (const std::string& row : rows_) {
      const auto cell = cells_.find({row, flavour});
      width = std::max(width, cell == cells_.end() ? 0 : cell->second.text.size());
    }
    if (look_.live && used + kGap + width >= look_.width) {
      const size_t left = look_.width > used + kGap + 1 ? look_.width - used - kGap - 1 : 0;
      width = std::min(width, left);
    }
    used += kGap + width;
    out[0] += std::string(kGap, ' ') + padded(head.substr(0, width), width);
    for (size_t r = 0; r < rows_.size(); ++r) {
      const auto cell = cells_.find({rows_[r], flavour});
      const Cell shown = cell == cells_.end() ? Cell() : cell->second;
      out[r + 1] += std::string(kGap, ' ') + painted(padded(shown.text.substr(0, width), width), shown.style);
    }
  }
  if (!look_.colour) {
    for (std::string& line : out) {
      line.erase(line.find_last_not_of(' ') + 1);
    }
  }
  return out;
}

}  // namespace zlt::run
