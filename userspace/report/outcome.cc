// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/outcome.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "module/abi/verdict.h"
#include "userspace/base/nearest.h"

namespace zlt::report {

bool is_outcome(const std::string& name) {
  return name == abi::kCleanName || name.starts_with("splat:") ||
         std::find(std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames), name) != std::end(abi::kOutcomeNames);
}

std::string known_outcomes() {
  std::vector<std::string> names = {abi::kCleanName};
  names.insert(names.end(), std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames));
  return "known are " + joined(names);
}

Result<Outcomes> parse_outcomes(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words(text);
  for (std::string name; std::getline(words, name, ',');) {
    if (!is_outcome(name)) {
      return bad_input("unknown outcome \"" + name + "\"", known_outcomes());
    }
    names.push_back(name);
  }
  if (names.empty()) {
    return bad_input("an empty verdict", "say clean for no outcome at all");
  }
  return outcomes_from(names);
}

}  // namespace zlt::report
