// SPDX-License-Identifier: GPL-2.0-only
//
// A write that may take as long as a run does (`stop`), done by a child process so that the caller can go on: to send
// heartbeats, or to be interrupted. A thread would do too, but one forked child needs no lock and can be left behind.
#pragma once

#include <functional>
#include <optional>

#include "userspace/base/unique_fd.h"

namespace zlt::ctl {

class PendingWrite {
 public:
  // Calls `write` in a child of its own; it returns 0 or an errno value. Whoever reaps children may reap this one.
  [[nodiscard]] static PendingWrite start(const std::function<int()>& write);
  // One that has been answered already, with 0 or an errno value.
  [[nodiscard]] static PendingWrite finished(int error);

  // Readable once the answer is there.
  [[nodiscard]] int fd() const { return answer_.get(); }
  // The answer, 0 or an errno value; nothing while the write goes on.
  [[nodiscard]] std::optional<int> poll();

 private:
  PendingWrite() = default;
  UniqueFd answer_;
  std::optional<int> error_;
};

}  // namespace zlt::ctl
