// SPDX-License-Identifier: GPL-2.0-only
//
// What a zlt or a script that was killed left in the cache: folders that it was still filling, and files it was about
// to rename. Each next run takes them away, whether it makes any itself or not.
#pragma once

#include <filesystem>

namespace zlt::run {

// Begins the name of a saved guest's folder that is still being filled.
inline constexpr const char* kDraftPrefix = ".making-";

// Only what nobody uses: folders that no process has locked, files whose writer's process is gone.
void remove_leftovers(const std::filesystem::path& cache);

}  // namespace zlt::run
