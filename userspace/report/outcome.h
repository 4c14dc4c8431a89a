// SPDX-License-Identifier: GPL-2.0-only
//
// The words for what was seen, checked where a person or a file gives them.
#pragma once

#include <string>

#include "userspace/protocol/outcome.h"
#include "userspace/report/model.h"

namespace zlt::report {

// An outcome of module/abi/verdict.h, "clean", or the kind of a report, "splat:KIND".
[[nodiscard]] bool is_outcome(const std::string& name);
using protocol::known_outcomes;
using protocol::parse_outcomes;

}  // namespace zlt::report
