// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/guest_chores.h"

namespace zlt::ctl {

void Chores::add(std::vector<Write> writes, Done done) {
  chores_.push_back({std::move(writes), std::move(done), {}});
  advance();
}

void Chores::advance() {
  while (!chores_.empty()) {
    Chore& chore = chores_.front();
    if (pending_) {
      const std::optional<int> error = pending_->poll();
      if (!error) return;
      chore.errors.push_back(*error);
      pending_.reset();
    }
    if (chore.errors.size() < chore.writes.size()) {
      pending_ = PendingWrite::start(chore.writes[chore.errors.size()]);
      continue;
    }
    const Chore done = std::move(chore);
    chores_.pop_front();
    done.done(done.errors);
  }
}

}  // namespace zlt::ctl
