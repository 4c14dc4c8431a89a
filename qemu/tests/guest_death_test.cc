// SPDX-License-Identifier: GPL-2.0-only
//
// Every way a guest can end, or not end, in the middle of a case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/sandbox.h"
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

constexpr const char* kSpinningInLock =
    "\nCPU#0\nRIP=ffffffff81001010 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0\n"
    "\nCPU#1\nRIP=ffffffff81002004 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\n";
constexpr const char* kSpinningElsewhere =
    "\nCPU#0\nRIP=ffffffffc0001010 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0\n"
    "\nCPU#1\nRIP=ffffffff81002004 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\n";
constexpr const char* kIdle = "\nCPU#0\nRIP=ffffffff81002004 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\n";

class GuestDeath : public SandboxTest {
 protected:
  Json after(const std::string& then, const std::vector<std::string>& expected, int status,
             const std::vector<std::string>& words = {}) {
    box.script["cases"] = {{"a/case", fake_case(expected, {"clean"}, then)}};
    const Ran ran = box.run(words);
    EXPECT_EQ(ran.status, status) << ran.output;
    return box.record("a/case");
  }
};

TEST_F(GuestDeath, PanicIsAVerdict) {
  const Json record = after("panic", {"panic"}, 0);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("panic"));
  EXPECT_EQ(get_string(record, "reason"), "the kernel panicked");  // the console was heard before the reset was judged
}

TEST_F(GuestDeath, SilentResetIsAPanic) {
  const Json record = after("reset", {"clean"}, 1);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("panic"));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("reset itself"));
}

TEST_F(GuestDeath, PowerOffIsOurFailure) {
  const Json record = after("poweroff", {"clean"}, 2);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("infra"));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("guest-shutdown"));
}

TEST_F(GuestDeath, DyingQemuIsOurFailureAndQuoted) {
  const Json record = after("die", {"clean"}, 2);
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("exit status 3"));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("terminated by a script"));
}

TEST_F(GuestDeath, SpinningOutsideALockIsALivelock) {
  box.script["registers"] = kSpinningElsewhere;
  const Json record = after("hang", {"livelock"}, 0);
  EXPECT_EQ(get_string(member(record, "facts"), "vcpu0"), "spinning in module+0x20001010");
  EXPECT_EQ(get_string(member(record, "facts"), "vcpu1"), "halted");
}

TEST_F(GuestDeath, SpinningInALockIsADeadlock) {
  box.script["registers"] = kSpinningInLock;
  const Json record = after("hang", {"deadlock"}, 0);
  EXPECT_EQ(get_string(member(record, "facts"), "vcpu0"), "spinning in native_queued_spin_lock_slowpath+0x10");
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("no progress"));
}

// The fake has no memory to dump.
TEST_F(GuestDeath, ADumpThatFailsIsSaidAndTheVerdictStands) {
  box.script["registers"] = kSpinningInLock;
  const Json record = after("hang", {"deadlock"}, 0);
  EXPECT_THAT(get_string(member(record, "facts"), "dmesg"), HasSubstr("QEMU refused dump-guest-memory"));
  const fs::path dump = box.results() / "latest" / get_string(record, "artifacts") / "dump";
  EXPECT_THAT(read_file(dump / "registers.txt").value_or(""), HasSubstr("RIP=ffffffff81001010"));
}

TEST_F(GuestDeath, OneThatGoesOnWhileItIsLookedAtIsAlive) {
  box.script["registers"] = kSpinningElsewhere;
  const Json record = after("wake", {"clean"}, 0);
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("clean"));
  EXPECT_EQ(get_string(record, "reason"), "as the script says");
}

TEST_F(GuestDeath, AnIdleGuestWhoseUserSpaceLivesIsWaitedForLonger) {
  box.script["registers"] = kIdle;
  EXPECT_THAT(get_string(after("patient", {"clean"}, 0), "reason"), "as the script says");
}

TEST_F(GuestDeath, AnIdleGuestIsGivenUpInTheEnd) {
  box.script["registers"] = kIdle;
  EXPECT_THAT(get_string(after("hang-heartbeats", {"deadlock"}, 0), "reason"), HasSubstr("vCPU 0 halted"));
}

