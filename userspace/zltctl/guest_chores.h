// SPDX-License-Identifier: GPL-2.0-only
//
// Writes that the host asked for and that may take long, one after the other in the background of the guest's loop.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "userspace/zltctl/pending_write.h"

namespace zlt::ctl {

class Chores {
 public:
  // Each returns 0 or an errno value, and is called in a child of its own.
  using Write = std::function<int()>;
  // Called in the loop once all are done, with their answers in order.
  using Done = std::function<void(const std::vector<int>& errors)>;

  void add(std::vector<Write> writes, Done done);
  // Readable when there is something to advance; -1 when nothing is under way.
  [[nodiscard]] int fd() const { return pending_ ? pending_->fd() : -1; }
  void advance();

 private:
  struct Chore {
    std::vector<Write> writes;
    Done done;
    std::vector<int> errors;
  };
  std::deque<Chore> chores_;
  std::optional<PendingWrite> pending_;  // of the first chore
};

}  // namespace zlt::ctl
