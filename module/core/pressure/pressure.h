// SPDX-License-Identifier: GPL-2.0-only
//
// Pressure takes the free memory of one zone of one node, and of the zones that it falls back to, until only the
// reserve for those who cannot wait is left. An allocation with GFP_ATOMIC then has to enter the allocator's slow
// path.
//
// It never holds more than a limit. It gives pages back to anybody who has to reclaim memory and cannot go on
// without, and it gives everything back at its end.
#pragma once

#include "module/core/lock.h"
#include "module/core/pressure/measures.h"
#include "module/core/run.h"

namespace zlt {

class Pressure {
 public:
  // `limit` is a number of pages.
  Pressure(Run& run, int node, zlt_zone_type zone, uint64_t limit);
  ~Pressure();
  Pressure(const Pressure&) = delete;
  Pressure& operator=(const Pressure&) = delete;

  // Takes what has become free above the reserve. Where the reserve itself has become less, because freed pages stay
  // with a CPU, it gives some pages back. After it had to lend it does nothing for a while. Task context.
  void balance();
  // The limit was reached: there may be more memory.
  [[nodiscard]] bool exhausted() const { return held_.load() >= limit_; }
  [[nodiscard]] uint64_t held() const { return held_.load(); }

 private:
  void take();
  void fill_reserve();
  size_t give(size_t count);
  static size_t count_held(void* self);
  static size_t lend(void* self, size_t count);

  Run& run_;
  int node_;
  zlt_zone_type zone_;
  uint64_t limit_;
  SpinLock lock_;  // of pages_
  zlt_pages pages_ = {};
  Atomic<uint64_t> held_{0};
  uint64_t most_held_ = 0;
  Atomic<uint64_t> lent_at_ns_{0};
  zlt_lender lender_;
  bool registered_ = false;
};

}  // namespace zlt
