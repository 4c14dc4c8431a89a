// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zlt::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

report::CaseRecord a_record(const std::string& name, const std::string& flavour, unsigned repeat, bool ok) {
  report::CaseRecord out;
  out.name = name;
  out.flavour = flavour;
  out.repeat = repeat;
  out.ok = ok;
  out.observed = ok ? report::Outcomes() : report::Outcomes{"livelock"};
  return out;
}

TEST(Records, ShowTheFirstRepeatThatIsNotAsExpected) {
  Records records;
  EXPECT_EQ(records.add(a_record("a/b", "stock", 1, true)).shown.repeat, 1U);
  EXPECT_EQ(records.add(a_record("a/b", "stock", 2, false)).shown.repeat, 2U);
  static_cast<void>(records.add(a_record("a/b", "stock-rt", 1, false)));
  const Repeats repeats = records.add(a_record("a/b", "stock", 3, true));
  EXPECT_EQ(repeats.shown.repeat, 2U);
  EXPECT_EQ(repeats.done, 3U);
  EXPECT_EQ(repeats.good, 2U);
  EXPECT_EQ(cell_of(repeats, 3).text, "FAIL livelock 2/3");
  EXPECT_EQ(cell_of(repeats, 3).tone, Tone::kBad);
}

TEST(Records, LeaveInTheOrderOfCasesFlavoursAndRepeats) {
  Records records;
  records.list("z/z");
  records.list("a/a");
  records.list("z/z");
  static_cast<void>(records.add(a_record("a/a", "stock", 1, true)));
  static_cast<void>(records.add(a_record("z/z", "stock", 2, true)));
  static_cast<void>(records.add(a_record("z/z", "stock", 1, true)));
  static_cast<void>(records.add(a_record("z/z", "lockdep", 1, true)));
  std::vector<Flavour> flavours(2);
  flavours[0].name = "lockdep";
  flavours[1].name = "stock";
  std::vector<std::string> order;
  for (const report::CaseRecord& each : records.take_sorted(flavours)) {
    order.push_back(each.name + " " + each.flavour + " " + std::to_string(each.repeat));
  }
  EXPECT_THAT(order, ElementsAre("z/z lockdep 1", "z/z stock 1", "z/z stock 2", "a/a stock 1"));
  EXPECT_TRUE(records.empty());
}

TEST(Records, AFlavourThatNeverCameUpLacksWhatOthersRan) {
  Records records;
  static_cast<void>(records.add(a_record("a/a", "stock", 1, true)));
  static_cast<void>(records.add(a_record("a/a", "stock", 2, true)));
  EXPECT_THAT(records.cases_without("lockdep"), ElementsAre("a/a"));
  static_cast<void>(records.add(a_record("a/a", "lockdep", 1, true)));
  EXPECT_THAT(records.cases_without("lockdep"), IsEmpty());
}

}  // namespace
}  // namespace zlt::run
