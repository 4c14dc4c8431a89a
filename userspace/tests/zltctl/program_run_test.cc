// SPDX-License-Identifier: GPL-2.0-only
//
// `zltctl run` as a program.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "userspace/tests/zltctl/fake_debugfs.h"
#include "userspace/tests/zltctl/process.h"

namespace zlt::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

Process::Outcome run(const FakeDebugfs& debugfs, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--debugfs", debugfs.path(), "run"});
  return Process::run(ZLTCTL, std::move(arguments));
}

TEST(RunProgram, ExitsAsTheRunEnded) {
  FakeDebugfs well;
  auto outcome = run(well, {"irqsave/hardirq-reader", "loops=10", "seed=7"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("ok         irqsave/hardirq-reader  bounded  clean        213 ms"));
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(well.written(), ElementsAre("irqsave/hardirq-reader form=bounded loops=10 seed=7"));

  FakeDebugfs badly(FakeDebugfs::Ends::kUnexpectedly);
  outcome = run(badly, {"irqsave/hardirq-reader"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("UNEXPECTED irqsave/hardirq-reader"));
}

TEST(RunProgram, RunsAPatternOneAfterTheOther) {
  FakeDebugfs debugfs;
  const auto outcome = run(debugfs, {"irqsave/*", "--json", "--wait"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(debugfs.written(),
              ElementsAre("irqsave/hardirq-reader form=bounded", "irqsave/softirq-reader form=bounded"));
  const json second = json::parse(outcome.out.substr(outcome.out.find('\n') + 1));
  EXPECT_EQ(second["result"]["case"], "irqsave/softirq-reader");
}

TEST(RunProgram, NoWaitLeavesTheRunGoingOn) {
  FakeDebugfs debugfs(FakeDebugfs::Ends::kNever);
  const auto outcome = run(debugfs, {"irqsave/hardirq-reader", "--no-wait"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(debugfs.await_run(), HasSubstr("irqsave/hardirq-reader"));
}

TEST(RunProgram, InterruptWritesStopAndLeaves) {
  for (const int number : {SIGINT, SIGTERM}) {
    FakeDebugfs debugfs(FakeDebugfs::Ends::kNever);
    Process process(ZLTCTL, {"--debugfs", debugfs.path(), "run", "irqsave/*"});
    ASSERT_THAT(debugfs.await_run(), HasSubstr("irqsave/hardirq-reader"));
    process.signal(number);
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.out, HasSubstr("stopped early"));  // what was measured until then
    EXPECT_THAT(outcome.err, HasSubstr("interrupted: the run of irqsave/hardirq-reader was stopped"));
    EXPECT_EQ(debugfs.written().size(), 1U);
  }
}

TEST(RunProgram, TimeoutWritesStopAndFails) {
  FakeDebugfs debugfs(FakeDebugfs::Ends::kNever);
  const auto outcome = run(debugfs, {"irqsave/hardirq-reader", "--timeout", "0.05"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("not finished within 0.05 s"));
}

// An open file would make rmmod say "in use".
TEST(RunProgram, KeepsNoFileOpenWhileItWaits) {
  FakeDebugfs debugfs(FakeDebugfs::Ends::kNever);
  Process process(ZLTCTL, {"--debugfs", debugfs.path(), "run", "irqsave/hardirq-reader"});
  ASSERT_THAT(debugfs.await_run(), HasSubstr("irqsave/hardirq-reader"));
  const fs::path fds = fs::path("/proc") / std::to_string(process.pid()) / "fd";
  const auto holds_one = [&] {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fds, error)) {
      if (fs::read_symlink(entry.path(), error).string().starts_with(debugfs.path())) return true;
    }
    return false;
  };
  // It opens one now and then to look; one that stays open is there at every try.
  bool held = true;
  for (int i = 0; held && i < 1000; ++i) held = holds_one();
  EXPECT_FALSE(held);
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().status, 2);
}

}  // namespace
}  // namespace zlt::test
