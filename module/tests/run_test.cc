// SPDX-License-Identifier: GPL-2.0-only
//
// One run from the inside: its turns, how a meeting is counted, what the verdict is made of.
#include <thread>

#include "module/tests/run_fixture.h"

namespace zlt::test {
namespace {

using abi::Outcome;
using abi::Param;

// A turn in which nobody comes near the window.
void leave_at_once(zlt::Run& run) {
  run.meeting().leave();
}

void turns_with(zlt::Run& run, const std::function<void(zlt::Run&)>& each) {
  Turn turn = {};
  while (run.next(turn)) each(run);
}

TEST_F(RunTest, TakesTheTurnsOfItsSchedule) {
  uint64_t turns = 0;
  Schedule schedule(7, 3, 50, 50);
  execute([&](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      const Turn planned = schedule.next();
      EXPECT_EQ(turn.number, turns++);
      EXPECT_EQ(turn.lead_ns, planned.lead_ns);
      run.meeting().arrive(true);
      run.meeting().leave();
    }
  });
  EXPECT_EQ(turns, 3U);
  EXPECT_EQ(run_.schedule_digest(), Schedule(7, 3, 50, 50).digest());
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_EQ(counted(Counter::kMetOdd), 3U);
  EXPECT_STREQ(run_.reason(), "3 of 3 turns met the odd window, every reader got through");
}

TEST_F(RunTest, MetOddMaskedAndMissedAreCountedApart) {
  execute([](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      if (turn.number == 0) run.meeting().arrive(true);
      if (turn.number == 1) run.meeting().note_masked();
      run.meeting().leave();
    }
  });
  EXPECT_EQ(counted(Counter::kTurns), 3U);
  EXPECT_EQ(counted(Counter::kMetOdd), 1U);
  EXPECT_EQ(counted(Counter::kMetMasked), 1U);
  EXPECT_EQ(counted(Counter::kMissed), 1U);
  EXPECT_EQ(run_.verdict(), kClean);
}

TEST_F(RunTest, NothingMetIsInfra) {
  execute([](zlt::Run& run) { turns_with(run, leave_at_once); });
  EXPECT_EQ(counted(Counter::kMissed), 3U);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_THAT(run_.reason(), testing::HasSubstr("nothing was tested"));
}

TEST_F(RunTest, AReaderThatGaveUpIsLivelock) {
  execute([](zlt::Run& run) {
    turns_with(run, [](zlt::Run& each) {
      each.meeting().arrive(true);
      each.count(Counter::kGaveUp);
      each.meeting().leave();
    });
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kLivelock));
  EXPECT_THAT(run_.reason(), testing::HasSubstr("gave up in 3 of 3 turns"));
}

TEST_F(RunTest, CorruptionEndsTheRun) {
  uint64_t turns = 0;
  execute([&](zlt::Run& run) {
    turns_with(run, [&](zlt::Run& each) {
      ++turns;
      each.corrupt("a page is on two lists");
    });
  });
  EXPECT_EQ(turns, 1U);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kCorruption));
  EXPECT_STREQ(run_.reason(), "a page is on two lists");
}

TEST_F(RunTest, TheFirstFailureStays) {
  execute([](zlt::Run& run) {
    run.fail(Outcome::kInfra, "first", -12);
    run.fail(Outcome::kUnsupported, "second");
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
  execute([](zlt::Run& run) { run.fail(Outcome::kInfra, "broken"); });
  run_.stop();
  execute(timer_turns);
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_FALSE(run_.stopped());
  EXPECT_EQ(counted(Counter::kTurns), 3U);
}

TEST_F(RunTest, StopInTheMiddleBeginsNoFurtherTurn) {
  settings_.set(Param::kLoops, 1'000'000);
  execute([](zlt::Run& run) {
    Turn turn = {};
    while (run.next(turn)) {
      run.meeting().arrive(true);
      if (turn.number == 4) return run.stop();
      run.meeting().leave();
    }
  });
  EXPECT_TRUE(run_.stopped());
  EXPECT_EQ(counted(Counter::kTurns), 4U);
  EXPECT_EQ(run_.verdict(), kClean);
}

// A reader that is never through holds nobody up who stops.
TEST_F(RunTest, StopEndsTheWaitForTheReader) {
  execute([](zlt::Run& run) {
    Turn turn = {};
    EXPECT_TRUE(run.next(turn));
    run.stop();
    EXPECT_FALSE(run.next(turn));
  });
  EXPECT_EQ(counted(Counter::kTurns), 0U);
}

TEST_F(RunTest, ALongPauseIsTakenInSlices) {
  boot({.time_scale = 50});
  settings_.set(Param::kPeriodUs, 1'000'000);
  execute(timer_turns);
  EXPECT_EQ(counted(Counter::kTurns), 3U);
  EXPECT_LE(kernel_->longest_sleep_us(), 10'000U) << "a stop would have to wait that long";
}

TEST_F(RunTest, WindowsAndWaitsGoToTheHistograms) {
  execute(thread_turns);
  uint64_t waits = 0;
  uint64_t sections = 0;
  uint64_t short_sections = 0;
  for (size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    waits += run_.reader_wait().count(bucket);
    sections += run_.writer_section().count(bucket);
    if (Histogram::to_ns(bucket) <= 50'000) short_sections += run_.writer_section().count(bucket);
  }
  EXPECT_EQ(waits, 3U);
  EXPECT_EQ(sections, 3U);
  EXPECT_EQ(short_sections, 0U) << "the writer stays hold_us with its reader";
}

}  // namespace
}  // namespace zlt::test
