// SPDX-License-Identifier: GPL-2.0-only
//
// The guest through its life: set-up, runs, heartbeats, the end.
#include "userspace/tests/zltctl/guest_fixture.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(GuestTest, BeginsWithHelloLoadedReady) {
  folder_.write("lockdep_stats", " debug_locks: 1\n");
  guest_->begin();
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("hello", "case", "case", "case", "case", "loaded", "ready"));
  EXPECT_EQ(seen[0]["proto"], 2);
  EXPECT_EQ(seen[0]["release"], "6.1.0-56-amd64");
  EXPECT_EQ(seen[0]["t_ms"], 5000);
  EXPECT_EQ(seen[5]["kernel"], Json({{"release", "6.1.0-56-amd64"}, {"rt", false}, {"lockdep", true}, {"smp", true}}));
  EXPECT_EQ(seen[5]["debug_locks"], true);
  EXPECT_EQ(seen[5]["cases"], 4);
  EXPECT_EQ(seen[2]["case"], "irqs-on/hardirq-reader");
  EXPECT_EQ(seen[2]["form"], "faithful");
  EXPECT_EQ(seen[2]["expected"], Json({"livelock", "splat:inconsistent-state"}));
  EXPECT_EQ(seen[6]["debug_locks"], true);
}

TEST_F(GuestTest, SaysWhatWentWrongInSetUpAndServesAllTheSame) {
  module_.gone = ENOENT;
  machine_.set_up_errors = {{"cannot load /zltorture.ko: no such file", "build it"}};
  guest_->begin();
  auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("hello", "error", "error", "ready"));
  EXPECT_TRUE(seen[1]["id"].is_null());
  EXPECT_EQ(seen[1]["what"], "cannot load /zltorture.ko: no such file");
  EXPECT_EQ(seen[1]["hint"], "build it");
  send("{\"op\":\"run\",\"id\":4,\"case\":\"a/b\"}\n{\"op\":\"list\"}\n");
  EXPECT_TRUE(guest_->step());
  seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error", "error"));
  EXPECT_EQ(seen[0]["id"], 4);
  EXPECT_TRUE(pass(1000));
  seen = events();
  ASSERT_THAT(names(seen), ElementsAre("heartbeat"));
  EXPECT_TRUE(seen[0]["status"].is_null());
}

TEST_F(GuestTest, RunsACaseAndBringsItsResult) {
  begin();
  start_run();
  EXPECT_THAT(module_.written, ElementsAre("irqsave/hardirq-reader form=bounded loops=10"));
  EXPECT_TRUE(pass(10));
  EXPECT_TRUE(events().empty());
  module_.finish(false);
  folder_.write("lockdep_stats", " debug_locks: 0\n");
  EXPECT_TRUE(pass(10));
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("result"));
  EXPECT_EQ(seen[0]["id"], 1);
  EXPECT_EQ(seen[0]["debug_locks"], false);
  EXPECT_EQ(seen[0]["result"]["verdict"], Json({"livelock", "splat:circular"}));
  EXPECT_EQ(seen[0]["result"]["seed"], "18446744073709551615");
  EXPECT_EQ(seen[0]["result"]["kernel"]["lockdep"], true);
  EXPECT_EQ(seen[0]["histogram"].size(), 3U);
}

TEST_F(GuestTest, BeatsEverySecondAndTenTimesAsOftenWhileItRuns) {
  begin();
  EXPECT_TRUE(pass(1000));
  auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("heartbeat"));
  EXPECT_EQ(seen[0]["n"], 1);
  EXPECT_EQ(seen[0]["status"]["state"], "idle");
  start_run();
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(pass(10));
  seen = events();
  ASSERT_THAT(names(seen), ElementsAre("heartbeat", "heartbeat", "heartbeat"));
  EXPECT_EQ(seen[2]["n"], 4);
  EXPECT_EQ(seen[2]["status"]["case"], "irqsave/hardirq-reader");
  EXPECT_EQ(seen[2]["status"]["turn"], 3);
}

TEST_F(GuestTest, StopsARunThatNeverEnds) {
  begin();
  start_run();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(pass(100));
  EXPECT_THAT(names(events()), ElementsAre("heartbeat", "heartbeat", "heartbeat", "heartbeat", "heartbeat"));
  send("{\"op\":\"stop\"}\n");
  EXPECT_TRUE(pass(10));
  EXPECT_TRUE(pass(10));
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("result"));
  EXPECT_EQ(seen[0]["result"]["stopped"], true);
}

