// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/table.h"

#include <algorithm>
#include <utility>

#include "userspace/base/printable.h"

namespace zlt {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLastKeeps = 8;  // columns of the last column before others give way too
constexpr size_t kLeast = 2;      // a letter and the ellipsis: with less, a column says nothing

size_t all_of(const std::vector<size_t>& widths) {
  size_t out = widths.empty() ? 0 : kGap * (widths.size() - 1);
  for (const size_t width : widths) out += width;
  return out;
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<size_t> Table::widths(size_t room) const {
  std::vector<size_t> out;
  for (const auto& row : rows_) {
    out.resize(std::max(out.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) out[i] = std::max(out[i], width_of(row[i].text));
  }
  if (room == 0 || out.empty()) return out;
  if (const size_t all = all_of(out); all > room && out.back() > kLastKeeps) {
    out.back() -= std::min(all - room, out.back() - kLastKeeps);
  }
  while (all_of(out) > room) {
    const auto widest = std::max_element(out.begin(), out.end());
    if (*widest > kLeast) {
      --*widest;
    } else if (out.size() > 1) {
      out.pop_back();
    } else {
      out.back() = room;
    }
  }
  return out;
}

std::vector<std::string> Table::lines(const Terminal& terminal) const {
  const std::vector<size_t> columns = widths(terminal.width);
  std::vector<std::string> out;
  for (const auto& row : rows_) {
    std::string line;
    size_t blanks = 0;  // before the next cell that has text
    for (size_t i = 0; i < std::min(row.size(), columns.size()); ++i) {
      const std::string text = cut_to(row[i].text, columns[i]);
      if (!text.empty()) line.append(std::exchange(blanks, 0), ' ') += terminal.toned(text, row[i].tone);
      blanks += columns[i] - width_of(text) + kGap;
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string Table::text(const Terminal& terminal) const {
  std::string out;
  for (const std::string& line : lines(terminal)) out += line + '\n';
  return out;
}

}  // namespace zlt
