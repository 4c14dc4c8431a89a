// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

namespace zlt::splat {

// A title without what differs between two boots: addresses become ADDR, line numbers LINE, other numbers NUM, IP
// addresses IP and IPV6ADDR; "FUNC+0x1/0x2" becomes FUNC. Control bytes go, blanks are single, 120 bytes are enough.
[[nodiscard]] std::string normalise_title(std::string_view title);

// "WHAT in FUNCTION", or WHAT alone if nobody is to blame.
[[nodiscard]] std::string with_function(std::string_view what, std::string_view function);

}  // namespace zlt::splat
