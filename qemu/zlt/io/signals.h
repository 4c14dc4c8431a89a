// SPDX-License-Identifier: GPL-2.0-only
//
// SIGINT, SIGTERM and SIGHUP as a request to stop, taken by one thread that waits for them; every other thread, started
// later, has them blocked. Writing to a closed pipe, or beyond a file size limit, is an error, not a signal.
#pragma once

#include <functional>
#include <optional>

#include "qemu/zlt/io/stop.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class Signals {
 public:
  // Before any thread is started.
  Signals();

  // Calls `work` in a thread of its own, and `on_tick` here ten times a second, until work has returned. A signal
  // requests `stop` and is remembered; nobody reading stdout any more requests it as well.
  void run(const std::function<void()>& work, const std::function<void()>& on_tick, Stop& stop);
  // The first signal that came.
  [[nodiscard]] std::optional<int> caught() const { return caught_; }

 private:
  UniqueFd fd_;
  std::optional<int> caught_;
};

}  // namespace zlt::run