TEST_F(GuestTest, BeatsWhileAStopIsUnderWay) {
  // A module whose stop takes for ever, as one on a machine that hangs.
  class Stuck : public test::FakeModule {
   public:
    Stuck() {
      if (::pipe(gate_) != 0) throw std::runtime_error("no pipe");
    }
    Stuck(const Stuck&) = delete;
    Stuck& operator=(const Stuck&) = delete;
    Stuck(Stuck&&) = delete;
    Stuck& operator=(Stuck&&) = delete;
    ~Stuck() override {
      for (const int end : gate_) ::close(end);
    }
    PendingWrite write_in_background(File /*file*/, std::string_view /*text*/) override {
      return PendingWrite::start([this] {
        ::close(gate_[1]);
        char byte = 0;
        return ::read(gate_[0], &byte, 1) == 0 ? 0 : EIO;  // until the test is over
      });
    }

   private:
    int gate_[2];
  };
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  host_.reset(fds[0]);
  Stuck stuck;
  guest_.emplace(Port(UniqueFd(fds[1])), environment_, stuck, machine_);
  begin();
  start_run();
  send("{\"op\":\"stop\"}\n{\"op\":\"stop\"}\n");
  EXPECT_TRUE(pass(100));
  EXPECT_TRUE(pass(100));
  EXPECT_THAT(names(events()), ElementsAre("heartbeat", "heartbeat"));
}

TEST_F(GuestTest, ASecondRunIsRefusedAndTheFirstGoesOn) {
  begin();
  start_run();
  send(R"({"op":"run","id":2,"case":"irqsave/softirq-reader"})"
       "\n");
  EXPECT_TRUE(guest_->step());
  auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error"));
  EXPECT_EQ(seen[0]["id"], 2);
  EXPECT_THAT(std::string(seen[0]["what"]), HasSubstr("irqsave/hardirq-reader is going on"));
  module_.finish();
  EXPECT_TRUE(pass(10));
  seen = events();
  ASSERT_THAT(names(seen), ElementsAre("result"));
  EXPECT_EQ(seen[0]["id"], 1);
}

TEST_F(GuestTest, AResultIsNotLostToTheNextRun) {
  begin();
  start_run();
  module_.finish();
  send(R"({"op":"run","id":2,"case":"irqsave/softirq-reader"})"
       "\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("result", "started"));
  EXPECT_EQ(seen[0]["id"], 1);
  EXPECT_EQ(seen[1]["id"], 2);
}

TEST_F(GuestTest, AModuleThatVanishesEndsTheRunNotTheGuest) {
  begin();
  start_run();
  module_.gone = ENOENT;
  folder_.write("debug/sched", "");
  EXPECT_TRUE(pass(10));
  auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error"));
  EXPECT_EQ(seen[0]["id"], 1);
  EXPECT_THAT(std::string(seen[0]["what"]), HasSubstr("not loaded"));
  module_.gone = 0;
  module_.running.clear();
  start_run();
}

TEST_F(GuestTest, PowersOffOnCommandWithABye) {
  begin();
  send("{\"op\":\"poweroff\"}\n{\"op\":\"list\"}\n");
  EXPECT_FALSE(guest_->step());
  EXPECT_TRUE(machine_.off);
  EXPECT_THAT(names(events()), ElementsAre("bye"));
}

TEST_F(GuestTest, PowersOffWhenTheHostHangsUp) {
  begin();
  host_.reset();
  EXPECT_FALSE(guest_->step());
  EXPECT_TRUE(machine_.off);
}

TEST_F(GuestTest, ReapsAtEveryStep) {
  begin();
  EXPECT_TRUE(pass(1000));
  EXPECT_TRUE(pass(1000));
  EXPECT_EQ(machine_.reaped, 2);
}

TEST_F(GuestTest, AClockThatJumpsAfterARestoreIsJustTheTime) {
  begin();
  start_run();
  EXPECT_TRUE(pass(uint64_t{365} * 24 * 3600 * 1000));
  EXPECT_THAT(names(events()), ElementsAre("heartbeat"));  // one, not a year's
  EXPECT_TRUE(pass(100));
  EXPECT_THAT(names(events()), ElementsAre("heartbeat"));
  module_.finish();
  EXPECT_TRUE(pass(10));
  EXPECT_THAT(names(events()), ElementsAre("result"));
}

TEST_F(GuestTest, RunsWhatTheCommandLineSaysWithoutAnId) {
  begin();
  RunRequest request;
  request.id = "irqsave/hardirq-reader";
  guest_->start(request);
  module_.finish();
  EXPECT_TRUE(pass(10));
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("started", "result"));
  EXPECT_TRUE(seen[1]["id"].is_null());
}

}  // namespace
}  // namespace zlt::ctl
