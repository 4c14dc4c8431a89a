// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/measures.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <vector>

#include "module/core/meeting/measures.h"
#include "module/core/pressure/measures.h"

namespace zlt {
namespace {

constexpr Counter kOne = kTurns.next("one");
constexpr Counter kTwo = kOne.next("two");
constexpr Counter kGroup[] = {kOne, kTwo};
constexpr Counter kMore = kTwo.next("more");
constexpr auto kAll = joined(kGroup, kMore);

TEST(Measures, AChainHasASlotForEachName) {
  EXPECT_EQ(kTurns.slot, 0U);
  EXPECT_EQ(kOne.slot, 1U);
  EXPECT_EQ(kTwo.slot, 2U);
  EXPECT_STREQ(kTwo.name, "two");
}

TEST(Measures, JoinedHasTheGroupAndWhatFollows) {
  ASSERT_EQ(std::size(kAll.names), 3U);
  EXPECT_STREQ(kAll.names[0].name, "one");
  EXPECT_STREQ(kAll.names[2].name, "more");
  EXPECT_EQ(kAll.names[2].slot, 3U);
}

TEST(Measures, EachNumberIsItsOwn) {
  constexpr Timing kWait = Timing::first("wait");
  constexpr Fact kCpu = Fact::first("cpu");
  Measured measured;
  measured.add(kOne, 2);
  measured.add(kOne, 3);
  measured.add(kWait, 1000);
  measured.set(kCpu, 7);
  measured.set(kCpu, 1);
  EXPECT_EQ(measured.get(kOne), 5U);
  EXPECT_EQ(measured.get(kTwo), 0U);
  EXPECT_EQ(measured.get(kTurns), 0U);
  EXPECT_EQ(measured.get(kCpu), 1U) << "the last statement stays";
  EXPECT_EQ(measured.get(kWait).count(Histogram::bucket_of(1000)), 1U);
  measured.reset();
  EXPECT_EQ(measured.get(kOne), 0U);
  EXPECT_EQ(measured.get(kCpu), 0U);
  EXPECT_EQ(measured.get(kWait).count(Histogram::bucket_of(1000)), 0U);
}

std::vector<std::string> names_of(Names<Counter> names) {
  std::vector<std::string> found;
  for (const Counter& counter : names) found.emplace_back(counter.name);
  return found;
}

// Results are compared over the years: a name that changes is a series that ends.
TEST(Measures, NamesAreThoseOfEarlierResults) {
  EXPECT_EQ(names_of(kMeetingMeasures.counters),
            (std::vector<std::string>{"met_odd", "met_masked", "missed", "reads", "retries", "spins", "blocked",
                                      "gave_up", "allocs", "allocs_failed", "allocs_skipped"}));
  EXPECT_EQ(names_of(pressed::kMeasures.counters),
            (std::vector<std::string>{"allocs", "allocs_failed", "slow_path", "slow_path_others", "spins", "retries",
                                      "rebuilds", "pages_held", "pages_given_back", "console_writes"}));
}

}  // namespace
}  // namespace zlt
