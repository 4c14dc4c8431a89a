// SPDX-License-Identifier: GPL-2.0-only
//
// All cases, in the order of module/scenarios/list.h.
#pragma once

#include "module/core/text.h"
#include "module/scenarios/list.h"

namespace zlt {

template <typename Visit>
void for_each_case(Visit visit) {
  for (const Scenario* scenario : kScenarios) {
    for (size_t i = 0; i < scenario->count; ++i) visit(scenario->cases[i]);
  }
}

// nullptr: no such case.
inline const Case* find_case(View id) {
  const Case* found = nullptr;
  for_each_case([&](const Case& test) {
    if (View(test.id) == id) found = &test;
  });
  return found;
}

}  // namespace zlt
