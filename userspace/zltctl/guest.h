// SPDX-License-Identifier: GPL-2.0-only
//
// The loop that a guest's init is: commands from the control port, events to it, one poll(2), no threads
// (docs/formats.md, "The guest's control port").
#pragma once

#include <optional>
#include <string>

#include "userspace/zltctl/guest_chores.h"
#include "userspace/zltctl/json.h"
#include "userspace/zltctl/machine.h"
#include "userspace/zltctl/module.h"
#include "userspace/zltctl/port.h"
#include "userspace/zltctl/run.h"

namespace zlt::ctl {

class Guest {
 public:
  // All but the port must outlive it.
  Guest(Port port, const Environment& environment, Module& module, Machine& machine);

  // hello, set-up, loaded, ready. What goes wrong is an event; the guest serves all the same.
  void begin();
  // Starts a case that nobody commanded.
  void start(RunRequest request) { start_run(nullptr, std::move(request)); }
  // Reports what went wrong outside of the loop.
  void report(const Error& error) { send_error(nullptr, error); }
  // Waits for something to do, at most until the next heartbeat, and does it. False once it is over: switched off by
  // command, or the other end hung up.
  [[nodiscard]] bool step();

 private:
  void wait();
  void serve_lines();
  void serve(const Json& command);
  void serve_run(const Json& command);
  void start_run(const Json& id, RunRequest request);
  void serve_stop(const Json& id);
  void serve_watch(const Json& command);
  void serve_nodes(const Json& command);
  void serve_memory(const Json& command);
  void serve_mark(const Json& command);
  void advance_run();
  void advance_stop();
  void beat();
  void switch_off();

  void send(Json event);
  void send_error(const Json& id, const Error& error);
  void send_loaded();
  void send_watch(const Json& id, const Json& command);

  Port port_;
  const Environment& environment_;
  Module& module_;
  Machine& machine_;

  bool over_ = false;
  std::optional<ActiveRun> run_;
  Json run_id_;
  uint64_t next_poll_ms_ = 0;
  std::optional<PendingWrite> stop_;
  Json stop_id_;
  Chores chores_;
  uint64_t beats_ = 0;
  uint64_t next_beat_ms_ = 0;
};

// Runs the loop until it is over. As PID 1 never returns.
[[nodiscard]] int guest_main(int argc, char** argv);

}  // namespace zlt::ctl
