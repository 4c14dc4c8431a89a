// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's file system: the controller's guest mode as /init, the libraries it needs under their own paths, the
// module as /zltorture.ko, and drivers as /drivers/N-NAME.ko. The same inputs give the same bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

struct InitramfsInputs {
  std::filesystem::path init;
  std::string module;  // all of zltorture.ko; empty for a guest without
  std::vector<std::filesystem::path>
      drivers;  // more modules, in the order to load them where there are devices for them
};

// The archive, cpio "newc".
[[nodiscard]] Result<std::string> make_initramfs(const InitramfsInputs& inputs);

struct Initramfs {
  std::filesystem::path file;
  std::string digest;
  bool healed = false;  // there was one under its name, of another content
};

// Made, and put into `folder` under a name with its content's digest unless it is there, byte for byte; older ones of
// the same `flavour` go.
[[nodiscard]] Result<Initramfs> cached_initramfs(const InitramfsInputs& inputs, const std::filesystem::path& folder,
                                                 const std::string& flavour);

}  // namespace zlt::run
