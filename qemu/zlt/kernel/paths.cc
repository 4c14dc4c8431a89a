// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/paths.h"

#include <cstdlib>

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

bool has_data(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "qemu" / "flavours", error);
}

// A program built for sanitizers lies deeper under build/; the tree is the nearest folder above with data and scripts.
fs::path tree_above(fs::path folder) {
  for (; folder != folder.root_path(); folder = folder.parent_path()) {
    if (has_data(folder)) {
      return folder;
    }
  }
  return {};
}

}  // namespace

Result<fs::path> cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') {
    return fs::path(cache) / "zltorture";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') {
    return failure("no place for the cache: neither XDG_CACHE_HOME nor HOME is set", "set one of them");
  }
  return fs::path(home) / ".cache" / "zltorture";
}

Result<Paths> find_paths(const fs::path& data) {
  std::error_code error;
  const fs::path bin = fs::read_symlink("/proc/self/exe", error).parent_path();
  Paths out;
  const fs::path tree = data.empty() ? tree_above(bin) : fs::absolute(data, error);
  const fs::path share = bin.parent_path() / "share" / "zltorture";
  if (!tree.empty() && has_data(tree)) {
    out.data = tree;
    out.modules = tree / "build" / "module";
    out.source_tree = fs::exists(tree / "Kbuild", error);
  } else if (data.empty() && has_data(share)) {
    out.data = share;
    out.modules = share / "module";
  } else {
    return failure("no flavours under " + (data.empty() ? share : tree).string() + "/qemu/flavours",
                   "install zltorture whole, or say --data DIR");
  }
  out.init = bin / "zltctl-init";
  Result<fs::path> cache = cache_folder();
  if (!cache) {
    return tl::unexpected(cache.error());
  }
  out.cache = *cache;
  return out;
}

}  // namespace zlt::run
