// SPDX-License-Identifier: GPL-2.0-only
//
// The machine under the guest's loop: all of it for PID 1, next to nothing for a service on a machine that others own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"

namespace zlt::ctl {

class Machine {
 public:
  virtual ~Machine() = default;
  [[nodiscard]] virtual uint64_t uptime_ms() = 0;  // since the machine's boot
  // Makes it usable and loads the module; what went wrong, in order, nothing if all went well.
  [[nodiscard]] virtual std::vector<Error> set_up() = 0;
  // Collects children that have ended, if they are this process's to collect.
  virtual void reap() = 0;
  // Returns only where the machine is not this process's to switch off.
  virtual void power_off() = 0;
};

// Everything belongs to this process, which is the only one.
class OwnMachine : public Machine {
 public:
  explicit OwnMachine(const Environment& environment) : environment_(environment) {}
  // What the control port needs before anything else can be said.
  void mount_devices();
  [[nodiscard]] uint64_t uptime_ms() override;
  [[nodiscard]] std::vector<Error> set_up() override;
  void reap() override;
  void power_off() override;

 private:
  const Environment& environment_;
};

// A machine that runs already, its module loaded by somebody else.
class SharedMachine : public Machine {
 public:
  [[nodiscard]] uint64_t uptime_ms() override;
  [[nodiscard]] std::vector<Error> set_up() override { return {}; }
  void reap() override;
  void power_off() override {}
};

}  // namespace zlt::ctl
