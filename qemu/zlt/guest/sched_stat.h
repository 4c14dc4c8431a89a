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
};
using ThreadTimes = std::map<pid_t, ThreadTime>;

// Of every thread of `pid`, from /proc/PID/task/*/schedstat; empty when the process is gone or the kernel keeps none.
[[nodiscard]] ThreadTimes read_thread_times(pid_t pid);

// The longest wait of any one thread between two readings: so long the whole guest may have been held up.
[[nodiscard]] std::chrono::nanoseconds longest_wait(const ThreadTimes& before, const ThreadTimes& after);

// Whether a thread that ran or wanted to for most of `elapsed` has run for less than `need`: what it did not do then
// says nothing about it. A process that mostly sleeps is not starved.
[[nodiscard]] bool starved(const ThreadTimes& before, const ThreadTimes& after, std::chrono::nanoseconds elapsed,
                           std::chrono::nanoseconds need);

}  // namespace zlt::run
