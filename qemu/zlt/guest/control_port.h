// SPDX-License-Identifier: GPL-2.0-only
//
// A guest's ttyS1: JSON lines both ways (docs/formats.md). Logs both directions; drops what is no event.
#pragma once

#include <functional>
#include <string>

#include "qemu/zlt/io/bounded_log.h"
#include "qemu/zlt/io/json_get.h"
#include "qemu/zlt/io/line_reader.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class ControlPort {
 public:
  // `name` is the member "event".
  using OnEvent = std::function<void(const std::string& name, const Json& event)>;

  ControlPort(UniqueFd fd, Pump& pump, BoundedLog log);
  ControlPort(const ControlPort&) = delete;
  ControlPort& operator=(const ControlPort&) = delete;
  ControlPort(ControlPort&&) = delete;
  ControlPort& operator=(ControlPort&&) = delete;
  ~ControlPort();

  // Nothing is read before: what a guest says early waits for whoever is to hear it.
  void on_event(OnEvent on_event);
  // Queues a command; the guest's UART takes it at its own pace. False: the port is gone or its buffer is full.
  [[nodiscard]] bool send(const Json& command);
  [[nodiscard]] Status close() { return log_.close(); }

 private:
  void on_line(std::string_view line);
  void record(const char* direction, const Json& line);

  UniqueFd fd_;
  Pump* pump_;
  BoundedLog log_;
  TimePoint start_ = Clock::now();
  LineReader reader_;
  OnEvent on_event_;
};

}  // namespace zlt::run
