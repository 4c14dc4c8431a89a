// SPDX-License-Identifier: GPL-2.0-only
//
// Text that others wrote, made fit to be shown: guests, kernels and QEMU may say anything, and none of it may move the
// cursor, start a line of its own, or turn the direction of what is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt {

// One character of UTF-8 text.
struct Character {
  char32_t code = 0;  // of a byte that is no UTF-8, the byte
  size_t bytes = 1;
  bool valid = false;  // UTF-8 as it should be
};
// The first one. `text` is not empty.
[[nodiscard]] Character first_character(std::string_view text);

// Does something to a terminal beside standing there: control characters (C0, DEL, C1), line and paragraph separators,
// marks that turn the direction of text.
[[nodiscard]] bool is_control(char32_t code);

// `text` as one line: what is_control() becomes \n, \t, \x1b, \u202e, and bytes that are no UTF-8 become \xff. What is
// printable already stays as it is, so that it does no harm to do it twice.
[[nodiscard]] std::string printable(std::string_view text);

// In double quotes, printable, cut to about `longest` columns: for an error that has to show what came.
[[nodiscard]] std::string quote(std::string_view text, size_t longest = 80);

// A JSON text without raw control characters: C1 and the like as \u escapes, which mean the same to whoever parses it.
[[nodiscard]] std::string printable_json(std::string_view json);

// Columns of a terminal that printable text takes: 2 for the wide letters of East Asia, 0 for combining marks.
[[nodiscard]] size_t width_of(std::string_view text);
// The first `width` columns; an ellipsis takes the place of the last when something is cut off.
[[nodiscard]] std::string cut_to(std::string_view text, size_t width);

}  // namespace zlt
