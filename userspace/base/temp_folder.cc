// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/temp_folder.h"

#include <cstdlib>

namespace zlt {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPrefix = "zlt-temp-";

fs::path place_for_all() {
  const char* place = std::getenv("TMPDIR");
  return place != nullptr && *place == '/' ? place : "/tmp";
}

}  // namespace

void TempFolder::clear_up() {
  remove_abandoned(place_for_all(), [](const std::string& name) { return name.starts_with(kPrefix); });
}

Result<TempFolder> TempFolder::create() {
  clear_up();
  Result<OwnFolder> folder = make_own_folder(place_for_all(), kPrefix);
  return folder ? Result<TempFolder>(TempFolder(std::move(*folder))) : tl::unexpected(folder.error());
}

TempFolder::~TempFolder() {
  if (folder_.path.empty()) return;
  std::error_code error;
  fs::permissions(folder_.path, fs::perms::owner_all, error);
  fs::remove_all(folder_.path, error);
}

}  // namespace zlt
