// SPDX-License-Identifier: GPL-2.0-only
//
// The little that an initramfs needs to know of ELF files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

// What the loader would map for `program`: its libraries and its interpreter, by absolute path, sorted. Empty for a
// statically linked one.
[[nodiscard]] Result<std::vector<std::filesystem::path>> needed_files(const std::filesystem::path& program);

// The file without what no loader reads: sections, symbols and debugging data behind the last loadable segment. A guest
// unpacks a tenth of the bytes and runs the same program. Anything that is not such an ELF file is returned unchanged.
[[nodiscard]] std::string loadable_part(std::string file);

}  // namespace zlt::run
