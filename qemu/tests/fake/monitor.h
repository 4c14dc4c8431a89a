// SPDX-License-Identifier: GPL-2.0-only
//
// The QMP side of the fake QEMU.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "qemu/tests/fake/script.h"

namespace zlt::fake {

class Monitor {
 public:
  struct Actions {
    std::function<void()> negotiated;  // the client is there: events may be sent, the guest may start
    std::function<void()> quit;
    std::function<void(bool)> run;                                               // stop and cont
    std::function<void()> looked_at;                                             // somebody asked for registers
    std::function<Json(const std::string& name, const Json& arguments)> memory;  // hot-plug; null: no such command
  };
  Monitor(const Script& script, int fd, Actions actions) : script_(&script), fd_(fd), actions_(std::move(actions)) {}

  void greet() const;
  void take(std::string_view line);
  void event(const std::string& name, const Json& data) const;
  void mute() { muted_ = true; }
  void set_running(bool running) { running_ = running; }

 private:
  void reply(const Json& id, const Json& value) const;
  void refuse(const Json& id, const std::string& text) const;
  void migrate(const std::string& uri);
  void send(const Json& message) const;

  const Script* script_;
  int fd_;
  Actions actions_;
  bool muted_ = false;
  bool running_ = false;
  std::string migration_ = "none";
};

}  // namespace zlt::fake
