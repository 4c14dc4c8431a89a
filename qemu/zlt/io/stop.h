// SPDX-License-Identifier: GPL-2.0-only
//
// One request to stop, seen by every thread at once: by a flag and by a file descriptor that becomes readable.
#pragma once

#include <sys/eventfd.h>

#include <atomic>
#include <cstdint>

#include "userspace/base/files.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class Stop {
 public:
  Stop() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void request() {
    requested_.store(true);
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(fd_.get(), &one, sizeof one);  // never read: stays readable for all
  }
  [[nodiscard]] bool requested() const { return requested_.load(); }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  std::atomic<bool> requested_ = false;
};

}  // namespace zlt::run
