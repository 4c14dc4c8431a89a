// SPDX-License-Identifier: GPL-2.0-only
//
// The words for what was seen, checked where a person or a file gives them.
#pragma once

#include <string>

#include "userspace/base/result.h"
#include "userspace/report/model.h"

namespace zlt::report {

// An outcome of module/abi/verdict.h, "clean", or "splat:KIND" with a kind that the splat engine knows.
[[nodiscard]] bool is_outcome(const std::string& name);
// What could stand instead of a wrong name, the nearest first: "known are clean, livelock, …"
[[nodiscard]] std::string known_outcomes(const std::string& wrong);
// "livelock,splat:circular" as it stands on a command line.
[[nodiscard]] Result<Outcomes> parse_outcomes(const std::string& text);

}  // namespace zlt::report
