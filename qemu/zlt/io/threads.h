// SPDX-License-Identifier: GPL-2.0-only
//
// Threads that are waited for on every path, and whose start may fail: a machine has room for so many.
#pragma once

#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::run {

class Threads {
 public:
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { join(); }

  [[nodiscard]] Status start(std::function<void()> work) {
    try {
      threads_.emplace_back(std::move(work));
      return {};
    } catch (const std::system_error& error) {
      return failure("cannot start a thread: " + error.code().message(), "raise the limits (ulimit -u, ulimit -v)");
    }
  }
  // Until all of them have ended.
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace zlt::run
