// SPDX-License-Identifier: GPL-2.0-only
//
// Lines of the control port as JSON objects and back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "userspace/base/result.h"
#include "userspace/protocol/id.h"

namespace zlt::protocol {

using Json = nlohmann::json;

inline constexpr unsigned kVersion = 2;                    // `proto` of `hello`
inline constexpr size_t kLongestLine = size_t{64} << 10U;  // without its end
inline constexpr unsigned kDeepest = 16;                   // objects and arrays within each other
inline constexpr std::uint64_t kMostCases = 4096;          // one case in two forms counts twice

// One JSON object. Refused: what is none, no member name twice in one object, nothing nested deeper than kDeepest.
[[nodiscard]] Result<Json> parse_line(std::string_view line);
// One line without its end; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string line_of(const Json& value);

// The member `id` of whatever came; none where there is none that can be one.
[[nodiscard]] Id id_in(const Json& object);

}  // namespace zlt::protocol
