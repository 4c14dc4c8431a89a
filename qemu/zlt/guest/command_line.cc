// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/command_line.h"

#include <fmt/format.h>

#include "userspace/base/nearest.h"

namespace zlt::run {
namespace {

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

std::string kernel_command_line(const std::vector<std::string>& more) {
  // nokaslr: System.map then names the vCPUs' positions. panic=-1: a panic resets, and a reset is an event.
  // no_timer_check: on a busy host the emulated timer can be late enough for the kernel to take it for broken and panic
  // panic_print=64: a panic, forensics' included, traces every CPU.
  const std::vector<std::string> base = {"console=ttyS0,115200", "nokaslr",           "panic=-1",
                                         "panic_print=64",       "unknown_nmi_panic", "no_timer_check"};
  return joined(with(base, more), " ");
}

std::vector<std::string> machine_arguments(const Machine& machine) {
  const std::vector<std::string> plain = {"-m", fmt::format("{}M", machine.memory_mib)};
  std::vector<std::string> out = {"-nodefaults", "-no-user-config",
                                  "-display",    "none",
                                  "-machine",    machine.type,
                                  "-accel",      machine.accel,
                                  "-smp",        machine.smp.empty() ? std::to_string(machine.cpus) : machine.smp};
  out = with(std::move(out), machine.memory.empty() ? plain : machine.memory);
  return with(std::move(out), {"-device", "vmcoreinfo", "-kernel", machine.kernel.string(), "-initrd",
                               machine.initramfs.string(), "-append", machine.append});
}

std::vector<std::string> guest_command(const Machine& machine, const Connections& connections,
                                       const std::filesystem::path& incoming) {
  std::vector<std::string> out = with({machine.qemu}, machine_arguments(machine));
  const auto port = [&out](const char* id, int fd) {
    out.insert(out.end(), {"-chardev", fmt::format("socket,id={},fd={}", id, fd)});
  };
  port("qmp", connections.qmp);
  port("console", connections.console);
  port("control", connections.control);
  // A guest that resets or powers off stays, paused, so that its memory can still be read.
  out.insert(out.end(), {"-mon", "chardev=qmp,mode=control", "-serial", "chardev:console", "-serial", "chardev:control",
                         "-action", "reboot=shutdown,shutdown=pause"});
  if (!incoming.empty()) {
    out.insert(out.end(), {"-incoming", "exec:exec cat " + shell_quoted(incoming.string())});
  }
  return out;
}

std::string hand_script(const Machine& machine, const std::string& autorun) {
  Machine by_hand = machine;
  std::string how;
  if (autorun.empty()) {
    how =
        "# The guest loads the module and waits; `zlt run` talks to it over its second serial port, nobody does "
        "here.\n";
  } else {
    by_hand.append += " zlt.autorun=" + autorun;
    how = fmt::format(
        "# The guest loads the module and runs this case by itself: {}\n"
        "# (the word zlt.autorun= below: CASE,key=value,...)\n",
        autorun);
  }
  std::string out = fmt::format(
      "#!/bin/sh\n"
      "# Boots the guest of this case by hand, console on this terminal; leave with Ctrl-A X.\n"
      "{}# Kernel and initramfs lie in the cache of the machine that wrote this.\n"
      "exec {}",
      how, shell_quoted(machine.qemu));
  for (const std::string& word : machine_arguments(by_hand)) {
    out += (word.starts_with('-') ? " \\\n  " : " ") + shell_quoted(word);
  }
  out += " \\\n  -no-reboot -serial mon:stdio -serial null \"$@\"\n";
  return out;
}

std::string shell_quoted(const std::string& word) {
  const char* const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=,:+@";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
    return word;
  }
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

}  // namespace zlt::run
