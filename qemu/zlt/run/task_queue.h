// SPDX-License-Identifier: GPL-2.0-only
//
// Work for a few threads, of which more comes up while it is done.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "qemu/zlt/io/stop.h"

namespace zlt::run {

class TaskQueue {
 public:
  using Task = std::function<void()>;

  explicit TaskQueue(const Stop& stop) : stop_(&stop) {}

  // Somebody will push tasks for a while: until the matching release(), nobody in work() goes home.
  void hold();
  void release();
  // `first`: before all that wait.
  void push(Task task, bool first);
  // Runs tasks until there are none and nobody holds the queue. For each of the threads. After a stop, what is still
  // there is dropped.
  void work();

 private:
  const Stop* stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  size_t open_ = 0;  // holders, and tasks not yet done
};

}  // namespace zlt::run
