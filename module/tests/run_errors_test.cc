// SPDX-License-Identifier: GPL-2.0-only
//
// How a run ends when something fails, in the kernel or in the module.
#include "module/tests/run_fixture.h"

namespace zlt::test {
namespace {

using abi::Outcome;
using abi::Param;

TEST_F(RunTest, ATimerThatNeverFiresIsInfra) {
  boot({.time_scale = 100, .timers_fire = false});
  execute([](zlt::Run& run) {
    Rendezvous rendezvous(run);
    SeqLock seq(test_class);
    TimerReader<Bounded> reader(rendezvous, seq, ZLT_TIMER_HARD);
    Turn turn = {};
    while (rendezvous.next(turn)) {
      const auto odd = seq.write();
      Window window(rendezvous, turn);
      reader.invite(window);
      window.meet();
    }
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "the reader did not come back");
  EXPECT_EQ(counted(kTurns), 0U);
}

TEST_F(RunTest, AMaskedTimerThatNeverFiresIsInfra) {
  boot({.time_scale = 100, .timers_fire = false});
  execute(timer_turns);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
}

TEST_F(RunTest, AThreadThatDoesNotStartIsInfra) {
  boot({.thread_error = -11, .failing_thread = "reader"});
  execute(thread_turns);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "cannot start the reader's thread (error -11)");
}

// What the reader has to hold is never to be had.
struct HoldsNever {
  const zlt::Run* run;
  Empty operator()() const {
    while (!run->stopping()) zlt_sleep_us(1000);
    return {};
  }
};

TEST_F(RunTest, AThreadThatIsNeverReadyIsInfra) {
  boot({.time_scale = 100});
  execute([](zlt::Run& run) {
    Rendezvous rendezvous(run);
    SeqLock seq(test_class);
    ThreadReader<Bounded, HoldsNever> reader(rendezvous, seq, HoldsNever{&run});
    Turn turn = {};
    while (rendezvous.next(turn)) reader.get_ready();
  });
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kInfra));
  EXPECT_STREQ(run_.reason(), "the reader's thread does not get ready");
}

TEST_F(RunTest, FailedAllocationsAreCountedAndHarmless) {
  boot({.alloc_fails = true});
  execute(thread_turns);
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_EQ(counted(kAllocs), 3U + counted(kRetries));
  EXPECT_EQ(counted(kAllocsFailed), counted(kAllocs));
}

TEST_F(RunTest, WithoutHighResolutionTimersItWaitsAWhileAndRuns) {
  boot({.highres_timers = false, .time_scale = 10});
  execute(timer_turns);
  EXPECT_EQ(run_.verdict(), kClean);
  EXPECT_GE(run_.took_ns(), 1'000'000'000U);
}

TEST_F(RunTest, TwoCpusAreNeeded) {
  settings_.set(Param::kReaderCpu, 0);
  Case test = kCase;
  test.needs = kTwoCpus;
  bool ran = false;
  execute([&](zlt::Run&) { ran = true; }, test);
  EXPECT_FALSE(ran);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kUnsupported));
  EXPECT_THAT(run_.reason(), testing::HasSubstr("two online CPUs"));
}

TEST_F(RunTest, DeferralThatCannotBeFoundIsUnsupportedWithTheError) {
  boot({.kprobe_error = -2});
  Case test = kCase;
  test.needs = kPrintkDeferral;
  bool ran = false;
  execute([&](zlt::Run&) { ran = true; }, test);
  EXPECT_FALSE(ran);
  EXPECT_EQ(run_.verdict(), Verdict(Outcome::kUnsupported));
  EXPECT_STREQ(run_.reason(), "a kprobe cannot find printk_deferred_enter (error -2)");
}

}  // namespace
}  // namespace zlt::test
