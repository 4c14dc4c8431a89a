// SPDX-License-Identifier: GPL-2.0-only
//
// How the host has treated the threads of a process: time on a CPU, and time spent waiting for one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>

namespace zlt::run {

struct ThreadTime {
  std::chrono::nanoseconds ran{};
  std::chrono::nanoseconds waited{};  // runnable, but another task had the CPU
  bool held = false;                  // now: stopped, by a tracer or a signal, or waiting for the host's disk
};
using ThreadTimes = std::map<pid_t, ThreadTime>;

// Of every thread of `pid`, from schedstat and stat in /proc/PID/task/*; empty when the process is gone or the kernel
// keeps none.
[[nodiscard]] ThreadTimes read_thread_times(pid_t pid);

// The longest wait of any one thread between two readings that are `elapsed` apart: so long the whole guest may have
// been held up. One that was held at either reading counts as held all the time.
[[nodiscard]] std::chrono::nanoseconds longest_wait(const ThreadTimes& before, const ThreadTimes& after,
                                                    std::chrono::nanoseconds elapsed);

// Whether a thread that ran or wanted to for most of `elapsed` has run for less than `need`: what it did not do then
// says nothing about it. A process that mostly sleeps is not starved.
[[nodiscard]] bool starved(const ThreadTimes& before, const ThreadTimes& after, std::chrono::nanoseconds elapsed,
                           std::chrono::nanoseconds need);

}  // namespace zlt::run
