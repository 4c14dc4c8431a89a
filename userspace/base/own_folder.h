// SPDX-License-Identifier: GPL-2.0-only
//
// Folders that belong to a running program: it holds a lock on the folder itself, which goes with the program however
// that ends. So one that nobody holds is what a killed program left, and whoever finds it may remove it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt {

struct OwnFolder {
  std::filesystem::path path;
  UniqueFd hold;
};

// A new one in `above`, its name `prefix` and something random; private.
[[nodiscard]] Result<OwnFolder> make_own_folder(const std::filesystem::path& above, const std::string& prefix);

// `how`: LOCK_SH or LOCK_EX. Not valid when somebody else's is in the way, or there is no such folder. Does not wait.
[[nodiscard]] UniqueFd lock_folder(const std::filesystem::path& folder, int how);

// Removes the folders in `above` that `ours` says yes to and nobody holds.
void remove_abandoned(const std::filesystem::path& above, const std::function<bool(const std::string& name)>& ours);

}  // namespace zlt
