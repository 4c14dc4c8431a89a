// SPDX-License-Identifier: GPL-2.0-only
//
// Prints the names of the module's cases, one a line, in the order in which a guest lists them: out of the scenarios'
// own tables, so that there is no second list. The build keeps what it prints beside the modules, for zlt to refuse a
// misspelt case before it fetches, builds or boots anything.
#include <cstdio>

#include "module/scenarios/list.h"

int main() {
  for (const zlt::Scenario* scenario : zlt::kScenarios) {
    for (size_t n = 0; n < scenario->count; ++n) std::printf("%s\n", scenario->cases[n].id);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
