// SPDX-License-Identifier: GPL-2.0-only
//
// Where this program looks at the machine beside the module's own files. Paths, so that tests can say otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace zlt::ctl {

struct Environment {
  std::string debugfs = "/sys/kernel/debug";
  std::string filesystems = "/proc/filesystems";
  std::string lockdown = "/sys/kernel/security/lockdown";
  std::string cpus_online = "/sys/devices/system/cpu/online";
  std::string lockdep_stats = "/proc/lockdep_stats";
  std::string kernel_log = "/dev/kmsg";
  std::string module_text = "/sys/module/zltorture/sections/.text";
  std::string modules_disabled = "/proc/sys/kernel/modules_disabled";
  std::string sysfs = "/sys";
  std::string proc = "/proc";
  std::string release;  // uname -r
  bool root = false;

  // That of this process.
  [[nodiscard]] static Environment real();
};

// Lockdep is still alive; nothing without lockdep. It turns itself off at its first report.
[[nodiscard]] std::optional<bool> debug_locks(const Environment& environment);
// The address of the module's code; 0 where it is not told.
[[nodiscard]] uint64_t module_text(const Environment& environment);
// The CPUs online as the kernel lists them, "0-3,6"; empty where it does not.
[[nodiscard]] std::string cpus_online(const Environment& environment);
[[nodiscard]] bool cpu_in_list(const std::string& list, uint64_t cpu);
// Secure boot and the like: even root may not load unsigned modules or use debugfs.
[[nodiscard]] bool locked_down(const Environment& environment);
[[nodiscard]] bool has_debugfs(const Environment& environment);

}  // namespace zlt::ctl
