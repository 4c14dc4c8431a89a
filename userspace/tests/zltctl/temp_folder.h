// SPDX-License-Identifier: GPL-2.0-only
//
// A folder for one test, with files that change under whoever reads them.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "userspace/base/files.h"
#include "userspace/base/temp_folder.h"

namespace zlt::test {

class TempFolder {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path() / name).string(); }
  // Written in one piece: a reader sees the old content or the new.
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path() / name).parent_path());
    const Status written = replace_file(path() / name, text);
    if (!written) throw std::runtime_error(written.error().line());
  }

 private:
  zlt::TempFolder folder_ = zlt::TempFolder::create().value();
};

}  // namespace zlt::test
