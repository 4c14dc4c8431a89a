// SPDX-License-Identifier: GPL-2.0-only
//
// The first look at a log: finds, at the speed of memory, the places where a report could begin. Nearly all of a log
// has none, and is never split into lines.
#pragma once

#include <cstddef>
#include <string_view>

namespace zlt::splat {

// Where the first anchor in text[from…] is: an offset inside it; text.size() if there is none. Each report's first line
// holds an anchor, and an anchor never spans lines. `from` has to be the begin of a line.
[[nodiscard]] size_t find_anchor(std::string_view text, size_t from);

// The same, byte by byte: the reference that the fast one is tested against.
[[nodiscard]] size_t find_anchor_slow(std::string_view text, size_t from);

[[nodiscard]] size_t count_newlines(std::string_view text);

}  // namespace zlt::splat
