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
  if (wish("unplug") != "unfinished") {
    ost("", 3, 0);  // QEMU knows the slot alone by then
  }
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

protocol::MemoryState Memory::nodes() {
  std::uint64_t bytes = 0;
  protocol::Numbers zones;
  for (const auto& [id, device] : devices_) {
    if (!device.zone.empty()) {
      bytes += device.bytes;
      zones[device.zone] = device.bytes / kPage;
    }
  }
  const std::uint64_t kb = bytes / 1024;
  return {policy_,
          kBlock,
          200000 + kb,
          slab_kb(),
          true,
          {{0, true, true, true, 240000, 200000, {{"DMA", 3998}, {"DMA32", 61000}}},
           {1, node1_, bytes > 0, false, kb, kb, zones}}};
}

protocol::Event Memory::watch(const protocol::Watch& command) const {
  if (wish("watch") == "unsupported") {
    return protocol::Failed{command.id, "this kernel cannot be watched: no kprobes", ""};
  }
  if (command.after) {
    protocol::Rebuilds out{command.id, rebuilds_.size(), {}};
    for (size_t n = *command.after; n < rebuilds_.size(); ++n) {
      out.last.push_back({n + 1, rebuilds_[n]});
    }
    return out;
  }
  protocol::Watched out{command.id, {}};
  out.watch.state = "on";
  out.watch.ordering = rebuilds_.empty() ? "unknown" : get_string(script_->hotplug(), "ordering", "irq-off-outside");
  out.watch.rebuilds = rebuilds_.size();
  for (size_t n = 0; n < rebuilds_.size(); ++n) {
    out.watch.last.push_back({n + 1, {{"zonelists", std::to_string(rebuilds_[n])}}});
  }
  return out;
}

protocol::Event Memory::set(const protocol::SetMemory& command) {
  if (!command.policy.empty()) {
    policy_ = command.policy;
  }
  for (auto& [name, device] : devices_) {
    if (command.state == "offline") {
      take_offline(device);
    } else if (!command.state.empty()) {
      bring_online(device, command.state);
    }
  }
  return protocol::MemoryDone{command.id, {}, {}};
}

std::optional<protocol::Event> Memory::guest(const protocol::Command& command) {
  if (const auto* ask = std::get_if<protocol::AskNodes>(&command)) {
    return protocol::Nodes{ask->id, nodes()};
  }
  if (const auto* look = std::get_if<protocol::Watch>(&command)) {
    return watch(*look);
  }
  if (const auto* mark = std::get_if<protocol::Mark>(&command)) {
    actions_.print("[    8.000000] zltorture: " + mark->text + "\r\n");
    return protocol::Marked{mark->id};
  }
  const auto* memory = std::get_if<protocol::SetMemory>(&command);
  return memory != nullptr ? std::optional(set(*memory)) : std::nullopt;
}

}  // namespace zlt::fake
