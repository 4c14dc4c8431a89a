// SPDX-License-Identifier: GPL-2.0-only
//
// What became of one step of a plan: a line of steps.jsonl, as docs/formats.md has it.
#pragma once

#include <string>
#include <vector>

#include "qemu/zlt/plans/plan.h"
#include "qemu/zlt/plans/plan_guest.h"

namespace zlt::run {

struct StepDone {
  unsigned number;  // from 1, repeats counted
  const PlanStep& step;
  const MemoryView& before;
  const Sighting& seen;  // after it
  const Rebuilds& implied;
  const std::vector<QmpEvent>& events;
  Duration took;    // the step
  Duration looked;  // until the kernel was as it must be
};

// With its newline.
[[nodiscard]] std::string step_line(const StepDone& done);

}  // namespace zlt::run
