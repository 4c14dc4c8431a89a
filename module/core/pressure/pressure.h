// SPDX-License-Identifier: GPL-2.0-only
//
// Holds the free memory of one zone of one node, and of the zones that it falls back to, down to the reserve of those
// who cannot wait: so that an allocation with GFP_ATOMIC has to enter the allocator's slow path.
//
// Never more than a limit. Gives back to whoever reclaims memory and cannot go on without, and everything at its end.
#pragma once

#include "module/core/lock.h"
#include "module/core/pressure/measures.h"
#include "module/core/run.h"

namespace zlt {

class Pressure {
 public:
  // `limit`: pages.
  Pressure(Run& run, int node, zlt_zone_type zone, uint64_t limit);
  ~Pressure();
  Pressure(const Pressure&) = delete;
  Pressure& operator=(const Pressure&) = delete;

  // Takes what is free by now above the reserve, and fills the reserve where somebody keeps it: freed pages may stay
  // with a CPU. Does nothing for a while after it had to give back. Task context.
  void balance();
  // There was more than the limit.
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
