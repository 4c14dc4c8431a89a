// SPDX-License-Identifier: GPL-2.0-only
//
// results.json, schema 2 (docs/formats.md). Text from a guest may be any bytes: what is not UTF-8 is replaced, never
// refused, and control characters are escaped, all of them.
#pragma once

#include <string>

#include "userspace/report/model.h"

namespace zlt::report {

inline constexpr int kSchema = 2;

// The whole document, indented, ending in a newline.
[[nodiscard]] std::string to_json(const Run& run);

}  // namespace zlt::report
