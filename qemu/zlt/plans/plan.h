// SPDX-License-Identifier: GPL-2.0-only
//
// What is plugged, unplugged, brought on- and offline, in which order: qemu/plans/NAME.toml, docs/hotplug.md. A plan is
// a case: hotplug/NAME.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/plans/topology.h"
#include "userspace/base/result.h"

namespace zlt::run {

struct PlanStep {
  enum class Kind { kPlug, kUnplug, kReplug, kOnline, kOffline, kResize, kWaitFor, kRepeat, kParallel };

  Kind kind = Kind::kPlug;
  unsigned line = 0;             // in the plan's file
  std::string device;            // the DIMM or virtio-mem device; of online and offline also a node: "node1"
  std::string next;              // replug: the DIMM that takes its slot
  unsigned node = 0;             // plug, replug, wait_for
  unsigned size_mib = 0;         // plug, replug, resize
  std::string policy;            // plug, resize: instead of the plan's
  std::string zone = "movable";  // online: movable or kernel
  bool refused = false;          // the kernel is to refuse it
  std::optional<bool> online;    // wait_for, this and the next
  std::optional<bool> has_memory;
  unsigned times = 1;                           // repeat
  bool no_leak = false;                         // repeat: free memory and slab must come back
  std::string case_name;                        // parallel
  std::map<std::string, std::uint64_t> params;  // parallel
  std::vector<PlanStep> steps;                  // repeat, parallel

  // "plug dimm1": for people.
  [[nodiscard]] std::string text() const;
};

struct Plan {
  std::string name;
  std::string summary;
  std::filesystem::path file;
  std::string machine;                    // of qemu/machines
  std::string policy = "online_movable";  // auto_online_blocks
  double limit_s = 30;                    // for the event that proves a step
  std::vector<PlanStep> steps;

  [[nodiscard]] std::string case_name() const { return "hotplug/" + name; }
  [[nodiscard]] std::string at(const PlanStep& step) const;  // "FILE:LINE: plug dimm1"
};

// Errors name file and line.
[[nodiscard]] Result<Plan> load_plan(const std::filesystem::path& file);
// Every *.toml in the folder, by name. One bad file is an error.
[[nodiscard]] Result<std::vector<Plan>> load_plans(const std::filesystem::path& folder);

// Whether the plan can be run on the machine at all: nodes, sizes, slots, names. The error names file and line.
[[nodiscard]] Status check_plan(const Plan& plan, const Topology& topology);

}  // namespace zlt::run
