// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/task_queue.h"

#include <utility>

namespace zlt::run {

void TaskQueue::hold() {
  const std::lock_guard guard(mutex_);
  ++open_;
}

void TaskQueue::release() {
  const std::lock_guard guard(mutex_);
  if (--open_ == 0) {
    changed_.notify_all();
  }
}

void TaskQueue::push(Task task, bool first) {
  const std::lock_guard guard(mutex_);
  ++open_;
  tasks_.insert(first ? tasks_.begin() : tasks_.end(), std::move(task));
  changed_.notify_one();
}

void TaskQueue::work() {
  for (;;) {
    Task task;
    {
      std::unique_lock guard(mutex_);
      changed_.wait(guard, [this] { return !tasks_.empty() || open_ == 0; });
      if (tasks_.empty()) {
        return;
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    if (!stop_->requested()) {
      task();
    }
    release();
  }
}

}  // namespace zlt::run
