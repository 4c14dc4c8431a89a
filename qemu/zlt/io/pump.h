// SPDX-License-Identifier: GPL-2.0-only
//
// The event loop of one guest, run by the one thread that owns the guest: whatever that thread waits for, console,
// control port and monitor go on being read, so that no full buffer can stall the guest. Every wait has a deadline.
#pragma once

#include <functional>
#include <map>
#include <string_view>

#include "qemu/zlt/io/clock.h"
#include "qemu/zlt/io/stop.h"

namespace zlt::run {

class Pump {
 public:
  // Data that arrived; empty data: the other side closed. The descriptor is then no longer watched.
  using OnData = std::function<void(std::string_view data)>;
  using OnReady = std::function<void()>;

  explicit Pump(const Stop& stop) : stop_(&stop) {}

  // Reads `fd` whenever it has data. The descriptor stays the caller's and must outlive the watch.
  void watch(int fd, OnData on_data);
  // Calls back once when `fd` becomes readable (a pidfd: its process ended), and no longer watches it then.
  void watch_once(int fd, OnReady on_ready);
  void forget(int fd);

  enum class Wait {
    kDone,
    kTimeout,
    kStopped,  // somebody asked the whole program to stop
  };
  // Serves the descriptors until done() is true. A callback may call run_until() itself.
  [[nodiscard]] Wait run_until(const std::function<bool()>& done, TimePoint deadline);
  [[nodiscard]] Wait run_for(Duration duration);
  // Reads what is there already, until nothing is or time is up.
  void catch_up(TimePoint deadline);
  // Reads what is still there, until every descriptor is closed by the other side or time is up; also when stopped.
  void drain(TimePoint deadline);

 private:
  // False: nothing was ready.
  bool serve(int timeout_ms);
  void read_some(int fd);

  struct Watch {
    OnData on_data;
    OnReady on_ready;
  };
  const Stop* stop_;
  std::map<int, Watch> watches_;
};

}  // namespace zlt::run
