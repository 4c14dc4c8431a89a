// SPDX-License-Identifier: GPL-2.0-only
//
// The one owner of a running QEMU: its process, its three connections, its logs. When it goes, all of it goes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "qemu/zlt/guest/command_line.h"
#include "qemu/zlt/guest/console.h"
#include "qemu/zlt/guest/control_port.h"
#include "qemu/zlt/guest/qmp.h"
#include "qemu/zlt/io/child.h"
#include "qemu/zlt/io/pump.h"
#include "userspace/base/result.h"

namespace zlt::run {

class Guest {
 public:
  struct Options {
    Machine machine;
    std::filesystem::path incoming;                  // a saved state to start from; empty to boot
    std::filesystem::path folder;                    // gets console.log and events.jsonl; must exist
    std::string expect = {};                         // for Console::expect() from the first byte on
    Duration qemu_limit = std::chrono::seconds(30);  // for QEMU itself to answer
  };
  // Returns once QEMU answers on its monitor. The guest may be anywhere in its boot by then. A QEMU that dies at once
  // is quoted in the failure.
  [[nodiscard]] static Result<std::unique_ptr<Guest>> start(const Options& options, const Stop& stop);

  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  Guest(Guest&&) = delete;
  Guest& operator=(Guest&&) = delete;
  ~Guest() = default;

  [[nodiscard]] Pump& pump() { return pump_; }
  [[nodiscard]] Qmp& qmp() { return *qmp_; }
  [[nodiscard]] Console& console() { return *console_; }
  [[nodiscard]] ControlPort& control() { return *control_; }
  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  [[nodiscard]] bool stop_requested() const { return stop_->requested(); }
  [[nodiscard]] TimePoint started() const { return started_; }

  // QEMU has ended, which it never does by itself.
  [[nodiscard]] bool gone() const { return gone_; }
  [[nodiscard]] std::string why_gone();
  // Why the virtual machine went down, as QMP says it ("guest-reset", "guest-shutdown", …), once it has.
  [[nodiscard]] const std::optional<std::string>& shutdown() const { return shutdown_; }
  // Also told of every event of QEMU's monitor; not after the guest is gone.
  void on_qmp_event(Qmp::OnEvent on_event) { on_qmp_event_ = std::move(on_event); }
  // As query-status names it: "running", "paused", "inmigrate", …
  [[nodiscard]] Result<std::string> run_state(Duration limit);
  // Stops the virtual CPUs and timers, and reads what the guest had said by then. Nothing of it moves any more.
  [[nodiscard]] Status pause(Duration limit);
  // Waits until a saved state is loaded, which is that of a paused guest, and lets it go on.
  [[nodiscard]] Status resume(Duration limit);

  // Ends QEMU at once and takes in what is still in the pipes. Says whether the logs are whole.
  [[nodiscard]] Status close();

 private:
  explicit Guest(const Stop& stop) : stop_(&stop), pump_(stop) {}

  TimePoint started_ = Clock::now();
  const Stop* stop_;
  Pump pump_;
  UniqueFd output_;  // QEMU's own stdout and stderr
  std::string said_;
  bool gone_ = false;
  bool resumed_ = false;
  std::optional<std::string> shutdown_;
  Qmp::OnEvent on_qmp_event_;
  std::unique_ptr<Console> console_;
  std::unique_ptr<ControlPort> control_;
  std::unique_ptr<Qmp> qmp_;
  Child child_;  // last: ended first
};

}  // namespace zlt::run
