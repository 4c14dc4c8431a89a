// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt bisect-run`: what git is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "qemu/tests/sandbox.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Bisect : public SandboxTest {
 protected:
  Bisect() { box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}}; }

  Ran bisect(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"bisect-run", "--case", "a/case"};
    words.insert(words.end(), more.begin(), more.end());
    return box.zlt(words);
  }
};

TEST_F(Bisect, AsExpectedIsGood) {
  const Ran ran = bisect({"--build", "true"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("bisect: good"));
}

TEST_F(Bisect, UnexpectedIsBad) {
  box.script["cases"]["a/case"]["verdict"] = {"livelock"};
  EXPECT_EQ(bisect().status, 1);
}

TEST_F(Bisect, WhatDoesNotBuildCannotBeTold) {
  const Ran ran = bisect({"--build", "echo no such header; false"});
  EXPECT_EQ(ran.status, 125);
  EXPECT_THAT(ran.output, HasSubstr("no such header"));
  EXPECT_THAT(box.starts(), IsEmpty());
}

// make and the shell each have their way to say that they were interrupted.
TEST_F(Bisect, AnInterruptedBuildStopsIt) {
  for (const char* build : {"kill -INT $$", "exit 130", "sh -c 'kill -INT $$'; exit $?", "kill -TERM $$", "exit 143"}) {
    const Ran ran = bisect({"--build", build});
    EXPECT_EQ(ran.status, 128) << build << ": " << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("bisect: interrupted")) << build;
  }
}

TEST_F(Bisect, InterruptedItEndsTheBuildAndStops) {
  const std::string mark = (box.root() / "building").string();
  run::Child zlt = box.start({"bisect-run", "--case", "a/case", "--build", "touch " + mark + "; sleep 1000"});
  while (!std::filesystem::exists(mark) && !zlt.wait(std::chrono::milliseconds(10))) {
  }
  ::kill(zlt.pid(), SIGTERM);
  const std::optional<int> status = zlt.wait(std::chrono::seconds(60));
  ASSERT_TRUE(status && WIFEXITED(*status));
  EXPECT_EQ(WEXITSTATUS(*status), 128);
}

TEST_F(Bisect, AMisspeltWordStopsItBeforeTheBuild) {
  const std::string mark = (box.root() / "building").string();
  EXPECT_EQ(bisect({"--flavour", "fkae", "--build", "touch " + mark}).status, 128);
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(Bisect, WhatDoesNotBootCannotBeTold) {
  box.script["boot"] = "panic";
  EXPECT_EQ(bisect().status, 125);
}

TEST_F(Bisect, OurOwnFailureCannotBeTold) {
  box.script["cases"]["a/case"]["then"] = "die";
  EXPECT_EQ(bisect().status, 125);
}

TEST_F(Bisect, BadUsageStopsIt) {
  EXPECT_EQ(bisect({"--no-such-option"}).status, 128);
  EXPECT_EQ(bisect({"--expect", "a/case=fine"}).status, 128);
  EXPECT_EQ(box.zlt({"bisect-run"}).status, 128);
}

TEST_F(Bisect, TakesTheKernelFromWhereItWasBuilt) {
  const std::filesystem::path tree = box.root() / "linux";
  EXPECT_EQ(bisect({"--kernel", tree.string()}).status, 125);
  std::filesystem::create_directories(tree / "arch/x86/boot");
  std::filesystem::create_directories(tree / "include/config");
  std::filesystem::copy(box.cache() / "kernels/fake/bzImage", tree / "arch/x86/boot/bzImage");
  std::filesystem::copy(box.cache() / "kernels/fake/release", tree / "include/config/kernel.release");
  std::filesystem::remove_all(box.cache() / "kernels" / "fake");
  const Ran ran = bisect({"--kernel", tree.string()});
  EXPECT_EQ(ran.status, 0) << ran.output;
}

}  // namespace
}  // namespace zlt::test
