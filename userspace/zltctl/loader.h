// SPDX-License-Identifier: GPL-2.0-only
//
// How the module gets into the kernel and out again.
#pragma once

#include <string>

#include "userspace/zltctl/module.h"

namespace zlt::ctl {

class FileLoader {
 public:
  virtual ~FileLoader() = default;
  // `options`: "key=value key=value", as on insmod's command line.
  [[nodiscard]] virtual Sys<void> load_file(const std::string& path, const std::string& options) = 0;
};

class Loader : public FileLoader {
 public:
  // The module that is installed for the running kernel, with what it depends on.
  [[nodiscard]] virtual Sys<void> load_installed(const std::string& options) = 0;
  [[nodiscard]] virtual Sys<void> unload() = 0;
};

// finit_module(2) and nothing else: a plain .ko, no dependencies. A guest's init loads with this and not with libkmod,
// whose libcrypto alone is more to unpack, to relocate and to keep in every snapshot than all the rest of the guest
// (CMakeLists.txt has the figures).
class PlainLoader : public FileLoader {
 public:
  [[nodiscard]] Sys<void> load_file(const std::string& path, const std::string& options) override;
};

}  // namespace zlt::ctl
