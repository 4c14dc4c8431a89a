// SPDX-License-Identifier: GPL-2.0-only
//
// `zltctl watch` as a program.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "userspace/tests/zltctl/fake_debugfs.h"
#include "userspace/tests/zltctl/process.h"

namespace zlt::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(WatchProgram, TellsWhatWasSeen) {
  const FakeDebugfs debugfs;
  const auto outcome = Process::run(ZLTCTL, {"watch", "--debugfs", debugfs.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ContainsRegex("rebuilds +2, and 0 seen in part; 0 hits missed\n"));
  EXPECT_THAT(outcome.out, ContainsRegex("REBUILD +CPU +TASK"));
  const auto again = Process::run(ZLTCTL, {"--json", "watch", "--debugfs", debugfs.path()});
  EXPECT_EQ(nlohmann::json::parse(again.out)["ordering"], "irqsave-then-deferred");
}

TEST(WatchProgram, RefusesAnotherWord) {
  const auto outcome = Process::run(ZLTCTL, {"watch", "maybe"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("maybe"));
  EXPECT_THAT(outcome.err, HasSubstr("off"));
}

TEST(WatchProgram, SaysThatTheModuleIsNotLoaded) {
  const TempFolder folder;
  folder.write("sched/features", "");
  const auto outcome = Process::run(ZLTCTL, {"watch", "--debugfs", folder.path().string()});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("not loaded; zltctl load"));
}

}  // namespace
}  // namespace zlt::test
