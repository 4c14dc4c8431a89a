// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/run.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "userspace/tests/zltctl/fake_module.h"
#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/commands.h"
#include "userspace/zltctl/debugfs.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NoLoader : public Loader {
 public:
  Sys<void> load_file(const std::string& /*path*/, const std::string& /*options*/) override {
    return tl::unexpected(ENOSYS);
  }
  Sys<void> load_installed(const std::string& /*options*/) override { return tl::unexpected(ENOSYS); }
  Sys<void> unload() override { return tl::unexpected(ENOSYS); }
};

class RunTest : public testing::Test {
 protected:
  RunTest() {
    request_.id = "irqsave/hardirq-reader";
    options_.pattern = request_.id;
    environment_.lockdep_stats = folder_.file("lockdep_stats");
    environment_.debugfs = folder_.file("debug");
    environment_.cpus_online = folder_.file("online");
  }
  // Runs the command; the module finishes each run after it was looked at `looks` times.
  Result<Exit> run_it(int looks, bool ok = true) {
    int left = looks;
    module_.on_status_read = [this, looks, ok, left]() mutable {
      if (module_.running.empty() || --left > 0) return;
      left = looks;
      module_.finish(ok);
    };
    testing::internal::CaptureStdout();
    Result<Exit> exit = run(context_, options_);
    output_ = testing::internal::GetCapturedStdout();
    return exit;
  }

  test::TempFolder folder_;
  Environment environment_;
  test::FakeModule module_;
  NoLoader loader_;
  Context context_{environment_, module_, loader_, false, {}, {}, -1};
  RunRequest request_;
  RunOptions options_;
  std::string output_;
};

TEST_F(RunTest, IsPolledUntilItHasFinished) {
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  EXPECT_THAT(module_.written, ElementsAre("irqsave/hardirq-reader form=bounded"));
  auto polled = run->poll();
  ASSERT_TRUE(polled);
  EXPECT_FALSE(*polled);
  EXPECT_EQ(run->status().turn, 3U);
  folder_.write("lockdep_stats", " debug_locks: 0\n");
  module_.finish(false);
  polled = run->poll();
  ASSERT_TRUE(polled && *polled);
  EXPECT_FALSE((*polled)->result.ok);
  EXPECT_EQ((*polled)->histogram.size(), 3U);
  EXPECT_EQ((*polled)->debug_locks, false);
}

TEST_F(RunTest, PollsQuicklyAtFirstAndNeverSlowerThanEvery10Ms) {
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  int waited = 0;
  for (int i = 0; i < 4; ++i) waited += run->pause_ms();
  EXPECT_LE(waited, 20);
  for (int i = 0; i < 5; ++i) EXPECT_LE(run->pause_ms(), 10);
}

TEST_F(RunTest, AnEarlierResultIsNotTakenForThisOne) {
  module_.running = request_.id;
  module_.finish(false);
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  // Where `run` is a pipe, the module may not have taken the run in yet: idle, and nothing finished since.
  module_.running.clear();
  const auto polled = run->poll();
  ASSERT_TRUE(polled);
  EXPECT_FALSE(*polled);
}

TEST_F(RunTest, SomebodyElsesResultIsNotTakenForThisOne) {
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  module_.finish();
  module_.running = "irqs-on/hardirq-reader";
  module_.finish();
  const auto polled = run->poll();
  ASSERT_FALSE(polled);
  EXPECT_THAT(polled.error().what, HasSubstr("replaced"));
}

TEST_F(RunTest, AModuleThatWasReloadedIsNotWaitedFor) {
  module_.runs = 5;
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  module_.runs = 0;
  module_.running.clear();
  EXPECT_FALSE(run->poll());
}

TEST_F(RunTest, AModuleThatVanishedIsNotWaitedFor) {
  Result<ActiveRun> run = ActiveRun::start(environment_, module_, request_);
  ASSERT_TRUE(run);
  module_.gone = ENOENT;
  EXPECT_FALSE(run->poll());
}

TEST_F(RunTest, CommandSaysHowItEndedAndExitsSo) {
  EXPECT_EQ(run_it(3), Exit::kExpected);
  EXPECT_THAT(output_,
              HasSubstr("ok         irqsave/hardirq-reader  bounded  clean        213 ms  seed 18446744073709551615"));
  EXPECT_EQ(run_it(3, false), Exit::kUnexpected);
  EXPECT_THAT(output_,
              HasSubstr("UNEXPECTED irqsave/hardirq-reader  bounded  livelock,splat:circular (expected clean)"));
}

