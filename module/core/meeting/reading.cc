// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/meeting/reading.h"

namespace zlt {

bool Bounded::spin(const Reading& reading, unsigned int& start) {
  Run& run = reading.run;
  const uint64_t began_ns = zlt_now_ns();
  uint64_t hopeless_since_ns = reading.writer_waits == nullptr ? began_ns : 0;
  uint64_t spins = 0;
  bool even = false;
  for (;;) {
    ++spins;
    start = reading.seq.peek();
    even = (start & 1) == 0;
    if (even || run.stopping()) break;
    const uint64_t now_ns = zlt_now_ns();
    if (hopeless_since_ns == 0 && reading.writer_waits->load()) hopeless_since_ns = now_ns;
    const bool hopeless = hopeless_since_ns != 0 && now_ns - hopeless_since_ns > kHopelessNs;
    const bool forlorn = now_ns - began_ns > kHopefulNs && spins > kHopefulSpins;
    if (hopeless || forlorn) {
      run.count(kGaveUp);
      run.observe(Outcome::kLivelock);
      break;
    }
    zlt_relax();
  }
  run.count(kSpins, spins);
  return even;
}

}  // namespace zlt
