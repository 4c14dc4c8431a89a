// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/program.h"
#include "userspace/splat/cli/splat_cli.h"

int main(int argc, char** argv) {
  return zlt::run_program("zlt splat", zlt::splat::splat_main, argc, argv);
}
