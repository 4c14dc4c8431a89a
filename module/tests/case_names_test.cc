// SPDX-License-Identifier: GPL-2.0-only
//
// The file that the build leaves beside the modules names the module's cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "module/scenarios/list.h"

namespace zlt::test {
namespace {

TEST(CaseNames, AreThoseOfTheScenarios) {
  std::string names;
  for (const Scenario* scenario : kScenarios) {
    for (size_t n = 0; n < scenario->count; ++n) names.append(scenario->cases[n].id).append("\n");
  }
  std::ostringstream file;
  file << std::ifstream(ZLT_CASES).rdbuf();
  EXPECT_EQ(file.str(), names);
}

}  // namespace
}  // namespace zlt::test
