// SPDX-License-Identifier: GPL-2.0-only
//
// results.json, schema 1. Text from a guest may be any bytes: what is not UTF-8 is replaced, never refused.
#pragma once

#include <string>

#include "userspace/report/model.h"

namespace zlt::report {

inline constexpr int kSchema = 1;

// The whole document, indented, ending in a newline.
[[nodiscard]] std::string to_json(const Run& run);

}  // namespace zlt::report
