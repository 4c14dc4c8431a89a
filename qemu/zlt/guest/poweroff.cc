// SPDX-License-Identifier: GPL-2.0-only
//
// The init of a bare boot, to measure against: powers off and nothing else.
#include <sys/reboot.h>

int main() {
  return ::reboot(RB_POWER_OFF);
}