TEST_F(RunTest, PatternRunsEveryMatchOfTheFormInOrder) {
  options_.pattern = "irqsave/*";
  EXPECT_EQ(run_it(2), Exit::kExpected);
  EXPECT_THAT(module_.written,
              ElementsAre("irqsave/hardirq-reader form=bounded", "irqsave/softirq-reader form=bounded"));
  module_.written.clear();
  options_.pattern = "*";
  options_.request.form = "faithful";
  module_.on_status_read = nullptr;
  module_.refuse = EPERM;
  const Result<Exit> exit = run(context_, options_);
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().what, HasSubstr("irqs-on/hardirq-reader in its faithful form needs allow_hang=1"));
}

TEST_F(RunTest, PatternThatMatchesNothingIsToldWhatThereIs) {
  options_.pattern = "irqsafe/*";
  const Result<Exit> exit = run_it(1);
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().line(), HasSubstr("unknown case 'irqsafe/*'; did you mean irqsave/"));
}

TEST_F(RunTest, NoWaitStartsOneAndOnlyOne) {
  options_.wait = false;
  EXPECT_EQ(run_it(99), Exit::kExpected);
  EXPECT_EQ(module_.running, "irqsave/hardirq-reader");
  EXPECT_THAT(output_, HasSubstr("started"));
  options_.pattern = "irqsave/*";
  EXPECT_FALSE(run_it(99));
}

TEST_F(RunTest, TimeoutStopsTheRunAndIsAFailure) {
  options_.timeout = std::chrono::milliseconds(1);
  const Result<Exit> exit = run_it(1'000'000);
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().what,
              HasSubstr("not finished within 0.001 s: the run of irqsave/hardirq-reader was stopped"));
  EXPECT_TRUE(module_.running.empty());
  EXPECT_EQ(module_.runs, 1U);
}

TEST_F(RunTest, InterruptStopsTheRunAndTheOnesAfterIt) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  const Context context{environment_, module_, loader_, false, {}, {}, ends[0]};
  options_.pattern = "irqsave/*";
  testing::internal::CaptureStdout();
  const Result<Exit> exit = run(context, options_);
  const std::string output = testing::internal::GetCapturedStdout();
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_FALSE(exit);
  EXPECT_THAT(exit.error().what, HasSubstr("interrupted"));
  EXPECT_THAT(output, HasSubstr("irqsave/hardirq-reader"));
  EXPECT_EQ(module_.written.size(), 1U);
  EXPECT_TRUE(module_.running.empty());
}

TEST_F(RunTest, JsonIsTheEventsMembersOneRunALine) {
  const Context context{environment_, module_, loader_, true, {}, {}, -1};
  options_.pattern = "irqsave/*";
  module_.on_status_read = [this] {
    if (!module_.running.empty()) module_.finish();
  };
  testing::internal::CaptureStdout();
  EXPECT_EQ(run(context, options_), Exit::kExpected);
  const std::string output = testing::internal::GetCapturedStdout();
  size_t lines = 0;
  for (size_t begin = 0; begin < output.size(); ++lines) {
    const size_t end = output.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    const Json json = Json::parse(output.substr(begin, end - begin));
    EXPECT_EQ(json["result"]["ok"], true);
    EXPECT_TRUE(json.contains("histogram"));
    EXPECT_TRUE(json["debug_locks"].is_null());
    begin = end + 1;
  }
  EXPECT_EQ(lines, 2U);
}

TEST(DebugfsFiles, AreReadWholeAndWrittenInOnePiece) {
  const test::TempFolder folder;
  folder.write("zltorture/cases", std::string(100'000, 'x'));
  folder.write("zltorture/run", "a longer line that was there before\n");
  Debugfs debugfs(folder.path().string());
  const auto cases = debugfs.read(File::kCases);
  ASSERT_TRUE(cases);
  EXPECT_EQ(cases->size(), 100'000U);
  ASSERT_TRUE(debugfs.write(File::kRun, "a/b"));
  EXPECT_EQ(read_file(folder.file("zltorture/run")), "a/b");
  EXPECT_EQ(debugfs.read(File::kStatus).error(), ENOENT);
  EXPECT_EQ(debugfs.write(File::kStop, "1").error(), ENOENT);
}

}  // namespace
}  // namespace zlt::ctl
