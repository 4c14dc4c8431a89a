// SPDX-License-Identifier: GPL-2.0-only
//
// A private folder under TMPDIR that goes with its owner, or, when that is killed, with the next one that is made.
#pragma once

#include <filesystem>

#include "userspace/base/own_folder.h"
#include "userspace/base/result.h"

namespace zlt {

class TempFolder {
 public:
  [[nodiscard]] static Result<TempFolder> create();

  // Those of programs that were killed.
  static void clear_up();

  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  TempFolder(TempFolder&& other) noexcept : folder_(std::move(other.folder_)) { other.folder_.path.clear(); }
  TempFolder& operator=(TempFolder&&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path; }

 private:
  explicit TempFolder(OwnFolder folder) : folder_(std::move(folder)) {}
  OwnFolder folder_;
};

}  // namespace zlt
