// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/splat_cli.h"

int main(int argc, char** argv) {
  return zlt::splat::splat_main(argc, argv);
}
