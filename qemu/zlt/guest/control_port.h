// SPDX-License-Identifier: GPL-2.0-only
//
// A guest's ttyS1: commands out, events in (docs/formats.md). Logs both directions.
#pragma once

#include <functional>
#include <string>

#include "qemu/zlt/io/bounded_log.h"
#include "qemu/zlt/io/json_get.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/line_splitter.h"
#include "userspace/base/unique_fd.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace zlt::run {

class ControlPort {
 public:
  // An event, or why a line was none.
  using OnEvent = std::function<void(const Result<protocol::Event>& event)>;

  ControlPort(UniqueFd fd, Pump& pump, BoundedLog log);
  ControlPort(const ControlPort&) = delete;
  ControlPort& operator=(const ControlPort&) = delete;
  ControlPort(ControlPort&&) = delete;
  ControlPort& operator=(ControlPort&&) = delete;
  ~ControlPort();

  // Nothing is read before: what a guest says early waits for whoever is to hear it.
  void on_event(OnEvent on_event);
  // Queues a command; the guest's UART takes it at its own pace. False: the port is gone or its buffer is full.
  [[nodiscard]] bool send(const protocol::Command& command);
  [[nodiscard]] Status close() { return log_.close(); }

 private:
  void on_line(const LineSplitter::Line& line);
  void record(const char* direction, const char* key, const Json& what);

  UniqueFd fd_;
  Pump* pump_;
  BoundedLog log_;
  TimePoint start_ = Clock::now();
  LineSplitter lines_{protocol::kLongestLine};
  bool first_ = true;  // the line to come is the first
  OnEvent on_event_;
};

}  // namespace zlt::run
