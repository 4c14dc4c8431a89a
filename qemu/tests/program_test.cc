// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt run` when everything works: verdicts, both ways; results; exit statuses; signals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qemu/tests/sandbox.h"
#include "qemu/zlt/io/output_of.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using run::get_bool;
using run::get_string;
using run::get_strings;
using run::Json;
using run::member;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Program : public SandboxTest {
 protected:
  Program() {
    box.script["cases"] = {{"a/clean", fake_case({"clean"}, {"clean"})},
                           {"a/live", fake_case({"livelock"}, {"livelock"})}};
  }
};

TEST_F(Program, AllAsExpectedIsStatus0) {
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  const Json results = box.latest();
  EXPECT_EQ(member(results, "schema"), 2);
  EXPECT_EQ(member(results, "summary"),
            (Json{{"cases", 2}, {"expected", 2}, {"unexpected", 0}, {"unconfirmed", 0}, {"infra", 0}}));
  EXPECT_EQ(member(member(results, "flavours"), "fake"),
            (Json{{"release", "6.1.0-fake"}, {"rt", false}, {"lockdep", false}}));
  EXPECT_EQ(get_string(member(results, "host"), "accel"), "tcg");
}

TEST_F(Program, ARecordHasWhatTheGuestSaid) {
  ASSERT_EQ(box.run({"--case", "a/live", "--seed", "7"}).status, 0);
  const Json record = box.record("a/live");
  EXPECT_THAT(get_strings(record, "expected"), ElementsAre("livelock"));
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("livelock"));
  EXPECT_TRUE(get_bool(record, "ok"));
  EXPECT_EQ(get_string(record, "reason"), "as the script says");
  EXPECT_EQ(get_string(record, "seed"), "7");
  EXPECT_EQ(member(record, "run_s"), 0.005);
  EXPECT_EQ(member(record, "counters"), (Json{{"turns", 10}, {"spins", 1234}}));
  const fs::path artifacts = box.results() / "latest" / get_string(record, "artifacts");
  EXPECT_TRUE(fs::exists(artifacts / "console.log"));
  EXPECT_TRUE(fs::exists(artifacts / "events.jsonl"));
  EXPECT_TRUE(fs::exists(box.results() / "latest" / "fake" / "boot" / "console.log"));
  EXPECT_THAT(read_file(artifacts / "qemu.sh").value_or(""), HasSubstr("zlt.autorun=a/live,form=bounded,seed=7"));
  EXPECT_NE(fs::status(artifacts / "qemu.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(Program, AnExtraOutcomeFails) {
  box.script["cases"]["a/clean"]["verdict"] = {"corruption"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("unexpected corruption"));
  EXPECT_FALSE(get_bool(box.record("a/clean"), "ok"));
  EXPECT_TRUE(get_bool(box.record("a/live"), "ok"));
}

TEST_F(Program, AMissingOutcomeFails) {
  box.script["cases"]["a/live"]["verdict"] = {"clean"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("missing livelock"));
}

TEST_F(Program, AnInvertedExpectationFailsTheRun) {
  const Ran ran = box.run({"--expect", "a/clean=livelock"});
  EXPECT_EQ(ran.status, 1);
  const Json record = box.record("a/clean");
  EXPECT_THAT(get_strings(record, "expected"), ElementsAre("livelock"));
  EXPECT_EQ(get_string(record, "expected_by"), "command line");
  EXPECT_EQ(get_string(box.record("a/live"), "expected_by"), "module");
}

TEST_F(Program, AFlavourOverridesTheModule) {
  box.add_flavour("bug", "[expect]\n\"a/clean\" = [\"deadlock\", \"splat:circular\"]\n");
  EXPECT_EQ(box.run({"--flavour", "bug"}).status, 1);
  const Json record = box.record("a/clean", "bug");
  EXPECT_THAT(get_strings(record, "expected"), ElementsAre("deadlock", "splat:circular"));
  EXPECT_EQ(get_string(record, "expected_by"), "flavour");
}

TEST_F(Program, ASplatOnTheConsoleCounts) {
  box.script["cases"]["a/clean"]["splat"] =
      "[    5.1] BUG: sleeping function called from invalid context at kernel/locking/spinlock_rt.c:48\n"
      "[    5.1] in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 9, name: zlt\n"
      "[    5.1] Call Trace:\n[    5.1]  <TASK>\n[    5.1]  dump_stack_lvl+0x34/0x48\n[    5.1]  </TASK>\n";
  EXPECT_EQ(box.run({}).status, 1);
  const Json record = box.record("a/clean");
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("splat:sleeping-atomic"));
  ASSERT_EQ(member(record, "splats").size(), 1U);
  EXPECT_THAT(get_string(member(record, "splats")[0], "text"), HasSubstr("spinlock_rt.c:48"));
}

