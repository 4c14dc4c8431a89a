// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/shape.h"

#include <algorithm>
#include <array>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kLongest = 128;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_letter(char c) {
  return (is_word(c) && !is_digit(c)) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// What parts of the kernel put in front of their reports themselves, and text of reports.
bool is_of_the_kernel(std::string_view head) {
  constexpr auto kOwn = std::to_array<std::string_view>(
      {"watchdog:", "NMI watchdog:", "rcu:",       "[",           "smp:",     "csd:", "traps:", "kasan:",
       "kmemleak:", "sched:",        "workqueue:", "list_add",    "list_del", "Oops", "die:",   "UBSAN:",
       "BUG:",      "INFO:",         "WARNING:",   "Kernel",      "x86/fpu:", "mce:", "perf:",  "unwind:",
       "page:",     "slub:",         "usercopy:",  "refcount_t:", "kernel:"});
  head = trim(head);
  return std::find(kOwn.begin(), kOwn.end(), head) != kOwn.end();
}

}  // namespace

std::optional<Shape> Shape::of(std::string_view head) {
  if (head.size() > kLongest || trim(head).empty() || is_of_the_kernel(head) || contains(head, "+0x")) return {};
  Shape shape;
  shape.head_ = head;
  while (is_blank(head.back())) {  // there is more than blanks
    head.remove_suffix(1);
    ++shape.blanks_;
  }
  // Words alone are somebody's sentence.
  const char last = head.back();
  if (is_letter(last) || last == ',' || last == '.' || last == '"' || last == '\'' || last == '(') {
    const bool has_mark = head.find_first_of("|]:>") != std::string_view::npos || is_digit(head.front());
    if (!has_mark) return {};
  }
  int depth = 0;
  for (size_t i = 0; i < head.size();) {
    const size_t begin = i;
    const char c = head[i];
    if (is_digit(c)) {
      while (i < head.size() && is_digit(head[i])) ++i;
      shape.tokens_.push_back({depth > 0 ? What::kAny : What::kNumber, {}});
    } else if (is_letter(c)) {
      while (i < head.size() && is_letter(head[i])) ++i;
      const bool letter = i - begin == 1 && is_upper(c);
      const What what = depth > 0 ? What::kAny : letter ? What::kLetter : What::kText;
      shape.tokens_.push_back({what, std::string(head.substr(begin, i - begin))});
    } else if (is_blank(c)) {
      while (i < head.size() && is_blank(head[i])) ++i;
      shape.tokens_.push_back({depth > 0 ? What::kAny : What::kBlanks, {}});
    } else {
      ++i;
      if (c == '[' || c == '(') ++depth;
      if ((c == ']' || c == ')') && depth > 0) --depth;
      const bool loose = depth > 0 && (c == '-' || c == '/' || c == '.' || c == ':' || c == '_');
      shape.tokens_.push_back({loose ? What::kAny : What::kText, std::string(1, c)});
    }
  }
  return shape;
}

size_t Shape::match(std::string_view line) const {
  size_t at = 0;
  const auto run = [&](auto is) {
    const size_t begin = at;
    while (at < line.size() && is(line[at])) ++at;
    return at > begin;
  };
  for (const Token& token : tokens_) {
    switch (token.what) {
      case What::kText:
        if (!line.substr(at).starts_with(token.text)) return 0;
        at += token.text.size();
        break;
      case What::kNumber:
        run(is_blank);
        if (!run(is_digit)) return 0;
        break;
      case What::kLetter:
        if (at >= line.size() || !is_upper(line[at])) return 0;
        ++at;
        break;
      case What::kBlanks:
        if (!run(is_blank) && at < line.size() && !is_digit(line[at])) return 0;
        break;
      case What::kAny:
        run([](char c) { return c != ']' && c != ')' && c != '[' && c != '('; });
        break;
    }
  }
  for (size_t i = 0; i < blanks_ && at < line.size() && is_blank(line[at]); ++i) ++at;
  return at;
}

}  // namespace zlt::splat
