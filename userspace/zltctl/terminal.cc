// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace zlt::ctl {
namespace {

constexpr size_t kGap = 2;

const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kGood:
      return "\033[32m";
    case Tone::kBad:
      return "\033[1;31m";
    case Tone::kDim:
      return "\033[2m";
    case Tone::kBold:
      break;
  }
  return "\033[1m";
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The first `width` characters; an ellipsis takes the place of the last when something is cut off.
std::string cut(const std::string& text, size_t width) {
  if (width_of(text) <= width) return text;
  size_t seen = 0;
  size_t end = 0;
  while (end < text.size() && (continues(text[end]) || ++seen < width)) ++end;
  return text.substr(0, end) + "…";
}

}  // namespace

Terminal Terminal::of(int fd) {
  Terminal out;
  if (::isatty(fd) == 0) return out;
  const char* name = std::getenv("TERM");
  const char* plain = std::getenv("NO_COLOR");
  out.colour = name != nullptr && std::string_view(name) != "dumb" && (plain == nullptr || *plain == '\0');
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0) out.width = size.ws_col;
  return out;
}

std::string Terminal::toned(std::string_view text, Tone tone) const {
  if (!colour || tone == Tone::kPlain || text.empty()) return std::string(text);
  return code_of(tone) + std::string(text) + "\033[0m";
}

size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string Table::text(const Terminal& terminal) const {
  std::vector<size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i].text));
  }
  std::string out;
  for (const auto& row : rows_) {
    size_t column = 0;
    for (size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const size_t room = terminal.width > column + 1 ? terminal.width - column : 0;
      const std::string text = last && room > 0 ? cut(row[i].text, room) : row[i].text;
      out += terminal.toned(text, row[i].tone);
      if (!last) out.append(widths[i] - width_of(text) + kGap, ' ');
      column += widths[i] + kGap;
    }
    out += '\n';
  }
  return out;
}

}  // namespace zlt::ctl
