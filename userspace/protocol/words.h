// SPDX-License-Identifier: GPL-2.0-only
//
// Names that cross the control port. They become folders, words of a shell and cells of a table: what is no name is
// refused where it comes in.
#pragma once

#include <string_view>

namespace zlt::protocol {

inline constexpr size_t kLongestName = 64;    // of a case, a counter, a parameter, a zone
inline constexpr size_t kLongestText = 4096;  // of a reason, a summary, an error

// "scenario/variant": two words of a-z, 0-9 and -.
[[nodiscard]] bool is_case_name(std::string_view text);
// "bounded" or "faithful".
[[nodiscard]] bool is_form(std::string_view text);
// A word of a-z, 0-9, - and _, also with dots in it and with capitals: a counter, a parameter, a zone.
[[nodiscard]] bool is_key(std::string_view text);

}  // namespace zlt::protocol
