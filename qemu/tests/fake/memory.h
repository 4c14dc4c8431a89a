// SPDX-License-Identifier: GPL-2.0-only
//
// Memory that can be plugged, in the fake QEMU and its guest: node 0 has 256 MiB, node 1 nothing. Member "hotplug" of
// the script says what goes wrong:
//   "plug"      silent: no event; die: QEMU ends; refuse: QEMU refuses; fail: the kernel does
//   "unplug"    silent, refuse: the kernel does; unfinished: QEMU lets the device go, and the kernel never gets to its
//   end "rebuilds"  none: the kernel rebuilds nothing when memory comes online; unseen: the probes miss it "watch"
//   unsupported "ordering"  as `watch` names it "splat"     printed with the first rebuild
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qemu/tests/fake/script.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace zlt::fake {

class Memory {
 public:
  struct Actions {
    std::function<void(const std::string& text)> print;                            // the kernel does
    std::function<void(const std::string& name, const Json& data)> monitor_event;  // QEMU says
    std::function<void()> die;
  };
  Memory(const Script& script, Actions actions) : script_(&script), actions_(std::move(actions)) {}

  // A command of the monitor: {"return":…} or {"error":…}; null: not one of these.
  [[nodiscard]] Json monitor(const std::string& name, const Json& arguments);
  // A command to the guest's init: the event that answers; none: not one of these.
  [[nodiscard]] std::optional<protocol::Event> guest(const protocol::Command& command);

 private:
  struct Device {
    unsigned node = 1;
    std::uint64_t bytes = 0;
    std::string zone;  // empty: offline
  };
  [[nodiscard]] std::string wish(const char* what) const { return get_string(script_->hotplug(), what); }
  [[nodiscard]] bool zone_has(const std::string& zone) const;
  [[nodiscard]] unsigned online() const { return node1_ ? 2 : 1; }
  void rebuild(unsigned zonelists);
  void bring_online(Device& device, const std::string& policy);
  void take_offline(Device& device);
  void ost(const std::string& id, unsigned source, unsigned status) const;
  Json plug(const Json& arguments);
  Json unplug(const std::string& id);
  Json resize(const Json& arguments);
  std::uint64_t slab_kb();
  [[nodiscard]] protocol::MemoryState nodes();
  [[nodiscard]] protocol::Event watch(const protocol::Watch& command) const;
  [[nodiscard]] protocol::Event set(const protocol::SetMemory& command);

  const Script* script_;
  Actions actions_;
  bool node1_ = false;
  std::string policy_ = "offline";
  std::uint64_t looks_ = 0;
  std::map<std::string, std::uint64_t> backends_;
  std::map<std::string, Device> devices_;
  std::vector<unsigned> rebuilds_;  // as the probes saw them
};

}  // namespace zlt::fake
