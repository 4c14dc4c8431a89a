// SPDX-License-Identifier: GPL-2.0-only
//
// A verdict as a value: the set of what was seen, by the names of module/abi/verdict.h. The empty set is clean.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::protocol {

using Outcomes = std::set<std::string>;

// An outcome of module/abi/verdict.h, or the kind of a report, "splat:KIND".
[[nodiscard]] bool is_outcome(const std::string& name);
// "known are clean, livelock, …"
[[nodiscard]] std::string known_outcomes();

// {"clean"} means the empty set. An error for no name at all, one that is unknown or comes twice, and `clean` beside
// others.
[[nodiscard]] Result<Outcomes> outcomes_from(const std::vector<std::string>& names);
// The names in order; {"clean"} for the empty set.
[[nodiscard]] std::vector<std::string> names_of(const Outcomes& outcomes);
// "clean", or the names joined by commas.
[[nodiscard]] std::string text_of(const Outcomes& outcomes);
// From such a text: a file of debugfs, a word of a command line.
[[nodiscard]] Result<Outcomes> parse_outcomes(const std::string& text);

}  // namespace zlt::protocol
