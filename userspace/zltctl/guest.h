// SPDX-License-Identifier: GPL-2.0-only
//
// The loop that a guest's init is: commands from the control port, events to it, one poll(2), no threads
// (docs/formats.md, "The guest's control port").
#pragma once

#include <optional>
#include <string>

#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"
#include "userspace/zltctl/guest_chores.h"
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
  void start(RunRequest request) { start_run({}, std::move(request)); }
  // Reports what went wrong outside of the loop.
  void report(const Error& error) { send_error({}, error); }
  // Waits for something to do, at most until the next heartbeat, and does it. False once it is over: switched off by
  // command, or the other end hung up.
  [[nodiscard]] bool step();

 private:
  void wait();
  void serve_lines();
  void serve_line(const std::string& line);
  void serve(const protocol::RunCase& command);
  void serve(const protocol::StopRun& command);
  void serve(const protocol::List& command);
  void serve(const protocol::Beat& command);
  void serve(const protocol::Watch& command);
  void serve(const protocol::AskNodes& command);
  void serve(const protocol::SetMemory& command);
  void serve(const protocol::Mark& command);
  void serve(const protocol::PowerOff& command);
  void start_run(const protocol::Id& id, RunRequest request);
  void advance_run();
  void advance_stop();
  [[nodiscard]] std::optional<bool> look_at_lockdep(bool at_once);
  void beat(const protocol::Id& id);
  void switch_off();

  void send(const protocol::Event& event);
  void send_error(const protocol::Id& id, const Error& error);
  void send_loaded(const protocol::Id& id);
  void send_watch(const protocol::Watch& command);

  Port port_;
  const Environment& environment_;
  Module& module_;
  Machine& machine_;

  bool over_ = false;
  std::optional<ActiveRun> run_;
  protocol::Id run_id_;
  uint64_t next_poll_ms_ = 0;
  std::optional<PendingWrite> stop_;
  protocol::Id stop_id_;
  Chores chores_;
  std::optional<bool> debug_locks_;    // as last read
  uint64_t next_lockdep_look_ms_ = 0;  // not before, unless it is wanted at once
  uint64_t beats_ = 0;
  uint64_t next_beat_ms_ = 0;
};

// Runs the loop until it is over. As PID 1 never returns.
[[nodiscard]] int guest_main(int argc, char** argv);

}  // namespace zlt::ctl
