// SPDX-License-Identifier: GPL-2.0-only
//
// Loading through libkmod, as insmod and modprobe do: compressed modules, dependencies, modprobe.d.
#pragma once

#include <memory>

#include "userspace/zltctl/loader.h"

struct kmod_ctx;

namespace zlt::ctl {

class Kmod : public Loader {
 public:
  Kmod();
  Kmod(const Kmod&) = delete;
  Kmod& operator=(const Kmod&) = delete;
  Kmod(Kmod&&) = delete;
  Kmod& operator=(Kmod&&) = delete;
  ~Kmod() override;

  [[nodiscard]] Sys<void> load_file(const std::string& path, const std::string& options) override;
  [[nodiscard]] Sys<void> load_installed(const std::string& options) override;
  [[nodiscard]] Sys<void> unload() override;

 private:
  kmod_ctx* context_;
};

}  // namespace zlt::ctl
