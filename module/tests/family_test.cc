// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/family.h"

#include <gtest/gtest.h>

namespace zlt {
namespace {

struct Letter {
  const char* name;
  const char* words;
};
struct Digit {
  const char* name;
  const char* words;
  int value;
};
constexpr Letter kLetters[] = {{"a", "first"}, {"b", "second"}, {"c", "third"}};
constexpr Digit kDigits[] = {{"one", "just one", 1}, {"two", "two of it", 2}};

constexpr Family kFamily("letters", kLetters, kDigits,
                         Case{.id = nullptr,
                              .hazard = nullptr,
                              .summary = nullptr,
                              .needs = kTwoCpus,
                              .measures = {},
                              .bounded = nullptr,
                              .faithful = nullptr,
                              .expect = expect_clean,
                              .unsound = nullptr},
                         [](const Letter&, const Digit& digit) { return digit.value > 1 ? "too-many" : "-"; });

TEST(Family, IsEveryRowWithEveryColumn) {
  const Scenario scenario = kFamily.scenario();
  ASSERT_EQ(scenario.count, 6U);
  EXPECT_STREQ(scenario.cases[0].id, "letters/a-one");
  EXPECT_STREQ(scenario.cases[1].id, "letters/a-two");
  EXPECT_STREQ(scenario.cases[5].id, "letters/c-two");
  EXPECT_STREQ(scenario.cases[5].summary, "two of it, third");
  EXPECT_STREQ(scenario.cases[0].hazard, "-");
  EXPECT_STREQ(scenario.cases[5].hazard, "too-many");
  EXPECT_EQ(scenario.cases[3].needs, kTwoCpus);
}

TEST(Family, AMemberFindsItsRowAndColumn) {
  const Scenario scenario = kFamily.scenario();
  for (size_t i = 0; i < scenario.count; ++i) {
    EXPECT_EQ(&kFamily.row_of(scenario.cases[i]), &kLetters[i / 2]);
    EXPECT_EQ(&kFamily.column_of(scenario.cases[i]), &kDigits[i % 2]);
  }
}

}  // namespace
}  // namespace zlt
