// SPDX-License-Identifier: GPL-2.0-only
//
// Fuzz target: a file that people write, taken for a plan, a machine and a flavour. What a reader takes has to be fit
// for what comes after it.
#include "qemu/tests/fuzz/check.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/flavour_shell.h"
#include "qemu/zlt/plans/plan.h"
#include "qemu/zlt/plans/topology.h"

namespace {

using namespace zlt;

const run::Topology& some_machine() {
  static const Result<run::Topology> machine = [] {
    const std::filesystem::path file = fuzz::folder() / "m.toml";
    fuzz::put(file, "name = \"m\"\nslots = 3\nmax_mib = 2048\n[[node]]\ncpus = [0, 1]\nmemory_mib = 256\n[[node]]\n");
    return run::load_topology(file);
  }();
  fuzz::require(machine.has_value(), "the target's own machine is one");
  return *machine;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::filesystem::path file = fuzz::folder() / "x" / "x.toml";
  fuzz::put(file, text);
  if (const Result<run::Plan> plan = run::load_plan(file)) {
    const Status good = run::check_plan(*plan, some_machine());
    if (!good) fuzz::require_a_line(good.error());
    for (const run::PlanStep& step : plan->steps) (void)plan->at(step);
  } else {
    fuzz::require_a_line(plan.error());
  }
  if (const Result<run::Topology> machine = run::load_topology(file)) {
    (void)run::topology_machine(*machine);
    (void)run::topology_smp(*machine);
    (void)run::topology_memory(*machine);
  } else {
    fuzz::require_a_line(machine.error());
  }
  if (const auto flavours = run::load_flavours(file.parent_path())) {
    for (const auto& [name, flavour] : *flavours) {
      fuzz::require(!run::shell_assignments(flavour).empty(), "a flavour has something to assign");
    }
  } else {
    fuzz::require_a_line(flavours.error());
  }
  return 0;
}
