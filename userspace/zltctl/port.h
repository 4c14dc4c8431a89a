// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's end of the control port: lines in and out of a terminal, a pty or a socket, never blocking.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "userspace/base/line_splitter.h"
#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::ctl {

class Port {
 public:
  // Opens a serial port or pty and makes it raw.
  [[nodiscard]] static Result<Port> open(const std::string& path);
  // Any stream; made non-blocking.
  explicit Port(UniqueFd fd);

  // Queues a line and sends what the other end takes at once.
  void send(std::string_view line);
  // Bytes that the other end has not taken yet.
  [[nodiscard]] size_t unsent() const { return out_.size(); }
  void flush();
  // Waits until all of it is on the wire, for a moment at most: the other end may have stopped reading.
  void drain();
  // Takes in what has come. False once the other end hung up.
  [[nodiscard]] bool receive();
  [[nodiscard]] std::optional<LineSplitter::Line> next_line() { return in_.next(); }

  [[nodiscard]] int fd() const { return fd_.get(); }
  // What poll(2) should wait for.
  [[nodiscard]] short wanted() const;

 private:
  UniqueFd fd_;
  LineSplitter in_;
  std::string out_;
};

}  // namespace zlt::ctl
