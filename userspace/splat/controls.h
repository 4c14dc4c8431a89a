// SPDX-License-Identifier: GPL-2.0-only
//
// Bytes that are no text: control characters, and the escape sequences of terminals.
#pragma once

#include <string>
#include <string_view>

namespace zlt::splat {

struct Bytes {
  bool control = false;  // below 0x20, tab aside
  bool high = false;     // from 0x80 on
};
// What kinds of bytes `text` has; `control` may be true without one.
[[nodiscard]] Bytes look_at_bytes(std::string_view text);

// Appends `raw` without control characters (C0, DEL, and C1 as UTF-8 or as single bytes) and without the sequences that
// they begin: colours, titles, links. A sequence that never ends takes nothing with it.
void without_controls(std::string_view raw, std::string& out);

// Length of the UTF-8 character at the start of `text`, 0 if it is none.
[[nodiscard]] size_t utf8_length(std::string_view text);

}  // namespace zlt::splat
