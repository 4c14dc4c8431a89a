// SPDX-License-Identifier: GPL-2.0-only
//
// A flavour's kernel in the cache, as scripts/fetch-kernel and scripts/build-kernel leave it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

struct Kernel {
  std::filesystem::path image;       // bzImage
  std::filesystem::path system_map;  // may not exist
  std::filesystem::path kdir;        // for `make -C`
  std::filesystem::path config;      // may not exist
  std::string release;               // uname -r
  std::string digest;                // of the image
  // Of virtio's memory device, those that are modules, in the order to load them; empty where they are built in or
  // absent.
  std::vector<std::filesystem::path> drivers;
};

// Reads and checks an entry of the cache: the image must be one, and readable.
[[nodiscard]] Result<Kernel> load_kernel(const std::filesystem::path& entry, const std::string& flavour);

// The same from a folder in which a kernel was built.
[[nodiscard]] Result<Kernel> load_build_tree(const std::filesystem::path& tree);

}  // namespace zlt::run
