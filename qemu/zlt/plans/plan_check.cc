// SPDX-License-Identifier: GPL-2.0-only
//
// A plan against the machine it is to run on, before anything is started.
#include <fmt/format.h>

#include <algorithm>

#include "qemu/zlt/plans/plan.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace {

using Kind = PlanStep::Kind;

class Checker {
 public:
  Checker(const Plan& plan, const Topology& topology) : plan_(plan), topology_(topology) {}

  Status check(const std::vector<PlanStep>& steps) {
    for (const PlanStep& step : steps) {
      if (Status good = check(step); !good) {
        return good;
      }
    }
    return {};
  }

 private:
  tl::unexpected<Error> wrong(const PlanStep& step, const std::string& what, const std::string& hint = {}) const {
    return bad_input(fmt::format("{}: {}", plan_.at(step), what), hint);
  }

  Status check_node(const PlanStep& step) const {
    const auto nodes = static_cast<unsigned>(topology_.nodes.size());
    return step.node < nodes ? Status()
                             : wrong(step, fmt::format("machine {} has no node {}", topology_.name, step.node),
                                     fmt::format("valid: 0 to {}", nodes - 1));
  }

  Status check_size(const PlanStep& step) const {
    if (step.size_mib % kBlockMib != 0) {
      return wrong(step, fmt::format("{} MiB is no multiple of a memory block", step.size_mib),
                   fmt::format("valid: {0}, {1}, … MiB", kBlockMib, 2 * kBlockMib));
    }
    return {};
  }

  std::vector<std::string> devices() const {
    std::vector<std::string> out;
    for (const auto& [id, mib] : dimms_) {
      out.push_back(id);
    }
    for (const VirtioMem& each : topology_.virtio_mem) {
      out.push_back(each.id);
    }
    return out;
  }

  Status check_plugged(const PlanStep& step, bool dimm) const {
    std::vector<std::string> known = devices();
    if (dimm) {
      std::erase_if(known, [this](const std::string& id) { return !dimms_.contains(id); });
    } else {
      for (size_t n = 0; n < topology_.nodes.size(); ++n) {
        known.push_back(fmt::format("node{}", n));
      }
    }
    if (std::find(known.begin(), known.end(), step.device) != known.end()) {
      return {};
    }
    return wrong(step, fmt::format("there is no \"{}\" at this point", step.device),
                 known.empty() ? "nothing is plugged" : "there is " + joined(nearest_first(step.device, known)));
  }

  Status check_plug(const PlanStep& step) {
    if (Status node = check_node(step); !node) {
      return node;
    }
    if (Status size = check_size(step); !size) {
      return size;
    }
    if (step.device.empty() || dimms_.contains(step.device) || topology_.find_virtio_mem(step.device) != nullptr ||
        step.device.starts_with("node") || step.device.starts_with("nvdimm")) {
      return wrong(step, "a DIMM needs a name that is not taken", "and not \"node…\" or \"nvdimm…\"");
    }
    unsigned mib = topology_.memory_mib() + step.size_mib;
    for (const auto& [id, other] : dimms_) {
      mib += other;
    }
    for (const VirtioMem& each : topology_.virtio_mem) {
      mib += each.size_mib;
    }
    const std::string room =
        fmt::format("machine {}: slots = {}, max_mib = {}", topology_.name, topology_.slots, topology_.max_mib);
    if (step.size_mib == 0) {
      return wrong(step, "a DIMM has memory", fmt::format("size_mib = {}", kBlockMib));
    }
    if (dimms_.size() + 1 > topology_.slots) {
      return wrong(step, "no slot is left", room);
    }
    if (mib > topology_.max_mib) {
      return wrong(step, fmt::format("that makes {} MiB, more than the machine takes", mib), room);
    }
    if (!step.refused) {
      dimms_[step.device] = step.size_mib;
    }
    return {};
  }

  Status check_resize(const PlanStep& step) const {
    const VirtioMem* device = topology_.find_virtio_mem(step.device);
    std::vector<std::string> known;
    for (const VirtioMem& each : topology_.virtio_mem) {
      known.push_back(each.id);
    }
    if (device == nullptr) {
      return wrong(step, fmt::format("machine {} has no virtio-mem device \"{}\"", topology_.name, step.device),
                   known.empty() ? "[[virtio_mem]] in its file makes one" : "there is " + joined(known));
    }
    if (step.size_mib > device->size_mib) {
      return wrong(step, fmt::format("{} has at most {} MiB", step.device, device->size_mib));
    }
    return check_size(step);
  }

  Status check(const PlanStep& step) {
    switch (step.kind) {
      case Kind::kPlug:
        return check_plug(step);
      case Kind::kReplug: {
        PlanStep next = step;
        next.device = step.next;
        Status there = check_plugged(step, /*dimm=*/true);
        if (there) {
          dimms_.erase(step.device);
          there = check_plug(next);
        }
        return there;
      }
      case Kind::kUnplug: {
        Status there = check_plugged(step, /*dimm=*/true);
        if (there && !step.refused) {
          dimms_.erase(step.device);
        }
        return there;
      }
      case Kind::kOnline:
      case Kind::kOffline:
        return check_plugged(step, /*dimm=*/false);
      case Kind::kResize:
        return check_resize(step);
      case Kind::kWaitFor:
        return check_node(step);
      case Kind::kRepeat: {
        // The second time round shows what the first leaves behind.
        Status first = check(step.steps);
        return first && step.times > 1 ? check(step.steps) : first;
      }
      case Kind::kParallel:
        break;
    }
    return step.case_name.empty() ? wrong(step, "no case is named") : check(step.steps);
  }

  const Plan& plan_;
  const Topology& topology_;
  std::map<std::string, unsigned> dimms_;  // plugged at this point, MiB
};

}  // namespace

Status check_plan(const Plan& plan, const Topology& topology) {
  return Checker(plan, topology).check(plan.steps);
}

}  // namespace zlt::run