TEST_F(GuestDeath, AnIdleGuestThatHasComplainedIsDeadAtOnce) {
  box.script["registers"] = kIdle;
  box.script["cases"] = {{"a/case", fake_case({"splat:sleeping-atomic", "deadlock"}, {"clean"}, "patient")}};
  box.script["cases"]["a/case"]["splat"] =
      "[    5.1] BUG: sleeping function called from invalid context at kernel/locking/spinlock_rt.c:48\n"
      "[    5.1] in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 9, name: zlt\n"
      "[    5.1] Call Trace:\n[    5.1]  <TASK>\n[    5.1]  dump_stack_lvl+0x34/0x48\n[    5.1]  </TASK>\n";
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_F(GuestDeath, HeartbeatsWithoutProgressAreNoLife) {
  box.script["registers"] = kSpinningElsewhere;
  const Json record = after("hang-heartbeats", {"livelock"}, 0);
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("user space still alive"));
}

TEST_F(GuestDeath, SlowProgressIsLife) {
  const Json record = after("slow", {"clean"}, 0);
  EXPECT_TRUE(get_bool(record, "ok"));
}

TEST_F(GuestDeath, SilentMonitorIsOurFailure) {
  const Json record = after("hang-mute", {"livelock"}, 2, {"--no-confirm"});
  EXPECT_THAT(get_strings(record, "observed"), ElementsAre("infra"));
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("stopped answering"));
}

TEST_F(GuestDeath, FloodIsBoundedAndTheVerdictStands) {
  const Json record = after("flood", {"clean"}, 0);
  const fs::path console = box.results() / "latest" / get_string(record, "artifacts") / "console.log";
  EXPECT_LT(fs::file_size(console), 7U << 20U);
  EXPECT_THAT(read_file(console).value_or(""), HasSubstr("bytes left out by zlt"));
}

TEST_F(GuestDeath, FloodForEverEndsWithTheTimeout) {
  const Json record = after("flood-forever", {"clean"}, 2, {"--timeout", "2"});
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("--timeout"));
}

TEST_F(GuestDeath, ARefusedCommandIsOurFailureAndQuoted) {
  const Json record = after("refuse", {"clean"}, 2);
  EXPECT_THAT(get_string(record, "reason"), HasSubstr("CPU 1 is not online; reader_cpu=0"));
}

TEST_F(GuestDeath, AnUnexpectedVerdictOutweighsOurFailure) {
  box.script["cases"]["a/case"] = fake_case({"clean"}, {"clean"}, "die");
  box.script["cases"]["b/case"] = fake_case({"clean"}, {"corruption"});
  EXPECT_EQ(box.run({}).status, 1);
}

TEST_F(GuestDeath, LockdepThatIsOffMeansNothing) {
  box.script["lockdep"] = true;
  box.script["debug_locks"] = false;
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}};
  EXPECT_EQ(box.run({}).status, 2);
  EXPECT_THAT(get_string(box.record("a/case"), "reason"), HasSubstr("lockdep was off"));
}

TEST_F(GuestDeath, LockdepThatIsOffAtTheCasesStartMeansNothing) {
  box.script["lockdep"] = true;
  box.script["debug_locks"] = true;
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}};
  EXPECT_EQ(box.run({}).status, 0);
  box.script["debug_locks"] = false;  // from here on; the snapshot says that it was alive after the boot
  EXPECT_EQ(box.run({"--no-confirm"}).status, 2);
  EXPECT_EQ(box.starts().back(), "restore");
  EXPECT_THAT(get_strings(box.record("a/case"), "observed"), ElementsAre("infra"));
  EXPECT_THAT(get_string(box.record("a/case"), "reason"), HasSubstr("lockdep was already off before the case"));
}

TEST_F(GuestDeath, ASplatDuringTheBootMeansNothing) {
  box.script["boot"] = "splat";
  box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}};
  EXPECT_EQ(box.run({}).status, 2);
  EXPECT_THAT(get_string(box.record("a/case"), "reason"), HasSubstr("while it booted"));
  EXPECT_THAT(get_string(box.record("a/case"), "reason"), HasSubstr("sleeping function"));
}

}  // namespace
}  // namespace zlt::test
