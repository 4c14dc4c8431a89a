// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt kernel list|build|fetch|path`: the cache of kernels, for people. The scripts do the work.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

struct KernelWords {
  std::filesystem::path data;
  std::vector<std::string> flavours;
};

[[nodiscard]] Exit kernel_list_command(const KernelWords& words);
// Brings kernels into the cache that are not there yet, and prints their folders.
[[nodiscard]] Exit kernel_make_command(const KernelWords& words);
[[nodiscard]] Exit kernel_path_command(const KernelWords& words);

}  // namespace zlt::run
