// SPDX-License-Identifier: GPL-2.0-only
//
// All cases, in the order of the list that it is made from: module/scenarios/list.h in the module, any other in a test.
#pragma once

#include "module/core/case.h"
#include "module/core/text.h"

namespace zlt {

class Registry {
 public:
  // `scenarios` has to outlive the registry.
  template <size_t N>
  constexpr explicit Registry(const Scenario* const (&scenarios)[N]) : scenarios_(scenarios), count_(N) {}

  template <typename Visit>
  void for_each_case(Visit visit) const {
    for (size_t i = 0; i < count_; ++i) {
      for (size_t j = 0; j < scenarios_[i]->count; ++j) visit(scenarios_[i]->cases[j]);
    }
  }

  // nullptr: there is no such case.
  [[nodiscard]] const Case* find(View id) const {
    const Case* found = nullptr;
    for_each_case([&](const Case& test) {
      if (View(test.id) == id) found = &test;
    });
    return found;
  }

 private:
  const Scenario* const* scenarios_;
  size_t count_;
};

}  // namespace zlt
