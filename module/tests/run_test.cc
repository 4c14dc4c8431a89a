// SPDX-License-Identifier: GPL-2.0-only
//
// One run from the inside: its turns, what it measures, and what its verdict is made of.
#include <thread>

#include "module/tests/run_fixture.h"

namespace zlt::test {
namespace {

using abi::Outcome;
using abi::Param;

void take_turns(zlt::Run& run) {
  Turn turn = {};
  while (run.next(turn)) {
  }
}

TEST_F(RunTest, TakesTheTurnsOfItsSchedule) {
  uint64_t turns = 0;
  Schedule schedule(7, 3, 50, 50);
  execute([&](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      const Turn scheduled = schedule.next();
      EXPECT_EQ(turn.number, turns++);
      EXPECT_EQ(turn.lead_ns, scheduled.lead_ns);
    }
    run.conclude("%d turns", 3);
    run.conclude(", and no more");
  });
  EXPECT_EQ(turns, 3U);
  EXPECT_EQ(counted(kTurns), 3U);
  EXPECT_EQ(run_.schedule_digest(), Schedule(7, 3, 50, 50).digest());
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_STREQ(run_.reason(), "3 turns, and no more");
}

TEST_F(RunTest, ATurnThatIsAbandonedDoesNotCount) {
  execute([](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      if (turn.number == 1) run.abandon_turn();
    }
  });
  EXPECT_EQ(counted(kTurns), 2U);
}

TEST_F(RunTest, WhatIsObservedIsTheVerdict) {
  execute([](zlt::Run& run) {
    take_turns(run);
    run.observe(Outcome::kLivelock);
    run.observe(Outcome::kDeadlock);
  });
  EXPECT_EQ(run_.verdict(), Outcome::kLivelock | Outcome::kDeadlock);
}

TEST_F(RunTest, ABodyThatEndsEarlyIsInfra) {
  execute([](zlt::Run& run) {
    Turn turn = {};
    EXPECT_TRUE(run.next(turn));
    EXPECT_TRUE(run.next(turn));
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "the case ended before its last turn");
}

TEST_F(RunTest, NumbersThatDoNotAddUpAreInfra) {
  Case test = kCase;
  test.unsound = [](const zlt::Run& run) { return run.counted(kReads) == 2 ? "two reads" : nullptr; };
  const auto read_once_a_turn = [](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) run.count(kReads);
  };
  execute(read_once_a_turn, test);
  EXPECT_EQ(run_.verdict(), kClean);
  settings_.set(Param::kLoops, 2);
  execute(read_once_a_turn, test);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "two reads");
}

// What was found of the kernel is no failure of ours, and stands beside one.
TEST_F(RunTest, CorruptionAfterAFailureIsStillSeen) {
  execute([](zlt::Run& run) {
    run.fail("ours");
    run.corrupt("the kernel's");
  });
  EXPECT_EQ(run_.verdict(), Outcome::kInfra | Outcome::kCorruption);
  EXPECT_STREQ(run_.reason(), "ours");
}

TEST_F(RunTest, AFailureThatFollowsCorruptionIsNone) {
  execute([](zlt::Run& run) {
    run.corrupt("the kernel's");
    run.fail("ours");
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kCorruption));
  EXPECT_STREQ(run_.reason(), "the kernel's");
}

TEST_F(RunTest, CorruptionEndsTheRun) {
  uint64_t turns = 0;
  execute([&](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      ++turns;
      run.corrupt("a page is on two lists");
    }
  });
  EXPECT_EQ(turns, 1U);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kCorruption));
  EXPECT_STREQ(run_.reason(), "a page is on two lists");
}

TEST_F(RunTest, TheFirstFailureStays) {
  execute([](zlt::Run& run) {
    run.fail("first", -12);
    run.lack("second");
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "first (error -12)");
}

TEST_F(RunTest, WriterAndReaderMayFailAtOnce) {
  execute([](zlt::Run& run) {
    std::thread reader([&] { run.corrupt("the reader's"); });
    run.corrupt("the writer's");
    reader.join();
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kCorruption));
  EXPECT_THAT(run_.reason(), testing::AnyOf(testing::StrEq("the reader's"), testing::StrEq("the writer's")));
}

TEST_F(RunTest, ASecondRunForgetsTheFirst) {
  execute([](zlt::Run& run) { run.fail("broken"); });
  run_.stop();
  execute(timer_turns);
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_FALSE(run_.stopped());
  EXPECT_EQ(counted(kTurns), 3U);
}

TEST_F(RunTest, StopBeginsNoFurtherTurn) {
  settings_.set(Param::kLoops, 1'000'000);
  execute([](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      if (turn.number == 4) run.stop();
    }
  });
  EXPECT_TRUE(run_.stopped());
  EXPECT_EQ(counted(kTurns), 5U);
  EXPECT_EQ(run_.verdict(), kClean);
}

TEST_F(RunTest, ALongPauseIsTakenInSlices) {
  boot({.time_scale = 50});
  settings_.set(Param::kPeriodUs, 1'000'000);
  execute(timer_turns);
  EXPECT_EQ(counted(kTurns), 3U);
  EXPECT_LE(kernel_->longest_sleep_us(), 10'000U) << "a stop would have to wait that long";
}

TEST_F(RunTest, WindowsAndWaitsGoToTheHistograms) {
  execute(thread_turns);
  uint64_t waits = 0;
  uint64_t sections = 0;
  uint64_t short_sections = 0;
  for (size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    waits += run_.measured().get(kReaderWait).count(bucket);
    sections += run_.measured().get(kWriterSection).count(bucket);
    if (Histogram::to_ns(bucket) <= 50'000) short_sections += run_.measured().get(kWriterSection).count(bucket);
  }
  EXPECT_EQ(waits, 3U);
  EXPECT_EQ(sections, 3U);
  EXPECT_EQ(short_sections, 0U) << "the writer stays hold_us with its reader";
}

}  // namespace
}  // namespace zlt::test
