// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/temp_folder.h"

#include <cerrno>
#include <cstdlib>

#include "userspace/base/files.h"

namespace zlt {
namespace fs = std::filesystem;

Result<TempFolder> TempFolder::create() {
  const char* place = std::getenv("TMPDIR");
  const fs::path above = place != nullptr && *place == '/' ? place : "/tmp";
  std::string pattern = (above / "zlt-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return file_failure("create a folder in", above, errno);
  }
  return TempFolder(pattern);
}

TempFolder::~TempFolder() {
  if (path_.empty()) return;
  std::error_code error;
  fs::permissions(path_, fs::perms::owner_all, error);
  fs::remove_all(path_, error);
}

}  // namespace zlt
