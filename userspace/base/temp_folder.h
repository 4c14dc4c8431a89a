// SPDX-License-Identifier: GPL-2.0-only
//
// A private folder under TMPDIR that goes with its owner.
#pragma once

#include <filesystem>

#include "userspace/base/result.h"

namespace zlt {

class TempFolder {
 public:
  [[nodiscard]] static Result<TempFolder> create();

  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  TempFolder(TempFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TempFolder& operator=(TempFolder&&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace zlt
