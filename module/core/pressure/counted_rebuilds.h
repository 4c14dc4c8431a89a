// SPDX-License-Identifier: GPL-2.0-only
//
// Counts the rebuilds of the kernel's zonelists while it lives. It turns `watch` on for that long, unless somebody has.
#pragma once

#include "module/core/run.h"
#include "module/core/watch/watch.h"

namespace zlt {

class CountedRebuilds {
 public:
  CountedRebuilds(Run& run, Counter counter)
      : run_(run), counter_(counter), was_on_(kernel_watch.is_on()), known_(kernel_watch.on() == 0) {
    before_ = kernel_watch.rebuilds();
  }
  ~CountedRebuilds() {
    if (known_) run_.count(counter_, kernel_watch.rebuilds() - before_);
    if (!was_on_) kernel_watch.off();
  }
  CountedRebuilds(const CountedRebuilds&) = delete;
  CountedRebuilds& operator=(const CountedRebuilds&) = delete;

  // False: this kernel's rebuilds cannot be watched, and the counter stays 0.
  [[nodiscard]] bool known() const { return known_; }

 private:
  Run& run_;
  Counter counter_;
  bool was_on_;
  bool known_;
  uint64_t before_ = 0;
};

}  // namespace zlt
