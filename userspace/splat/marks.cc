// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/marks.h"

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

size_t blanks(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_blank(text[count])) ++count;
  return count;
}

// A mark of a quotation with the blanks in front of it, 0 if there is none.
size_t quote(std::string_view text) {
  const size_t front = blanks(text);
  return front < text.size() && (text[front] == '>' || text[front] == '|') ? front + 1 : 0;
}

size_t ticks(std::string_view text) {
  size_t count = 0;
  while (count < 3 && count < text.size() && text[count] == '`') ++count;
  return count;
}

// Closed before the line is over: a word of a sentence in which somebody speaks about a report.
bool is_mention(std::string_view text) {
  const size_t close = text.find('`', ticks(text));
  return close != std::string_view::npos && close + ticks(text.substr(close)) < trim(text).size();
}

}  // namespace

void Marks::learn(std::string_view line) {
  *this = {};
  for (size_t length = quote(line); length > 0; length = quote(line)) {
    line.remove_prefix(length);
    ++quotes_;
  }
  indent_ = blanks(line);
  line.remove_prefix(indent_);
  ticks_ = ticks(line) > 0 && !is_mention(line);
}

std::string_view Marks::strip(std::string_view line) const {
  if (!any()) return line;
  for (size_t i = 0; i < quotes_; ++i) line.remove_prefix(quote(line));
  for (size_t i = 0; i < indent_ && !line.empty() && is_blank(line.front()); ++i) line.remove_prefix(1);
  if (!ticks_) return line;
  if (!is_mention(line)) line.remove_prefix(ticks(line));
  for (int i = 0; i < 3 && line.ends_with('`'); ++i) line.remove_suffix(1);
  return line;
}

}  // namespace zlt::splat
