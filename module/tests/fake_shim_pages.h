// SPDX-License-Identifier: GPL-2.0-only
//
// The fake kernel's memory: one zone on node 0, its watermarks, and a slow path that a probe can see. Pages are
// numbers.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>

#include "module/shim/zlt_shim.h"

namespace zlt::fake {

class Pages {
 public:
  static constexpr uint64_t kManaged = 256;
  static constexpr uint64_t kLow = 40;
  static constexpr uint64_t kMin = 32;
  static constexpr uint64_t kAtomicMin = 12;

  // ---- for tests ----
  // Somebody cannot go on without: what the shrinkers give.
  size_t reclaim(size_t count);
  void memory_moves(bool moving);
  // From which node pages come that were asked of node 0.
  void set_origin(int node) { origin_ = node; }
  [[nodiscard]] uint64_t taken() const;
  [[nodiscard]] size_t registered() const;

  // ---- for the implementation ----
  [[nodiscard]] int take(zlt_page_mode mode);
  void give(size_t count);
  [[nodiscard]] zlt_zone describe() const;
  void add(zlt_lender* lender);
  void remove(zlt_lender* lender);
  void add(zlt_memory_notifier* watch);
  void remove(zlt_memory_notifier* watch);

 private:
  mutable std::mutex mutex_;
  uint64_t taken_ = 0;
  int origin_ = 0;
  std::set<zlt_lender*> lenders_;
  std::set<zlt_memory_notifier*> watches_;
};

}  // namespace zlt::fake
