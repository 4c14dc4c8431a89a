// SPDX-License-Identifier: GPL-2.0-only
//
// A folder for one test, with files in it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "userspace/base/files.h"
#include "userspace/base/temp_folder.h"

namespace zlt::test {

class TempDir {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path() / name).parent_path());
    EXPECT_TRUE(write_file(path() / name, text));
    return path() / name;
  }

 private:
  zlt::TempFolder folder_ = zlt::TempFolder::create().value();
};

}  // namespace zlt::test
