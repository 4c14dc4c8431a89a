// SPDX-License-Identifier: GPL-2.0-only
//
// A thread on one CPU that serves until it is told to quit. It is joined at the end of its scope, so it is declared
// behind everything that it uses.
#pragma once

#include "module/core/run.h"

namespace zlt {

class Worker {
 public:
  // Starts `serve(argument)`, which returns soon after quitting() has become true. `what`: what the run fails with when
  // the thread cannot be started.
  Worker(Run& run, const char* name, unsigned int cpu, void (*serve)(void*), void* argument, const char* what) {
    const int error = zlt_thread_start(&thread_, name, cpu, serve, argument);
    if (error != 0) run.fail(what, error);
  }
  ~Worker() {
    quit_.store(true);
    if (thread_ != nullptr) zlt_thread_join(thread_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] bool quitting() const { return quit_.load(); }

 private:
  Atomic<bool> quit_{false};
  zlt_thread* thread_ = nullptr;
};

}  // namespace zlt
