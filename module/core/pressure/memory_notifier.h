// SPDX-License-Identifier: GPL-2.0-only
//
// Tells whether memory is on its way into the kernel or out of it, so that the kernel is about to rebuild its
// zonelists.
#pragma once

#include "module/core/run.h"

namespace zlt {

class MemoryNotifier {
 public:
  explicit MemoryNotifier(Run& run) : raw_{.opaque = {}, .function = changed, .argument = this} {
    const int error = zlt_memory_notifier_register(&raw_);
    registered_ = error == 0;
    if (error != 0) run.fail("cannot register a memory notifier", error);
  }
  ~MemoryNotifier() {
    if (registered_) zlt_memory_notifier_unregister(&raw_);
  }
  MemoryNotifier(const MemoryNotifier&) = delete;
  MemoryNotifier& operator=(const MemoryNotifier&) = delete;

  [[nodiscard]] const Atomic<bool>& moves() const { return moves_; }

 private:
  static void changed(void* self, bool moving) { static_cast<MemoryNotifier*>(self)->moves_.store(moving); }

  zlt_memory_notifier raw_;
  Atomic<bool> moves_{false};
  bool registered_ = false;
};

}  // namespace zlt
