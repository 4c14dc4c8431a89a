// SPDX-License-Identifier: GPL-2.0-only
//
// Where things lie: the data zlt comes with (source tree or PREFIX/share/zltorture), and the cache.
#pragma once

#include <filesystem>
#include <string>

#include "userspace/base/result.h"

namespace zlt::run {

struct Paths {
  std::filesystem::path data;     // holds qemu/flavours, qemu/machines, scripts
  std::filesystem::path modules;  // RELEASE/zltorture.ko
  std::filesystem::path init;     // the guest's PID 1
  std::filesystem::path cache;    // kernels, initramfs, snapshots, accel
  bool source_tree = false;       // modules can be rebuilt here

  // The names of the cases that the modules have, one a line; the build writes it.
  [[nodiscard]] std::filesystem::path cases() const { return modules / "cases"; }
  [[nodiscard]] std::filesystem::path flavours() const { return data / "qemu" / "flavours"; }
  [[nodiscard]] std::filesystem::path machines() const { return data / "qemu" / "machines"; }
  [[nodiscard]] std::filesystem::path plans() const { return data / "qemu" / "plans"; }
  [[nodiscard]] std::filesystem::path script(const std::string& name) const { return data / "scripts" / name; }
  [[nodiscard]] std::filesystem::path kernel(const std::string& flavour) const { return cache / "kernels" / flavour; }
};

// From where this program lies: X/build/bin/zlt in a source tree X, or PREFIX/bin/zlt. `data`, when not empty, says
// it instead.
[[nodiscard]] Result<Paths> find_paths(const std::filesystem::path& data);

// `${XDG_CACHE_HOME:-~/.cache}/zltorture`
[[nodiscard]] Result<std::filesystem::path> cache_folder();

}  // namespace zlt::run
