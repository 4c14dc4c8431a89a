// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/outcome.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "module/abi/verdict.h"
#include "userspace/base/nearest.h"
#include "userspace/splat/kinds.h"

namespace zlt::report {
namespace {

constexpr std::string_view kSplat = "splat:";
constexpr size_t kNearest = 5;  // of more than a hundred

std::vector<std::string> plain_outcomes() {
  std::vector<std::string> names = {abi::kCleanName};
  names.insert(names.end(), std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames));
  return names;
}

std::vector<std::string> splat_outcomes() {
  std::vector<std::string> names;
  for (const auto& family : splat::all_kinds()) {
    for (const splat::Kind& kind : family) {
      const std::string name = std::string(kSplat).append(kind.slug);
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  return names;
}

}  // namespace

bool is_outcome(const std::string& name) {
  const std::vector<std::string> names = name.starts_with(kSplat) ? splat_outcomes() : plain_outcomes();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string known_outcomes(const std::string& wrong) {
  if (!wrong.starts_with(kSplat)) {
    return "known are " + joined(nearest_first(wrong, plain_outcomes())) + ", splat:KIND";
  }
  std::vector<std::string> names = nearest_first(wrong, splat_outcomes());
  names.resize(std::min(names.size(), kNearest));
  return "the nearest are " + joined(names) + "; `zlt splat --kinds` lists all";
}

Result<Outcomes> parse_outcomes(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words(text);
  for (std::string name; std::getline(words, name, ',');) {
    if (!is_outcome(name)) {
      return failure("unknown outcome \"" + name + "\"", known_outcomes(name));
    }
    names.push_back(name);
  }
  if (names.empty()) {
    return failure("an empty verdict", "say clean for no outcome at all");
  }
  return outcomes_from(names);
}

}  // namespace zlt::report
