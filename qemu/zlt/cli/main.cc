// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/cli.h"
#include "userspace/base/program.h"

int main(int argc, char** argv) {
  return zlt::run_program("zlt", zlt::run::command_line_main, argc, argv);
}
