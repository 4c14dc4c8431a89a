// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/machine.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "userspace/base/files.h"
#include "userspace/zltctl/drivers.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/kernel_command_line.h"
#include "userspace/zltctl/load.h"

namespace zlt::ctl {
namespace {

constexpr std::array kModuleFiles = {"/zltorture.ko", "/lib/zltorture/zltorture.ko"};

constexpr const char* kDrivers = "/drivers";

uint64_t since_boot_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
}

void reap_all() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

// 0 or an errno value.
int mount_on(const char* type, const char* target) {
  ::mkdir(target, 0755);
  if (::mount(type, target, type, 0, nullptr) == 0 || errno == EBUSY) return 0;
  return errno;
}

Error explain_mount(const char* type, const char* target, int error) {
  return {std::string("cannot mount ") + type + " on " + target + ": " + describe_errno(error),
          error == ENODEV ? "boot a kernel that has it" : "see the console"};
}

const char* module_file() {
  for (const char* file : kModuleFiles) {
    if (::access(file, F_OK) == 0) return file;
  }
  return kModuleFiles.front();
}

}  // namespace

void OwnMachine::mount_devices() {
  [[maybe_unused]] const int error = mount_on("devtmpfs", "/dev");  // the port then cannot be opened, which says so
}

uint64_t OwnMachine::uptime_ms() {
  return since_boot_ms();
}

std::vector<Error> OwnMachine::set_up() {
  struct Mount {
    const char* type;
    const char* target;
  };
  const Mount mounts[] = {{"proc", "/proc"}, {"sysfs", "/sys"}, {"debugfs", environment_.debugfs.c_str()}};
  std::vector<Error> out;
  for (const Mount& mount : mounts) {
    const int error = mount_on(mount.type, mount.target);
    if (error != 0) out.push_back(explain_mount(mount.type, mount.target, error));
  }
  // What is written to /dev/kmsg as a mark must not be left out because there were many. Best effort: old kernels have
  // none.
  [[maybe_unused]] const Status unlimited = write_file("/proc/sys/kernel/printk_devkmsg", "on\n");
  const Result<std::string> words = read_file("/proc/cmdline");
  PlainLoader loader;
  if (const Status drivers = load_drivers(environment_, loader, kDrivers); !drivers) out.push_back(drivers.error());
  const Status loaded = load_file(environment_, loader, module_file(), module_params(words ? *words : ""));
  if (!loaded) out.push_back(loaded.error());
  return out;
}

void OwnMachine::reap() {
  reap_all();
}

void OwnMachine::power_off() {
  ::sync();
  ::reboot(RB_POWER_OFF);
  // A machine that cannot be switched off can at least stand still: PID 1 must not end.
  ::reboot(RB_HALT_SYSTEM);
  for (;;) ::pause();
}

uint64_t SharedMachine::uptime_ms() {
  return since_boot_ms();
}

void SharedMachine::reap() {
  reap_all();
}

}  // namespace zlt::ctl
