// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace zlt {
namespace {

std::vector<Turn> turns_of(Schedule schedule) {
  std::vector<Turn> turns;
  while (!schedule.done()) turns.push_back(schedule.next());
  return turns;
}

bool same(const Turn& a, const Turn& b) {
  return a.number == b.number && a.pause_us == b.pause_us && a.lead_ns == b.lead_ns;
}

// The published test vector of splitmix64.
TEST(Random, IsSplitmix64) {
  Random random(1234567);
  for (const uint64_t value : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U,
                               16408922859458223821U}) {
    EXPECT_EQ(random.next(), value);
  }
}

TEST(Schedule, SameSeedSameSchedule) {
  const auto one = turns_of(Schedule(7, 1000, 500, 200));
  const auto two = turns_of(Schedule(7, 1000, 500, 200));
  EXPECT_TRUE(std::equal(one.begin(), one.end(), two.begin(), two.end(), same));
}

TEST(Schedule, AnotherSeedAnotherSchedule) {
  const auto one = turns_of(Schedule(7, 100, 500, 200));
  const auto two = turns_of(Schedule(8, 100, 500, 200));
  EXPECT_FALSE(std::equal(one.begin(), one.end(), two.begin(), two.end(), same));
}

// From an implementation in another language: the digest in a result can be checked on any machine.
TEST(Schedule, DigestIsThatOfTheDefinition) {
  EXPECT_EQ(Schedule(7, 10, 500, 200).digest(), 0xcc53c057650ce989U);
  EXPECT_EQ(Schedule(UINT64_MAX, 3, 0, 10).digest(), 0x7e2647f08642bd48U);
}

TEST(Schedule, DigestChangesWithEachParameter) {
  const uint64_t digest = Schedule(7, 10, 500, 200).digest();
  EXPECT_NE(Schedule(8, 10, 500, 200).digest(), digest);
  EXPECT_NE(Schedule(7, 11, 500, 200).digest(), digest);
  EXPECT_NE(Schedule(7, 10, 501, 200).digest(), digest);
  EXPECT_NE(Schedule(7, 10, 500, 201).digest(), digest);
}

TEST(Schedule, DigestLeavesTheScheduleAsItIs) {
  Schedule schedule(7, 2, 500, 200);
  const uint64_t digest = schedule.digest();
  EXPECT_EQ(schedule.digest(), digest);
  EXPECT_EQ(schedule.next().number, 0U);
  EXPECT_NE(schedule.digest(), digest) << "a turn less to come";
}

TEST(Schedule, TurnsAreNumberedAndEnd) {
  const auto turns = turns_of(Schedule(1, 50, 500, 200));
  ASSERT_EQ(turns.size(), 50U);
  for (size_t i = 0; i < turns.size(); ++i) EXPECT_EQ(turns[i].number, i);
}

TEST(Schedule, DrawsFromTheWholeRange) {
  uint64_t shortest_pause = UINT64_MAX;
  uint64_t longest_pause = 0;
  uint64_t shortest_lead = UINT64_MAX;
  uint64_t longest_lead = 0;
  for (const Turn& turn : turns_of(Schedule(3, 10000, 9, 10))) {
    shortest_pause = std::min(shortest_pause, turn.pause_us);
    longest_pause = std::max(longest_pause, turn.pause_us);
    shortest_lead = std::min(shortest_lead, turn.lead_ns);
    longest_lead = std::max(longest_lead, turn.lead_ns);
  }
  EXPECT_EQ(shortest_pause, 0U);
  EXPECT_EQ(longest_pause, 9U);
  EXPECT_LT(shortest_lead, 100U);
  EXPECT_GT(longest_lead, 9900U);
  EXPECT_LE(longest_lead, 10000U);
}

TEST(Schedule, NoPeriodNoPause) {
  for (const Turn& turn : turns_of(Schedule(3, 100, 0, 10))) EXPECT_EQ(turn.pause_us, 0U);
}

static_assert(Schedule(7, 10, 500, 200).digest() != 0, "a constant expression");

}  // namespace
}  // namespace zlt
