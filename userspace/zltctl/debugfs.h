// SPDX-License-Identifier: GPL-2.0-only
//
// The module through debugfs: the only file that knows the paths.
#pragma once

#include <string>

#include "userspace/zltctl/module.h"

namespace zlt::ctl {

class Debugfs : public Module {
 public:
  // `mount`: where debugfs is mounted.
  explicit Debugfs(std::string mount) : mount_(std::move(mount)) {}

  [[nodiscard]] Sys<std::string> read(File file) override;
  [[nodiscard]] Sys<void> write(File file, std::string_view text) override;
  [[nodiscard]] PendingWrite write_in_background(File file, std::string_view text) override;

  [[nodiscard]] const std::string& mount() const { return mount_; }
  [[nodiscard]] std::string directory() const;
  [[nodiscard]] std::string path(File file) const;

 private:
  std::string mount_;
};

}  // namespace zlt::ctl
