// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/pump.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace zlt::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Pipe {
  Pipe() {
    int fds[2];
    EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
    read.reset(fds[0]);
    write.reset(fds[1]);
  }
  void say(const std::string& text) const { EXPECT_TRUE(write_all(write.get(), text)); }
  UniqueFd read;
  UniqueFd write;
};

class PumpTest : public testing::Test {
 protected:
  TimePoint later = Clock::now() + seconds(60);
  Stop stop;
  Pump pump{stop};
  Pipe pipe;
};

TEST_F(PumpTest, DeliversDataAndTheEnd) {
  std::string got;
  bool closed = false;
  pump.watch(pipe.read.get(), [&](std::string_view data) {
    got += data;
    closed = data.empty();
  });
  pipe.say("one");
  ASSERT_EQ(pump.run_until([&] { return got == "one"; }, later), Pump::Wait::kDone);
  pipe.say("two");
  pipe.write.reset();
  ASSERT_EQ(pump.run_until([&] { return closed; }, later), Pump::Wait::kDone);
  EXPECT_EQ(got, "onetwo");
}

TEST_F(PumpTest, GivesUpAtTheDeadline) {
  EXPECT_EQ(pump.run_for(milliseconds(5)), Pump::Wait::kTimeout);
}

TEST_F(PumpTest, WhatIsReadyAtTheDeadlineStillCounts) {
  std::string got;
  pump.watch(pipe.read.get(), [&](std::string_view data) { got += data; });
  pipe.say("in time");
  EXPECT_EQ(pump.run_until([&] { return !got.empty(); }, Clock::now() - seconds(1)), Pump::Wait::kDone);
}

TEST_F(PumpTest, AStopEndsEveryWait) {
  stop.request();
  EXPECT_EQ(pump.run_until([] { return false; }, later), Pump::Wait::kStopped);
}

TEST_F(PumpTest, DrainReadsAlsoWhenStopped) {
  std::string got;
  pump.watch(pipe.read.get(), [&](std::string_view data) { got += data; });
  pipe.say("last words");
  pipe.write.reset();
  stop.request();
  pump.drain(later);
  EXPECT_EQ(got, "last words");
}

TEST_F(PumpTest, ACallbackMayForgetItself) {
  unsigned calls = 0;
  pump.watch(pipe.read.get(), [&](std::string_view) {
    ++calls;
    pump.forget(pipe.read.get());
  });
  pipe.say("x");
  ASSERT_EQ(pump.run_until([&] { return calls == 1; }, later), Pump::Wait::kDone);
  pipe.say("y");
  EXPECT_EQ(pump.run_for(milliseconds(5)), Pump::Wait::kTimeout);
  EXPECT_EQ(calls, 1U);
}

TEST_F(PumpTest, ACallbackMayWaitItself) {
  Pipe inner;
  std::string order;
  pump.watch(inner.read.get(), [&](std::string_view) { order += "inner"; });
  pump.watch(pipe.read.get(), [&](std::string_view) {
    inner.say("x");
    EXPECT_EQ(pump.run_until([&] { return order == "inner"; }, later), Pump::Wait::kDone);
    order += " outer";
  });
  pipe.say("x");
  ASSERT_EQ(pump.run_until([&] { return order == "inner outer"; }, later), Pump::Wait::kDone);
}

TEST_F(PumpTest, CatchUpReadsWhatIsThereAndWaitsForNothing) {
  Pipe other;
  std::string got;
  pump.watch(pipe.read.get(), [&](std::string_view data) { got += data; });
  pump.watch(other.read.get(), [&](std::string_view data) { got += data; });
  pipe.say("a");
  other.say(std::string(1000, 'b'));
  pump.catch_up(later);
  EXPECT_EQ(got.size(), 1001U);
  EXPECT_LT(Clock::now(), later);
}

TEST_F(PumpTest, WatchOnceFiresOnce) {
  unsigned calls = 0;
  pump.watch_once(pipe.read.get(), [&] { ++calls; });
  pipe.say("x");
  ASSERT_EQ(pump.run_until([&] { return calls > 0; }, later), Pump::Wait::kDone);
  EXPECT_EQ(pump.run_for(milliseconds(5)), Pump::Wait::kTimeout);
  EXPECT_EQ(calls, 1U);
}

}  // namespace
}  // namespace zlt::run
