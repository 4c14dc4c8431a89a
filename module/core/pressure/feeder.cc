// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/pressure/feeder.h"

namespace zlt {

namespace {

constexpr Effort kFeederEffort = {64, 16};  // with interrupts off: short

}  // namespace

void Feeder::serve() {
  while (!worker_.quitting() && !setup_.run.stopping()) {
    {
      const auto held = port_.lock_irqsave();
      reader_.visit(kFeederEffort);
    }
    zlt_sleep_us(20);
  }
}

}  // namespace zlt
