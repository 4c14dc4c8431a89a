// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/outcome.h"

#include <algorithm>
#include <string_view>

#include "module/abi/verdict.h"
#include "userspace/base/nearest.h"
#include "userspace/protocol/words.h"

namespace zlt::protocol {
namespace {

constexpr std::string_view kSplat = "splat:";

}  // namespace

bool is_outcome(const std::string& name) {
  if (name.starts_with(kSplat)) {
    return name.size() <= kLongestName && name.size() > kSplat.size() &&
           std::all_of(name.begin() + kSplat.size(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  }
  return std::find(std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames), name) != std::end(abi::kOutcomeNames);
}

std::string known_outcomes() {
  std::vector<std::string> names = {abi::kCleanName};
  names.insert(names.end(), std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames));
  return "known are " + joined(names);
}

Result<Outcomes> outcomes_from(const std::vector<std::string>& names) {
  if (names.empty()) {
    return bad_input("an empty verdict", "say clean for no outcome at all");
  }
  if (names == std::vector<std::string>{abi::kCleanName}) {
    return Outcomes();
  }
  Outcomes out;
  for (const std::string& name : names) {
    if (name != abi::kCleanName && !is_outcome(name)) {
      return bad_input("unknown outcome " + quote(name), known_outcomes());
    }
  }
  for (const std::string& name : names) {
    if (name == abi::kCleanName) {
      return bad_input("a verdict is clean or has outcomes, not both");
    }
    if (!out.insert(name).second) {
      return bad_input("the outcome " + quote(name) + " comes twice");
    }
  }
  return out;
}

std::vector<std::string> names_of(const Outcomes& outcomes) {
  if (outcomes.empty()) {
    return {abi::kCleanName};
  }
  return {outcomes.begin(), outcomes.end()};
}

std::string text_of(const Outcomes& outcomes) {
  return joined(names_of(outcomes), ",");
}

Result<Outcomes> parse_outcomes(const std::string& text) {
  std::vector<std::string> names;
  for (size_t begin = 0; !text.empty() && begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return outcomes_from(names);
}

}  // namespace zlt::protocol
