// SPDX-License-Identifier: GPL-2.0-only
//
// zltctl as a program: what it prints and how it exits, but for `run` and `guest`.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "userspace/tests/zltctl/fake_debugfs.h"
#include "userspace/tests/zltctl/process.h"
#include "userspace/tests/zltctl/samples.h"

namespace zlt::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

Process::Outcome zltctl(std::vector<std::string> arguments, const ProcessOptions& options = {}) {
  return Process::run(ZLTCTL, std::move(arguments), options);
}

// One line on stderr, nothing on stdout, status 2.
void expect_failure(const Process::Outcome& outcome, const std::string& says) {
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("zltctl: "));
  EXPECT_THAT(outcome.err, HasSubstr(says));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
}

TEST(Program, ListsCasesAsATable) {
  const FakeDebugfs debugfs;
  const auto outcome = zltctl({"list", "--debugfs", debugfs.path()});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, ContainsRegex("CASE  +FORM  +HAZARD  +EXPECTED  +SUMMARY\n"));
  EXPECT_THAT(outcome.out, HasSubstr("irqsave/softirq-reader  bounded   -  "));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("\033")));  // no colours into a pipe
  EXPECT_EQ(outcome.err, "");
}

TEST(Program, ListsWhatAPatternMatches) {
  const FakeDebugfs debugfs;
  const auto outcome = zltctl({"--json", "--debugfs", debugfs.path(), "list", "irqsave/*"});
  EXPECT_EQ(outcome.status, 0);
  const json cases = json::parse(outcome.out);
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[1]["case"], "irqsave/softirq-reader");
  EXPECT_EQ(cases[1]["expected"], json({"clean"}));
  expect_failure(zltctl({"list", "irqsafe/hardirq-reader", "--debugfs", debugfs.path()}),
                 "did you mean irqsave/hardirq-reader?");
}

TEST(Program, TellsTheStatus) {
  const FakeDebugfs debugfs;
  EXPECT_EQ(zltctl({"status", "--debugfs", debugfs.path()}).out, "idle, 0 runs finished\n");
  const json status = json::parse(zltctl({"status", "--json", "--debugfs", debugfs.path()}).out);
  EXPECT_EQ(status["state"], "idle");
}

TEST(Program, TellsTheLastResultAndExitsByIt) {
  const TempFolder folder;
  const std::string where = folder.path().string();
  folder.write("zltorture/histogram", kHistogram);
  folder.write("zltorture/result", "abi=1\nruns=0\n");
  expect_failure(zltctl({"result", "--debugfs", where}), "no run has finished");
  folder.write("zltorture/result", result_text("a/b", 1));
  auto outcome = zltctl({"result", "--debugfs", where});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, ContainsRegex("verdict +clean\n"));
  EXPECT_THAT(outcome.out, ContainsRegex("spins +31802\n"));
  folder.write("zltorture/result", result_text("a/b", 1, false));
  outcome = zltctl({"result", "--debugfs", where, "--json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(json::parse(outcome.out)["result"]["ok"], false);
}

TEST(Program, DrawsHistograms) {
  const FakeDebugfs debugfs;
  EXPECT_THAT(zltctl({"histogram", "--debugfs", debugfs.path()}).out,
              ContainsRegex("reader_wait +1.02 us +to 2.05 us +7 +#+"));
  const json buckets = json::parse(zltctl({"histogram", "--json", "--debugfs", debugfs.path()}).out);
  EXPECT_EQ(buckets[0]["count"], 7);
}

TEST(Program, StopsWithNothingToStop) {
  const FakeDebugfs debugfs;
  const auto outcome = zltctl({"stop", "--debugfs", debugfs.path()});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "nothing runs any more\n");
}

TEST(Program, SaysThatDebugfsIsNotMounted) {
  const TempFolder folder;
  expect_failure(zltctl({"list", "--debugfs", folder.path().string()}), "not mounted");
}

TEST(Program, SaysThatTheModuleIsNotLoaded) {
  const TempFolder folder;
  folder.write("sched/features", "");
  for (const char* command : {"list", "status", "result", "histogram", "stop"}) {
    expect_failure(zltctl({command, "--debugfs", folder.path().string()}), "not loaded; zltctl load");
  }
  expect_failure(zltctl({"run", "a/b", "--debugfs", folder.path().string()}), "not loaded; zltctl load");
}

TEST(Program, SaysThatItMustBeRoot) {
  const TempFolder folder;
  folder.write("zltorture/cases", kCases);
  // Root passes any mode, so root tries as somebody else, and everybody else locks out themselves.
  ASSERT_EQ(::chmod(folder.path().c_str(), ::geteuid() == 0 ? 0700 : 0), 0);
  const auto outcome = zltctl({"list", "--debugfs", folder.path().string()}, {.stdout_to = {}, .unprivileged = true});
  expect_failure(outcome, "run as root");
}

TEST(Program, SaysThatItDoesNotUnderstandTheModule) {
  const TempFolder folder;
  folder.write("zltorture/status", "abi=7\n");
  expect_failure(zltctl({"status", "--debugfs", folder.path().string()}), "one build");
  folder.write("zltorture/cases", "nonsense\n");
  expect_failure(zltctl({"list", "--debugfs", folder.path().string()}), "line 1 does not have 5 fields");
}

TEST(Program, SaysWhatCannotBeLoaded) {
  const TempFolder folder;
  expect_failure(zltctl({"load", folder.file("none.ko")}), "cannot open " + folder.file("none.ko"));
  expect_failure(zltctl({"load", folder.file("none.ko"), "loops=0"}), "loops=0 is not a number from 1 to 1000000");
  expect_failure(zltctl({"load", "lops=1"}), "valid: loops");
  expect_failure(zltctl({"load", "x.ko", "y.ko"}), "'y.ko' is not key=value");
}

TEST(Program, RefusesBadUsageInOneLine) {
  expect_failure(zltctl({}), "nothing to do; zltctl list");
  expect_failure(zltctl({"dance"}), "dance");
  expect_failure(zltctl({"run"}), "CASE");
  expect_failure(zltctl({"run", "a/b", "--form", "brave"}), "faithful");
  expect_failure(zltctl({"run", "a/b", "--timeout", "-1"}), "--timeout");
  expect_failure(zltctl({"list", "--colour"}), "--colour");
}

TEST(Program, HelpNamesEveryParameterWithItsRange) {
  const auto outcome = zltctl({"run", "--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("hold_us: 10 to 100000 us, default 200"));
  EXPECT_THAT(outcome.out, HasSubstr("--no-wait"));
}

TEST(Program, SaysThatItsOutputWentNowhere) {
  const FakeDebugfs debugfs;
  const auto outcome = zltctl({"list", "--debugfs", debugfs.path()}, {.stdout_to = "/dev/full", .unprivileged = false});
  expect_failure(outcome, "cannot write the output");
}

}  // namespace
}  // namespace zlt::test
