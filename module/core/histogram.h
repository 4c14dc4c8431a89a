// SPDX-License-Identifier: GPL-2.0-only
//
// A histogram of durations in powers of two. Bucket b counts those in [2^b, 2^(b+1)) ns, and bucket 0 also those of
// 0 ns.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "module/core/atomic.h"

namespace zlt {

class Histogram {
 public:
  static constexpr size_t kBuckets = 64;

  static constexpr size_t bucket_of(uint64_t ns) { return ns == 0 ? 0 : static_cast<size_t>(63 - __builtin_clzll(ns)); }
  static constexpr uint64_t from_ns(size_t bucket) { return bucket == 0 ? 0 : uint64_t{1} << bucket; }
  static constexpr uint64_t to_ns(size_t bucket) { return bucket == 63 ? UINT64_MAX : uint64_t{1} << (bucket + 1); }

  // Any context.
  void add(uint64_t ns) { counts_[bucket_of(ns)].add(1); }
  [[nodiscard]] uint64_t count(size_t bucket) const { return counts_[bucket].load(); }
  void reset() {
    for (auto& count : counts_) count.store(0);
  }

 private:
  Atomic<uint64_t> counts_[kBuckets] = {};
};

}  // namespace zlt
