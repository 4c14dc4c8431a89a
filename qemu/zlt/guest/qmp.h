// SPDX-License-Identifier: GPL-2.0-only
//
// Client of the QEMU Machine Protocol over a connected socket. Every call is bounded in time; a peer that is slow,
// silent, gone or talks nonsense ends in an error, never in a wait for ever.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "qemu/zlt/io/clock.h"
#include "qemu/zlt/io/json_get.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/line_splitter.h"
#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class Qmp {
 public:
  using OnEvent = std::function<void(const std::string& name, const Json& data)>;

  // Watches `fd` on `pump`, which must outlive this.
  Qmp(UniqueFd fd, Pump& pump);
  Qmp(const Qmp&) = delete;
  Qmp& operator=(const Qmp&) = delete;
  Qmp(Qmp&&) = delete;
  Qmp& operator=(Qmp&&) = delete;
  ~Qmp();

  void on_event(OnEvent on_event) { on_event_ = std::move(on_event); }
  // Waits for the greeting and negotiates. First thing to call.
  [[nodiscard]] Status handshake(Duration limit);
  // The value of "return". An "error" of QEMU is quoted in the failure.
  [[nodiscard]] Result<Json> execute(const std::string& command, const Json& arguments, Duration limit);
  // A command of the human monitor and its text.
  [[nodiscard]] Result<std::string> human(const std::string& line, Duration limit);
  [[nodiscard]] bool closed() const { return closed_; }
  // "7.2.22" once the greeting is there.
  [[nodiscard]] const std::string& version() const { return version_; }

 private:
  void on_line(std::string_view line);
  void greet(const Json& greeting);
  [[nodiscard]] Status send(const Json& message, TimePoint deadline);
  [[nodiscard]] Status wait(const std::function<bool()>& done, TimePoint deadline, const std::string& what);

  UniqueFd fd_;
  Pump* pump_;
  LineSplitter lines_;
  OnEvent on_event_;
  bool greeted_ = false;
  bool closed_ = false;
  std::string version_;
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, Json> replies_;  // by id; empty ones are awaited
};

}  // namespace zlt::run
