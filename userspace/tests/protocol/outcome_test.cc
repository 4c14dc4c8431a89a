// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/outcome.h"

#include <gmock/gmock.h>

#include "module/abi/verdict.h"

namespace zlt::protocol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Outcome, CleanIsTheEmptySet) {
  EXPECT_EQ(parse_outcomes("clean").value(), Outcomes());
  EXPECT_THAT(names_of({}), ElementsAre("clean"));
  EXPECT_EQ(text_of({}), "clean");
}

TEST(Outcome, EveryNameOfTheModuleIsKnown) {
  for (const char* name : abi::kOutcomeNames) {
    EXPECT_TRUE(is_outcome(name)) << name;
    EXPECT_EQ(parse_outcomes(name).value(), Outcomes{name});
  }
}

TEST(Outcome, AnyKindOfReportIsOne) {
  EXPECT_TRUE(is_outcome("splat:rcu-stall"));
  for (const char* none : {"splat:", "splat:a b", "splat:A", "splat:\n", "splat", "", "Livelock", "clean"}) {
    EXPECT_FALSE(is_outcome(none)) << none;
  }
}

TEST(Outcome, ASetIsTakenWholeOrNotAtAll) {
  EXPECT_EQ(parse_outcomes("livelock,splat:circular").value(), (Outcomes{"livelock", "splat:circular"}));
  for (const char* none : {"", ",", "livelock,", "livelock,livelock", "clean,livelock", "clean,clean", "nonsense"}) {
    EXPECT_FALSE(parse_outcomes(none)) << none;
  }
  EXPECT_THAT(parse_outcomes("nonsense").error().hint, HasSubstr("livelock"));
}

}  // namespace
}  // namespace zlt::protocol
