// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/tests/fake/memory.h"

#include <algorithm>
#include <utility>

namespace zlt::fake {
namespace {

constexpr std::uint64_t kBlock = std::uint64_t{128} << 20U;
constexpr std::uint64_t kBase = std::uint64_t{4} << 30U;
constexpr std::uint64_t kPage = 4096;

Json done() {
  return {{"return", Json::object()}};
}

Json refused(const std::string& why) {
  return {{"error", {{"class", "GenericError"}, {"desc", why}}}};
}

}  // namespace

bool Memory::zone_has(const std::string& zone) const {
  return std::any_of(devices_.begin(), devices_.end(), [&](const auto& each) { return each.second.zone == zone; });
}

void Memory::rebuild(unsigned zonelists) {
  actions_.print("[    7.000000] Built " + std::to_string(zonelists) +
                 " zonelists, mobility grouping on.  Total pages: 61234\r\n");
  if (wish("rebuilds") != "unseen") {
    rebuilds_.push_back(zonelists);
  }
  actions_.print(wish("splat"));
}

void Memory::bring_online(Device& device, const std::string& policy) {
  if (policy == "offline" || !device.zone.empty()) {
    return;
  }
  const std::string zone = policy == "online_movable" ? "Movable" : "Normal";
  const bool first = !zone_has(zone);
  device.zone = zone;
  if (first && wish("rebuilds") != "none") {
    rebuild(online());
  }
}

void Memory::take_offline(Device& device) {
  const std::string zone = std::exchange(device.zone, "");
  if (!zone.empty() && !zone_has(zone)) {
    rebuild(online());
  }
}

void Memory::ost(const std::string& id, unsigned source, unsigned status) const {
  actions_.monitor_event(
      "ACPI_DEVICE_OST",
      {{"info", {{"device", id}, {"slot", "0"}, {"slot-type", "DIMM"}, {"source", source}, {"status", status}}}});
}

Json Memory::plug(const Json& arguments) {
  const std::string id = get_string(arguments, "id");
  if (wish("plug") == "die") {
    actions_.die();
  }
  if (wish("plug") == "refuse") {
    return refused("a used vhost backend has no free memory slots left");
  }
  if (wish("plug") == "silent") {
    return done();
  }
  if (wish("plug") == "fail") {
    ost(id, 1, 1);
    return done();
  }
  if (!node1_) {
    rebuild(online());
    node1_ = true;
  }
  devices_[id] = {1, backends_[get_string(arguments, "memdev")], {}};
  bring_online(devices_[id], policy_);
  ost(id, 1, 0);
  return done();
}

Json Memory::unplug(const std::string& id) {
  ost(id, 3, 0x84);
  if (wish("unplug") == "silent") {
    return done();
  }
  if (wish("unplug") == "refuse") {
    ost(id, 3, 1);
    return done();
  }
  take_offline(devices_[id]);
  devices_.erase(id);
  node1_ = !devices_.empty();
  actions_.monitor_event("DEVICE_DELETED", {{"device", id}, {"path", "/machine/peripheral/" + id}});
  ost("", 3, 0);  // QEMU knows the slot alone by then
  return done();
}

Json Memory::resize(const Json& arguments) {
  const std::string path = get_string(arguments, "path");
  const std::string id = path.substr(path.rfind('/') + 1);
  const std::uint64_t bytes = get_number(arguments, "value");
  if (bytes == 0) {
    take_offline(devices_[id]);
    devices_.erase(id);
    node1_ = !devices_.empty();
  } else {
    if (!node1_) {
      rebuild(online());
      node1_ = true;
    }
    devices_[id].bytes = bytes;
    bring_online(devices_[id], policy_);
  }
  actions_.monitor_event("MEMORY_DEVICE_SIZE_CHANGE", {{"id", id}, {"size", bytes}, {"qom-path", path}});
  return done();
}

Json Memory::monitor(const std::string& name, const Json& arguments) {
  const std::string id = get_string(arguments, "id");
  if (name == "object-add") {
    backends_[id] = get_number(arguments, "size");
    return done();
  }
  if (name == "object-del") {
    return backends_.erase(id) == 1 ? done() : refused("object '" + id + "' not found");
  }
  if (name == "device_add") {
    return plug(arguments);
  }
  if (name == "device_del") {
    return devices_.contains(id) ? unplug(id) : refused("Device '" + id + "' not found");
  }
  if (name == "qom-set") {
    return resize(arguments);
  }
  if (name == "query-memory-devices") {
    Json out = Json::array();
    for (const auto& [device, memory] : devices_) {
      out.push_back({{"type", "dimm"},
                     {"data", {{"id", device}, {"addr", kBase}, {"size", memory.bytes}, {"node", memory.node}}}});
    }
    return {{"return", out}};
  }
  return nullptr;
}

// The first look is number 0, before all steps.
std::uint64_t Memory::slab_kb() {
  constexpr std::uint64_t kUsual = 5000;
  const std::uint64_t look = looks_++;
  if (wish("slab") == "leaks") {
    return kUsual + 100 * look;
  }
  return wish("slab") == "swings" && look % 3 == 0 ? kUsual + 400 : kUsual;
}

Json Memory::nodes() {
  std::uint64_t bytes = 0;
  Json zones = Json::object();
  for (const auto& [id, device] : devices_) {
    if (!device.zone.empty()) {
      bytes += device.bytes;
      zones[device.zone] = device.bytes / kPage;
    }
  }
  const std::uint64_t kb = bytes / 1024;
  return {{"policy", policy_},
          {"block_bytes", kBlock},
          {"free_kb", 200000 + kb},
          {"slab_kb", slab_kb()},
          {"virtio_mem", true},
          {"nodes",
           {{{"node", 0},
             {"online", true},
             {"has_memory", true},
             {"has_cpu", true},
             {"total_kb", 240000},
             {"free_kb", 200000},
             {"zones", {{"DMA", 3998}, {"DMA32", 61000}}}},
            {{"node", 1},
             {"online", node1_},
             {"has_memory", bytes > 0},
             {"has_cpu", false},
             {"total_kb", kb},
             {"free_kb", kb},
             {"zones", zones}}}}};
}

Json Memory::watch(std::uint64_t after) const {
  Json last = Json::array();
  for (size_t n = after; n < rebuilds_.size(); ++n) {
    last.push_back({{"number", n + 1}, {"zonelists", rebuilds_[n]}});
  }
  return {{"state", "on"},
          {"ordering", rebuilds_.empty() ? "unknown" : get_string(script_->hotplug(), "ordering", "irq-off-outside")},
          {"rebuilds", rebuilds_.size()},
          {"last", last}};
}

Json Memory::guest(const Json& command) {
  const std::string op = get_string(command, "op");
  const Json& id = member(command, "id");
  if (op == "nodes") {
    return {{"event", "nodes"}, {"id", id}, {"memory", nodes()}};
  }
  if (op == "watch" && wish("watch") == "unsupported") {
    return {{"event", "error"}, {"id", id}, {"what", "this kernel cannot be watched: no kprobes"}, {"hint", ""}};
  }
  if (op == "watch") {
    return {{"event", "watch"}, {"id", id}, {"watch", watch(get_number(command, "after"))}};
  }
  if (op == "mark") {
    actions_.print("[    8.000000] zltorture: " + get_string(command, "text") + "\r\n");
    return {{"event", "marked"}, {"id", id}};
  }
  if (op != "memory") {
    return nullptr;
  }
  if (command.contains("policy")) {
    policy_ = get_string(command, "policy");
  }
  const std::string state = get_string(command, "state");
  for (auto& [name, device] : devices_) {
    if (state == "offline") {
      take_offline(device);
    } else if (!state.empty()) {
      bring_online(device, state);
    }
  }
  return {{"event", "memory"}, {"id", id}, {"done", Json::array()}, {"refused", Json::array()}};
}

}  // namespace zlt::fake
