// SPDX-License-Identifier: GPL-2.0-only
//
// The words QEMU is started with. What makes the machine is kept apart from how it is connected, so that a person can
// start the same machine on a terminal, and so that a snapshot is known by the machine it was taken of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace zlt::run {

struct Machine {
  std::string qemu = "qemu-system-x86_64";
  std::string accel = "tcg,thread=multi";
  unsigned cpus = 2;
  std::string smp;  // for -smp, instead of cpus
  unsigned memory_mib = 256;
  std::string type = "q35";         // for -machine
  std::vector<std::string> memory;  // nodes and slots, in the place of -m memory_mib; see topology.h
  std::filesystem::path kernel;
  std::filesystem::path initramfs;
  std::string append;  // the kernel's command line
};

// The kernel command line every guest gets, and more words after it.
[[nodiscard]] std::string kernel_command_line(const std::vector<std::string>& more);

// Everything but program and connections.
[[nodiscard]] std::vector<std::string> machine_arguments(const Machine& machine);

// Descriptors in our process that the guest's ports are connected to.
struct Connections {
  int qmp;
  int console;  // ttyS0
  int control;  // ttyS1
};
// The complete command. `incoming`: a saved state to start from; empty to boot.
[[nodiscard]] std::vector<std::string> guest_command(const Machine& machine, const Connections& connections,
                                                     const std::filesystem::path& incoming);

// A shell script that boots the machine by hand, console on the terminal. `autorun`: the case that the guest's init
// then runs, as zltctl takes it on the kernel command line; may be empty.
[[nodiscard]] std::string hand_script(const Machine& machine, const std::string& autorun);

// One word for sh.
[[nodiscard]] std::string shell_quoted(const std::string& word);

}  // namespace zlt::run
