// SPDX-License-Identifier: GPL-2.0-only
//
// The guest inside the fake QEMU: a console, a control port, and the ways a guest can go wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "qemu/tests/fake/script.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace zlt::fake {

class Guest {
 public:
  struct Machine {
    std::function<void(const std::string& reason)> shutdown;  // the virtual machine goes down
    std::function<void()> die;                                // QEMU itself does
    std::function<void()> mute_monitor;                       // the monitor answers no more
    // hot-plug; none: no such command
    std::function<std::optional<protocol::Event>(const protocol::Command& command)> memory;
  };
  Guest(const Script& script, int console, int control, Machine machine)
      : script_(&script), console_(console), control_(control), machine_(std::move(machine)) {}

  void boot();
  void pause() { paused_ = true; }
  // Also of a saved one, of the kind that its state says.
  void resume(const std::string& state);
  void take(std::string_view line);
  // Somebody looks where the vCPUs are.
  void looked_at();
  // Every 100 ms: a heartbeat, or more of a flood.
  void tick();
  void print(const std::string& text) const;

 private:
  void send(const protocol::Event& event) const;
  // Lines as they stand in the script, whatever they are.
  void say(const Json& lines) const;
  void beat(const protocol::Id& id);
  void obey(const protocol::Command& command);
  void send_loaded() const;
  void begin_case(const protocol::RunCase& command);
  [[nodiscard]] std::optional<bool> debug_locks() const;
  void send_result() const;
  void act(const std::string& then);

  const Script* script_;
  int console_;
  int control_;
  Machine machine_;
  bool running_ = false;
  bool paused_ = false;
  std::string state_;       // the kind of snapshot it was restored from
  unsigned clock_ms_ = 20;  // its own; it runs faster than ours
  bool heartbeats_ = false;
  bool flood_ = false;
  unsigned ticks_left_ = 0;  // until a slow case answers
  unsigned turn_ = 0;
  std::uint64_t beats_ = 0;
  unsigned looks_ = 0;
  std::string case_;
  protocol::RunCase command_;
};

}  // namespace zlt::fake
