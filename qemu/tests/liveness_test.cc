// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/liveness.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qemu/zlt/guest/sched_stat.h"

namespace zlt::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr auto kStep = milliseconds(50);

class LivenessTest : public testing::Test {
 protected:
  // So long nothing happens, while of every step `held_up` is spent waiting for a CPU.
  void silence(Duration duration, Duration held_up) {
    for (Duration passed{}; passed < duration; passed += kStep) {
      now += kStep;
      life.sample(now, held_up);
    }
  }

  TimePoint now{};
  Liveness life{LivenessLimits{}, now};
};

TEST_F(LivenessTest, AnIdleMachineCallsItDeadInTwoSeconds) {
  silence(milliseconds(1400), Duration::zero());
  EXPECT_FALSE(life.dead());
  silence(milliseconds(200), Duration::zero());
  EXPECT_TRUE(life.dead());
  EXPECT_LT(life.silent_for(now), seconds(2));
}

TEST_F(LivenessTest, ProgressStartsAnew) {
  silence(milliseconds(1400), Duration::zero());
  life.progress(now);
  silence(milliseconds(1400), Duration::zero());
  EXPECT_FALSE(life.dead());
}

TEST_F(LivenessTest, TimeWithoutACpuDoesNotCount) {
  silence(seconds(9), milliseconds(45));  // a tenth of a CPU
  EXPECT_FALSE(life.dead());
  silence(seconds(2), milliseconds(45));
  EXPECT_TRUE(life.dead());
}

TEST_F(LivenessTest, WithHalfACpuItStillTakesNoMoreThanTwoSeconds) {
  silence(milliseconds(2000), milliseconds(25));
  EXPECT_TRUE(life.dead());
}

TEST_F(LivenessTest, AGuestThatGotNoCpuAtAllIsNotDead) {
  silence(seconds(60), kStep);
  EXPECT_FALSE(life.dead());
}

TEST_F(LivenessTest, WhenWeWereHeldUpOurselvesThatDoesNotCount) {
  now += seconds(30);  // one step: the whole machine stood still
  life.sample(now, Duration::zero());
  EXPECT_FALSE(life.dead());
  EXPECT_LT(life.silent_on_cpu(), milliseconds(500)) << "heartbeats that came late for that are not missed";
  silence(milliseconds(1400), Duration::zero());
  EXPECT_TRUE(life.dead());
}

TEST(SchedStat, LongestWaitOfAnyThread) {
  const ThreadTimes before = {{1, {nanoseconds(5), nanoseconds(100)}}, {2, {nanoseconds(5), nanoseconds(0)}}};
  const ThreadTimes after = {{1, {nanoseconds(9), nanoseconds(130)}},
                             {2, {nanoseconds(9), nanoseconds(70)}},
                             {3, {nanoseconds(1), nanoseconds(20)}}};
  EXPECT_EQ(longest_wait(before, after, nanoseconds(100)), nanoseconds(70));
  EXPECT_EQ(longest_wait(after, after, nanoseconds(100)), nanoseconds(0));
}

// As a tracer holds one thread, or a hypervisor one CPU: it neither ran nor waited for a CPU.
TEST(SchedStat, AThreadThatIsHeldHasWaitedAllTheTime) {
  const ThreadTime ran = {nanoseconds(5), nanoseconds(10)};
  ThreadTime held = ran;
  held.held = true;
  EXPECT_EQ(longest_wait({{1, ran}}, {{1, held}}, nanoseconds(100)), nanoseconds(100));
  EXPECT_EQ(longest_wait({{1, held}}, {{1, ran}}, nanoseconds(100)), nanoseconds(100));
  EXPECT_EQ(longest_wait({{1, ran}}, {{1, ran}}, nanoseconds(100)), nanoseconds(0));
}

TEST(SchedStat, SeesAThreadThatIsHeld) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) {
      ::pause();
    }
  }
  ASSERT_GT(child, 0);
  EXPECT_FALSE(read_thread_times(child).at(child).held);
  ::kill(child, SIGSTOP);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(read_thread_times(child).at(child).held);
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
}

TEST(SchedStat, WhoWantedTheCpuAndDidNotGetItIsStarved) {
  const ThreadTimes before = {{1, {milliseconds(500), milliseconds(500)}}};
  const auto after = [](int ran_ms, int waited_ms) {
    return ThreadTimes{{1, {milliseconds(500 + ran_ms), milliseconds(500 + waited_ms)}}};
  };
  const milliseconds elapsed(2000);
  const milliseconds need(1000);
  EXPECT_TRUE(starved(before, after(200, 1800), elapsed, need));
  EXPECT_FALSE(starved(before, after(1000, 1000), elapsed, need)) << "half a CPU is enough";
  EXPECT_FALSE(starved(before, after(20, 100), elapsed, need)) << "it slept";
  EXPECT_FALSE(starved(before, {}, elapsed, need)) << "it is gone";
}

TEST(SchedStat, ReadsOurOwnThreads) {
  const ThreadTimes times = read_thread_times(::getpid());
  ASSERT_TRUE(times.contains(::getpid()));
  EXPECT_GT(times.at(::getpid()).ran.count(), 0);
}

TEST(SchedStat, AProcessThatIsGoneHasNone) {
  EXPECT_TRUE(read_thread_times(-1).empty());
}

}  // namespace
}  // namespace zlt::run
