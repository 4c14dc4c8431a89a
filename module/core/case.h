// SPDX-License-Identifier: GPL-2.0-only
//
// What a scenario file says about its cases, and what a kernel is expected to do with them. docs/scenarios.md shows how
// a case is written.
#pragma once

#include "module/abi/verdict.h"
#include "module/core/measures.h"
#include "module/core/needs.h"

namespace zlt {

using abi::kClean;
using abi::Outcome;
using abi::Verdict;

class Run;

struct Case {
  const char* id;       // scenario/variant
  const char* hazard;   // kebab-case; "-" for the twin with the cure
  const char* summary;  // one line
  uint8_t needs;        // a sum of Needs
  Measures measures;
  void (*bounded)(Run&);
  void (*faithful)(Run&);  // nullptr: the case has no faithful form
  // What a kernel that has what the case needs does with it.
  Verdict (*expect)(const Case&, const Kernel&, Form);
  // Asked after a run that took all its turns: nullptr, or what its numbers do not add up to. nullptr: no such rule.
  const char* (*unsound)(const Run&);
  size_t member = 0;  // of a family: which (module/core/family.h)

  [[nodiscard]] constexpr bool has(Form form) const { return form == Form::kBounded || faithful != nullptr; }
};

struct Scenario {
  const Case* cases;
  size_t count;
};

template <size_t N>
constexpr Scenario scenario(const Case (&cases)[N]) {
  return Scenario{cases, N};
}

// The expectation of a run with these settings: what the case needs comes first.
inline Verdict expected(const Case& test, const Kernel& kernel, const Settings& settings) {
  if (find_lack(test.needs, kernel, settings)) return Outcome::kUnsupported;
  return test.expect(test, kernel, settings.form);
}

inline Verdict expect_clean(const Case&, const Kernel&, Form) {
  return kClean;
}

}  // namespace zlt
