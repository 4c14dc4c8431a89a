// SPDX-License-Identifier: GPL-2.0-only
//
// Which accelerator guests run on. /dev/kvm may open and even run vCPUs, and still never bring a kernel up; so KVM is
// used only once a guest kernel was seen to run under it here, in this boot of the host.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/zlt/guest/command_line.h"
#include "qemu/zlt/io/stop.h"
#include "userspace/base/result.h"

namespace zlt::run {

enum class AccelMode { kAuto, kTcg, kKvm };

struct Accel {
  std::string argument;  // of -accel
  std::string name;      // "tcg" or "kvm"
  std::string why;       // one line for people
};

// `machine` is what to try KVM with. The answer is remembered in `cache`. An error when KVM was asked for by name and
// does not work, or when interrupted.
[[nodiscard]] Result<Accel> choose_accel(AccelMode mode, Machine machine, const std::filesystem::path& cache,
                                         const Stop& stop);

}  // namespace zlt::run
