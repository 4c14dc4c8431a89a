// SPDX-License-Identifier: GPL-2.0-only
//
// The steps of a plan that change memory: what is commanded, and the event that proves that it happened.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "qemu/zlt/io/narrow.h"
#include "qemu/zlt/plans/plan_run.h"
#include "userspace/base/printable.h"

namespace zlt::run {
namespace {

using Kind = PlanStep::Kind;

// _OST, ACPI 6.3.5: source events are those of Notify(), status 0 is success.
constexpr unsigned kSourcePlugged = 1;
constexpr unsigned kSourceEject = 3;
constexpr std::uint64_t kMostBlocks = 65536;  // of one device: 8 TiB
constexpr unsigned kInProgress = 0x84;        // "ejection in progress"

bool about(const QmpEvent& event, const std::string& device) {
  return get_string(event.data, "device") == device || get_string(event.data, "id") == device ||
         get_string(member(event.data, "info"), "device") == device ||
         get_string(event.data, "qom-path").ends_with("/" + device);
}

const QmpEvent* find_event(const std::vector<QmpEvent>& events, const std::string& name, const std::string& device) {
  const auto found = std::find_if(events.rbegin(), events.rend(),
                                  [&](const QmpEvent& event) { return event.name == name && about(event, device); });
  return found == events.rend() ? nullptr : &*found;
}

// Where a device is, for events that come when nobody knows its name any more.
std::string slot_of(const std::vector<QmpEvent>& events, const std::string& device) {
  for (const QmpEvent& event : events) {
    if (event.name == "ACPI_DEVICE_OST" && about(event, device)) {
      return get_string(member(event.data, "info"), "slot");
    }
  }
  return {};
}

// The kernel is through with ejecting what was in the slot. DEVICE_DELETED is not that: QEMU sends it while the kernel
// evaluates _EJ0, after which acpi_scan_hot_remove() still asks for _STA. What is plugged into the slot before that is
// taken for what was to go, and on 6.11 and later for a device that is already there (docs/hotplug.md).
bool ejected(const std::vector<QmpEvent>& events, const std::string& slot) {
  return std::any_of(events.begin(), events.end(), [&](const QmpEvent& event) {
    const Json& info = member(event.data, "info");
    return event.name == "ACPI_DEVICE_OST" && get_string(info, "slot") == slot &&
           get_number(info, "source") == kSourceEject && get_number(info, "status") != kInProgress;
  });
}

// The kernel's last word on a device.
std::optional<unsigned> ost_status(const std::vector<QmpEvent>& events, const std::string& device, unsigned source) {
  for (const QmpEvent& event : events) {
    const Json& info = member(event.data, "info");
    const auto status = narrow<unsigned>(get_number(info, "status"));
    if (event.name == "ACPI_DEVICE_OST" && about(event, device) && get_number(info, "source") == source && status &&
        *status != kInProgress) {
      return status;
    }
  }
  return std::nullopt;
}

// How the kernel, or QEMU after it, refused to let a device go; empty when nobody has. Once it is gone, _OST names its
// slot alone.
std::string unplug_refusal(const std::vector<QmpEvent>& events, const std::string& device) {
  for (const char* name : {"MEM_UNPLUG_ERROR", "DEVICE_UNPLUG_GUEST_ERROR"}) {
    if (const QmpEvent* event = find_event(events, name, device)) {
      return fmt::format("{}: {}", name, get_string(event->data, "msg", "no reason given"));
    }
  }
  const std::optional<unsigned> status = ost_status(events, device, kSourceEject);
  return status && *status != 0 ? fmt::format("ACPI_DEVICE_OST, status {}", *status) : std::string();
}

std::string memory_id(const std::string& device) {
  return "mem-" + device;
}

}  // namespace

Status PlanRun::set_policy(const std::string& wanted) {
  if (wanted == policy_) {
    return {};
  }
  protocol::SetMemory command;
  command.policy = wanted;
  const auto set = hands_.ask<protocol::MemoryDone>(command);
  if (!set) {
    return tl::unexpected(set.error());
  }
  policy_ = wanted;
  return {};
}

Result<Rebuilds> PlanRun::act(const PlanStep& step) {
  switch (step.kind) {
    case Kind::kPlug:
      return plug(step);
    case Kind::kUnplug:
      return unplug(step);
    case Kind::kReplug:
      return replug(step);
    case Kind::kOnline:
      return set_state(step, "online_" + step.zone);
    case Kind::kOffline:
      return set_state(step, "offline");
    default:
      return resize(step);
  }
}

void PlanRun::judge_refusal(const PlanStep& step, bool refused, const std::string& how) {
  if (refused != step.refused) {
    mismatch(step, refused ? "the kernel refused: " + how : "the kernel did it, and was to refuse");
  } else if (refused) {
    ++counters_["refused"];
    facts_["refusal"] = how;
  }
}

// QEMU's half of a plug. Into `slot`, or any that is free.
Status PlanRun::add_memory(const PlanStep& step) {
  const std::string memory = memory_id(step.device);
  const Result<Json> made = hands_.monitor(
      "object-add",
      {{"qom-type", "memory-backend-ram"}, {"id", memory}, {"size", std::uint64_t{step.size_mib} << 20U}});
  return made ? Status() : tl::unexpected(made.error());
}

Json PlanRun::dimm(const PlanStep& step) {
  return {{"driver", "pc-dimm"}, {"id", step.device}, {"memdev", memory_id(step.device)}, {"node", step.node}};
}

Result<Rebuilds> PlanRun::plug(const PlanStep& step) {
  const std::string policy = step.policy.empty() ? plan_.policy : step.policy;
  if (Status set = set_policy(policy); !set) {
    return tl::unexpected(set.error());
  }
  if (Status made = add_memory(step); !made) {
    return tl::unexpected(made.error());
  }
  const Result<Json> added = hands_.monitor("device_add", dimm(step));
  if (!added) {
    [[maybe_unused]] const Result<Json> unmade = hands_.monitor("object-del", {{"id", memory_id(step.device)}});
    return tl::unexpected(added.error());
  }
  return plugged(step, policy);
}

// Waits for the kernel's half of it.
Result<Rebuilds> PlanRun::plugged(const PlanStep& step, const std::string& policy) {
  std::optional<unsigned> status;
  const Status told = hands_.wait("the event ACPI_DEVICE_OST of " + step.device, [&] {
    status = ost_status(hands_.events(), step.device, kSourcePlugged);
    return status.has_value();
  });
  if (!told) {
    return tl::unexpected(told.error());
  }
  slots_[step.device] = slot_of(hands_.events(), step.device);
  judge_refusal(step, *status != 0, fmt::format("ACPI_DEVICE_OST, status {}", *status));
  return *status == 0 ? model_->add(step.device, step.node, step.size_mib, policy) : Rebuilds();
}

Result<Rebuilds> PlanRun::unplug(const PlanStep& step) {
  const Result<Json> asked = hands_.monitor("device_del", {{"id", step.device}});
  if (!asked) {
    return tl::unexpected(asked.error());
  }
  const QmpEvent* deleted = nullptr;
  std::string refusal;
  Status told = hands_.wait("the event DEVICE_DELETED or a refusal of " + step.device, [&] {
    deleted = find_event(hands_.events(), "DEVICE_DELETED", step.device);
    refusal = unplug_refusal(hands_.events(), step.device);
    return deleted != nullptr || !refusal.empty();
  });
  if (!told) {
    return tl::unexpected(told.error());
  }
  judge_refusal(step, deleted == nullptr, refusal);
  if (deleted == nullptr) {
    return Rebuilds();
  }
  const std::string slot = slots_[step.device];
  told = hands_.wait("the event ACPI_DEVICE_OST, source 3, of slot " + slot,
                     [&] { return ejected(hands_.events(), slot); });
  if (!told) {
    return tl::unexpected(told.error());
  }
  return unmade(step.device);
}

Result<Rebuilds> PlanRun::unmade(const std::string& device) {
  const Result<Json> gone = hands_.monitor("object-del", {{"id", memory_id(device)}});
  if (!gone) {
    return tl::unexpected(gone.error());
  }
  slots_.erase(device);
  return model_->remove(device);
}

// One instruction at a time, so that a moment of the guest's is long enough for a command of the monitor. Called
// singlestep before QEMU 8.1. Where neither is known the guest is as fast as ever.
void PlanRun::slow_down(bool on) {
  for (const char* command : {"one-insn-per-tb", "singlestep"}) {
    [[maybe_unused]] const Result<Json> said =
        hands_.monitor("human-monitor-command", {{"command-line", fmt::format("{} {}", command, on ? "on" : "off")}});
  }
}

// Unplugs, and plugs another one into the slot as soon as QEMU lets it: while the kernel is still ejecting. QEMU
// refuses as long as the slot is taken, so it is asked again and again.
Result<Rebuilds> PlanRun::replug(const PlanStep& step) {
  PlanStep next = step;
  next.device = step.next;
  if (Status made = add_memory(next); !made) {
    return tl::unexpected(made.error());
  }
  Json wanted = dimm(next);
  wanted["slot"] = std::strtoul(slots_[step.device].c_str(), nullptr, 10);
  const Result<Json> asked = hands_.monitor("device_del", {{"id", step.device}});
  if (!asked) {
    return tl::unexpected(asked.error());
  }
  slow_down(true);
  const TimePoint deadline = Clock::now() + from_seconds(plan_.limit_s);
  Result<Json> added = Json();
  std::string refusal;
  do {
    added = hands_.monitor("device_add", wanted);
    refusal = unplug_refusal(hands_.events(), step.device);
  } while (!added && refusal.empty() && !hands_.end() && Clock::now() < deadline);
  slow_down(false);
  if (!added) {
    return refusal.empty() ? tl::unexpected(added.error()) : failure("the kernel did not let go: " + refusal);
  }
  Result<Rebuilds> rebuilds = unmade(step.device);
  const Result<Rebuilds> more = rebuilds ? plugged(next, plan_.policy) : rebuilds;
  if (more) {
    rebuilds->insert(rebuilds->end(), more->begin(), more->end());
  }
  return more ? rebuilds : more;
}

// Which blocks of the guest's a device is: QEMU knows its address.
Result<std::vector<unsigned>> PlanRun::blocks_of(const std::string& device, unsigned& node) {
  const Result<Json> devices = hands_.monitor("query-memory-devices", Json::object());
  if (!devices) {
    return tl::unexpected(devices.error());
  }
  for (const Json& each : *devices) {
    const Json& data = member(each, "data");
    if (get_string(data, "id") != device || before_.block_bytes == 0) {
      continue;
    }
    const bool virtio = get_string(each, "type") == "virtio-mem";
    const std::uint64_t address = get_number(data, virtio ? "memaddr" : "addr");
    const std::uint64_t size = get_number(data, "size");
    const auto where = narrow<unsigned>(get_number(data, "node"));
    const auto first = narrow<unsigned>(address / before_.block_bytes);
    if (!where || !first || size / before_.block_bytes > kMostBlocks) {
      return failure("QEMU tells of a memory device " + device + " that cannot be: " + quote(data.dump()));
    }
    node = *where;
    std::vector<unsigned> out;
    for (std::uint64_t n = 0; n * before_.block_bytes < size; ++n) {
      out.push_back(*first + static_cast<unsigned>(n));
    }
    return out;
  }
  return failure("QEMU knows no memory device " + device);
}

Result<Rebuilds> PlanRun::set_state(const PlanStep& step, const std::string& state) {
  unsigned node = 0;
  const Result<std::vector<unsigned>> blocks = blocks_of(step.device, node);
  if (!blocks) {
    return tl::unexpected(blocks.error());
  }
  protocol::SetMemory command;
  command.node = node;
  command.state = state;
  command.blocks = *blocks;
  const auto done = hands_.ask<protocol::MemoryDone>(command);
  if (!done) {
    return tl::unexpected(done.error());
  }
  const bool any = !done->refused.empty();
  judge_refusal(step, any, any ? done->refused.front().error : "");
  if (any) {
    return Rebuilds();
  }
  return state == "offline" ? model_->offline(step.device) : model_->online(step.device, step.zone);
}

Result<Rebuilds> PlanRun::resize(const PlanStep& step) {
  const std::string policy = step.policy.empty() ? plan_.policy : step.policy;
  if (Status set = set_policy(policy); !set) {
    return tl::unexpected(set.error());
  }
  const VirtioMem* device = settings_.topology->find_virtio_mem(step.device);
  if (device == nullptr) {
    return failure("the machine has no virtio-mem device " + step.device);
  }
  const std::uint64_t wanted = std::uint64_t{step.size_mib} << 20U;
  const Result<Json> asked = hands_.monitor(
      "qom-set", {{"path", "/machine/peripheral/" + step.device}, {"property", "requested-size"}, {"value", wanted}});
  if (!asked) {
    return tl::unexpected(asked.error());
  }
  const Status changed = hands_.wait(fmt::format("the event MEMORY_DEVICE_SIZE_CHANGE of {}", step.device), [&] {
    const QmpEvent* event = find_event(hands_.events(), "MEMORY_DEVICE_SIZE_CHANGE", step.device);
    return event != nullptr && get_number(event->data, "size") == wanted;
  });
  if (!changed) {
    return tl::unexpected(changed.error());
  }
  return model_->resize(step.device, device->node, step.size_mib, policy);
}

}  // namespace zlt::run
