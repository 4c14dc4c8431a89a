// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/model.h"

#include <gtest/gtest.h>

namespace zlt::report {
namespace {

TEST(Outcomes, CleanIsTheEmptySet) {
  EXPECT_TRUE(outcomes_from({"clean"}).empty());
  EXPECT_TRUE(outcomes_from({}).empty());
  EXPECT_EQ(names_of({}), std::vector<std::string>{"clean"});
  EXPECT_EQ(text_of({}), "clean");
}

TEST(Outcomes, AreSortedAndUnique) {
  const Outcomes outcomes = outcomes_from({"splat:circular", "livelock", "livelock"});
  EXPECT_EQ(names_of(outcomes), (std::vector<std::string>{"livelock", "splat:circular"}));
  EXPECT_EQ(text_of(outcomes), "livelock,splat:circular");
}

TEST(Summary, CountsEveryCaseOnce) {
  report::Run run;
  run.cases.resize(4);
  run.cases[0].ok = true;
  run.cases[1].observed = {"livelock"};
  run.cases[2].observed = {"infra"};
  run.cases[3].observed = {"infra"};
  run.cases[3].ok = true;  // whoever says so: infra is never a pass
  const Summary sum = summarise(run);
  EXPECT_EQ(sum.cases, 4U);
  EXPECT_EQ(sum.expected, 1U);
  EXPECT_EQ(sum.unexpected, 1U);
  EXPECT_EQ(sum.infra, 2U);
}

}  // namespace
}  // namespace zlt::report
