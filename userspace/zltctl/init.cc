// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's init: `zltctl guest` and nothing else, so that it can be linked statically and be up at once.
#include "userspace/zltctl/guest.h"

int main(int argc, char** argv) {
  return zlt::ctl::guest_main(argc, argv);
}
