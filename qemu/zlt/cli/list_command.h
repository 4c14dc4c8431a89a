// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt list`: what `zlt run` can be asked for.
#pragma once

#include <filesystem>

#include "userspace/base/result.h"

namespace zlt::run {

// Flavours, and the cases that saved guests have told of. Boots nothing.
[[nodiscard]] Exit list_command(const std::filesystem::path& data);

}  // namespace zlt::run
