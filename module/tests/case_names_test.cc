// SPDX-License-Identifier: GPL-2.0-only
//
// The file that the build leaves beside the modules names the module's cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "module/scenarios/list.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

TEST(CaseNames, AreThoseOfTheScenarios) {
  std::string names;
  for (const Scenario* scenario : kScenarios) {
    for (size_t n = 0; n < scenario->count; ++n) names.append(scenario->cases[n].id).append("\n");
  }
  const Result<std::string> file = read_file(ZLT_CASES);
  ASSERT_TRUE(file) << file.error().line();
  EXPECT_EQ(*file, names);
}

}  // namespace
}  // namespace zlt::test
