// SPDX-License-Identifier: GPL-2.0-only
//
// A parameter of the module's runs, as a person or a plan gives it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "userspace/base/result.h"

namespace zlt::run {

// From "key=value". Names and ranges are those of module/abi/params.h.
[[nodiscard]] Result<std::pair<std::string, std::uint64_t>> parse_param(const std::string& text);

}  // namespace zlt::run