TEST_F(Program, ASplatBehindTheResultStillCounts) {
  box.script["cases"]["a/clean"]["then"] = "late-splat";
  EXPECT_EQ(box.run({"--case", "a/clean"}).status, 1);
  EXPECT_THAT(get_strings(box.record("a/clean"), "observed"), ElementsAre("splat:sleeping-atomic"));
}

TEST_F(Program, RepeatsHaveSeedsAndFoldersOfTheirOwn) {
  ASSERT_EQ(box.run({"--case", "a/clean", "--repeat", "3", "--seed", "40"}).status, 0);
  const Json cases = member(box.latest(), "cases");
  ASSERT_EQ(cases.size(), 3U);
  for (unsigned n = 0; n < 3; ++n) {
    EXPECT_EQ(member(cases[n], "repeat"), n + 1);
    EXPECT_EQ(get_string(cases[n], "seed"), std::to_string(40 + n));
    EXPECT_EQ(get_string(cases[n], "artifacts"), "a.clean/fake/" + std::to_string(n + 1));
  }
}

TEST_F(Program, TwoFlavoursAndTwoJobs) {
  box.add_flavour("other");
  const Ran ran = box.run({"--flavour", "fake,other", "--jobs", "3", "--repeat", "2"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_EQ(member(box.latest(), "cases").size(), 8U);
  EXPECT_THAT(ran.output, HasSubstr("case     fake"));
  // ordered by case, then by flavour as asked for, whoever was first
  EXPECT_EQ(get_string(member(box.latest(), "cases")[2], "flavour"), "other");
}

TEST_F(Program, FaithfulFormNeedsItsParameter) {
  box.script["cases"]["a/hang"] = fake_case({"clean"}, {"clean"});
  box.script["cases"]["a/hang"]["form"] = "faithful";
  ASSERT_EQ(box.run({"--case", "a/hang", "--form", "faithful", "--param", "loops=3"}).status, 0);
  const Json record = box.record("a/hang");
  EXPECT_EQ(get_string(record, "form"), "faithful");
  EXPECT_EQ(get_string(record, "artifacts"), "a.hang+faithful/fake/1");
  const std::string events = read_file(box.results() / "latest" / "a.hang+faithful/fake/1/events.jsonl").value_or("");
  EXPECT_THAT(events, HasSubstr("\"allow_hang\":1"));
  EXPECT_THAT(events, HasSubstr("\"loops\":3"));
}

TEST_F(Program, PlainOutputHasNoEscapes) {
  const Ran ran = box.run({});
  EXPECT_THAT(ran.output, Not(HasSubstr("\033")));
  EXPECT_THAT(ran.output, HasSubstr("fake: a/clean: ok clean"));
}

TEST_F(Program, LatestIsTheNewestAndEarlierRunsStay) {
  ASSERT_EQ(box.run({"--seed", "1"}).status, 0);
  const fs::path first = fs::read_symlink(box.results() / "latest");
  ASSERT_EQ(box.run({"--seed", "2"}).status, 0);
  const fs::path second = fs::read_symlink(box.results() / "latest");
  EXPECT_NE(first, second);
  EXPECT_TRUE(second.is_relative());
  EXPECT_TRUE(fs::exists(box.results() / first / "results.json"));
}

class Signal : public Program, public testing::WithParamInterface<int> {};

TEST_P(Signal, EndsEveryGuestAndLeavesNothing) {
  ASSERT_EQ(box.run({"--seed", "1"}).status, 0);
  const fs::path before = fs::read_symlink(box.results() / "latest");
  box.script["cases"]["a/clean"]["then"] = "flood-forever";
  box.script["cases"]["a/live"]["then"] = "slow";
  const size_t guests = box.starts().size();
  run::Child zlt = box.start({"run"});
  while (box.starts().size() < guests + 2 && !zlt.wait(std::chrono::milliseconds(10))) {
  }
  ::kill(zlt.pid(), GetParam());
  const std::optional<int> status = zlt.wait(std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_TRUE(WIFEXITED(*status));
  EXPECT_EQ(WEXITSTATUS(*status), 2);
  EXPECT_THAT(read_file(box.output_file()).value_or(""), HasSubstr("every guest was ended"));
  EXPECT_EQ(fs::read_symlink(box.results() / "latest"), before);
}

INSTANTIATE_TEST_SUITE_P(All, Signal, testing::Values(SIGINT, SIGTERM, SIGHUP));

// The verdicts are where they always are; who asked for them to be shown has not seen them.
TEST_F(Program, OutputThatIsLostIsAFailure) {
  box.environment = {"sh", "-c", "exec \"$@\" 2>&1 >/dev/full", "sh"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.output, "zlt: cannot write the output: No space left on device\n");
  EXPECT_EQ(member(member(box.latest(), "summary"), "expected"), 2);
}

TEST_F(Program, WhenNobodyReadsAnyMoreItEndsLikeAFilter) {
  box.script["cases"]["a/clean"]["then"] = "flood-forever";
  box.environment = {"bash", "-c", "{ { \"$@\" 2>&3; echo \"status $?\" >&3; } | head -n 1 >/dev/null; } 3>&1", "bash"};
  const Ran ran = box.run({"--case", "a/*"});
  EXPECT_THAT(ran.output, HasSubstr("status 141\n"));
  EXPECT_THAT(ran.output, Not(HasSubstr("zlt:")));
}

TEST_F(Program, AStopDoesNotWaitForAQemuThatHangs) {
  ASSERT_TRUE(write_file(box.root() / "qemu", "#!/bin/sh\ntouch \"$0.started\"\nsleep 1000\n"));
  fs::permissions(box.root() / "qemu", fs::perms::owner_all);
  const auto begin = std::chrono::steady_clock::now();
  run::Child zlt = box.start({"run", "--qemu", (box.root() / "qemu").string()});
  while (!fs::exists(box.root() / "qemu.started") && !zlt.wait(std::chrono::milliseconds(10))) {
  }
  ::kill(zlt.pid(), SIGINT);
  const std::optional<int> status = zlt.wait(std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_EQ(WEXITSTATUS(*status), 2);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));  // of itself it is given up after 30
  EXPECT_THAT(read_file(box.output_file()).value_or(""), HasSubstr("SIGINT"));
}

TEST_F(Program, AKilledRunTakesItsGuestsAlong) {
  box.script["cases"]["a/clean"]["then"] = "flood-forever";
  run::Child zlt = box.start({"run", "--case", "a/clean"});
  while (box.starts().size() < 2 && !zlt.wait(std::chrono::milliseconds(10))) {
  }
  ::kill(zlt.pid(), SIGKILL);
  ASSERT_TRUE(zlt.wait(std::chrono::seconds(60)));
  // The kernel kills the guests; the next run clears the unfinished folder away.
  box.script["cases"]["a/clean"]["then"] = "result";
  EXPECT_EQ(box.run({}).status, 0);
}

TEST_F(Program, ListNamesFlavoursAndCasesOnceBooted) {
  Ran listed = box.zlt({"list", "--data", box.data().string()});
  EXPECT_EQ(listed.status, 0);
  EXPECT_THAT(listed.output, HasSubstr("not booted yet"));
  ASSERT_EQ(box.run({}).status, 0);
  listed = box.zlt({"list", "--data", box.data().string()});
  EXPECT_THAT(listed.output, HasSubstr("a/live"));
}

// What kernel-path says counts, not what the name points to: its flavour's file may have changed since.
TEST_F(Program, AKernelThatItsFlavourNoLongerAsksForIsNotBooted) {
  box.add_script("kernel-path",
                 "entry=$XDG_CACHE_HOME/zltorture/kernels/$1-new\n[ -e \"$entry\" ] || exit 1\necho \"$entry\"\n");
  box.add_script("fetch-kernel",
                 "cd $XDG_CACHE_HOME/zltorture/kernels && cp -r $1 $1-new && echo 6.1.1-fake >$1-new/release\n"
                 "mkdir -p \"$(dirname $0)/../build/module/6.1.1-fake\"\n"
                 "printf '\\177ELF module' >\"$(dirname $0)/../build/module/6.1.1-fake/zltorture.ko\"\n");
  const Ran ran = box.run({"--case", "a/live"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  const fs::path artifacts = box.results() / "latest" / get_string(box.record("a/live"), "artifacts");
  EXPECT_THAT(read_file(artifacts / "qemu.sh").value_or(""), HasSubstr("kernels/fake-new/bzImage"));
}

// As the scripts say it of a kernel that is not what was fetched: the line stays, and so does it when all goes well.
TEST_F(Program, ADamagedKernelIsMadeAgainAndSaid) {
  box.add_script(
      "kernel-path",
      "entry=$XDG_CACHE_HOME/zltorture/kernels/$1\n"
      "[ -e \"$entry/healed\" ] || { echo \"kernel-path: $1 is damaged: bzImage is not what it was\"; exit 1; }\n"
      "echo \"$entry\"\n");
  box.add_script("fetch-kernel",
                 "echo 'fetch-kernel: fake is damaged and is made again: bzImage is not what it was'\n"
                 "echo 'fetch-kernel: error: cannot download it'; exit 2\n");
  Ran ran = box.run({"--case", "a/live"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output,
              HasSubstr("fake is damaged and is made again: bzImage is not what it was: fetch-kernel failed"));
  EXPECT_THAT(ran.output, HasSubstr("cannot download it; make it again with `zlt kernel fetch fake`"));
  box.add_script("fetch-kernel",
                 "echo 'fetch-kernel: fake is damaged and is made again: bzImage is not what it was'\n"
                 "touch $XDG_CACHE_HOME/zltorture/kernels/$1/healed\n");
  ran = box.run({"--case", "a/live"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("fake is damaged and is made again: bzImage is not what it was\n"));
}

TEST_F(Program, AnInstalledModuleThatIsDamagedIsNamedWithTheCommand) {
  const fs::path module = box.data() / "build" / "module" / "6.1.0-fake" / "zltorture.ko";
  ASSERT_EQ(box.run({"--case", "a/live"}).status, 0);
  ASSERT_EQ(
      run::output_of({"sh", "-c", "cd \"$1\" && sha256sum zltorture.ko >.digests", "-", module.parent_path().string()},
                     std::chrono::seconds(60))
          .has_value(),
      true);
  ASSERT_EQ(box.run({"--case", "a/live"}).status, 0);
  for (const char* damaged : {"", "\177ELF a fake moduLe"}) {
    ASSERT_TRUE(write_file(module, damaged));
    const Ran ran = box.run({"--case", "a/live"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.output, HasSubstr("zltorture.ko is damaged; build it in the source tree: make module KDIR="));
  }
}

// What scripts have begun, their traps take away: they are asked to end, and so is what they started.
TEST_P(Signal, LetsScriptsClearAway) {
  const std::string half = (box.root() / "half-a-tree").string();
  box.add_script("kernel-path", "echo 'kernel-path: not there'; exit 1\n");
  box.add_script("fetch-kernel", "trap 'sleep 0.3; rm -r " + half + "; exit 143' TERM\nmkdir -p " + half +
                                     "/deep\necho begun\nsleep 1000 &\nwait\n");
  run::Child zlt = box.start({"run"});
  while (!fs::exists(half) && !zlt.wait(std::chrono::milliseconds(10))) {
  }
  ::usleep(50000);
  ::kill(zlt.pid(), GetParam());
  ASSERT_TRUE(zlt.wait(std::chrono::seconds(60)));
  EXPECT_FALSE(fs::exists(half));
}

TEST_F(Program, KernelListAndPath) {
  const Ran listed = box.zlt({"kernel", "--data", box.data().string(), "list"});
  EXPECT_THAT(listed.output, HasSubstr("6.1.0-fake"));
  const Ran path = box.zlt({"kernel", "--data", box.data().string(), "path", "fake"});
  EXPECT_EQ(path.status, 0);
  EXPECT_EQ(path.output, (box.cache() / "kernels" / "fake").string() + "\n");
}

}  // namespace
}  // namespace zlt::test
