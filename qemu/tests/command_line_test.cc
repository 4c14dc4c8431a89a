// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/guest/snapshot.h"
#include "qemu/zlt/io/output_of.h"

namespace zlt::run {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Machine machine() {
  Machine out;
  out.kernel = "/cache/it's a kernel/bzImage";
  out.initramfs = "/cache/initramfs.cpio";
  out.append = kernel_command_line({"more=1"});
  return out;
}

TEST(ShellQuoted, SurvivesAShell) {
  for (const std::string& word : {std::string("plain"), std::string("two words"), std::string("it's"),
                                  std::string("$HOME `x` \\ \"q\""), std::string(), std::string("*")}) {
    EXPECT_EQ(output_of({"sh", "-c", "printf %s " + shell_quoted(word)}, std::chrono::seconds(60)).value(), word);
  }
}

TEST(GuestCommand, ConnectsTheDescriptors) {
  const std::vector<std::string> words = guest_command(machine(), {5, 6, 7}, {});
  EXPECT_THAT(words, Contains("socket,id=qmp,fd=5"));
  EXPECT_THAT(words, Contains("socket,id=console,fd=6"));
  EXPECT_THAT(words, Contains("socket,id=control,fd=7"));
  EXPECT_THAT(words, Not(Contains("-incoming")));
}

TEST(GuestCommand, RestoresFromAnyPath) {
  const std::vector<std::string> words = guest_command(machine(), {5, 6, 7}, "/a folder/state");
  EXPECT_EQ(words[words.size() - 2], "-incoming");
  EXPECT_EQ(words.back(), "exec:exec cat '/a folder/state'");
}

// The script is run with a program that prints its arguments in QEMU's place.
TEST(HandScript, GivesQemuTheSameMachine) {
  const test::TempDir dir;
  Machine m = machine();
  m.qemu = dir.put("it's qemu", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n").string();
  std::filesystem::permissions(m.qemu, std::filesystem::perms::owner_all);
  const std::filesystem::path script = dir.put("qemu.sh", hand_script(m, "a/case,loops=3"));
  const std::string words = output_of({"sh", script.string(), "-extra"}, std::chrono::seconds(60)).value();
  EXPECT_THAT(words, HasSubstr("\n/cache/it's a kernel/bzImage\n"));
  EXPECT_THAT(words, HasSubstr("more=1 zlt.autorun=a/case,loops=3\n"));
  EXPECT_THAT(words, HasSubstr("\n-serial\nmon:stdio\n"));
  EXPECT_THAT(words, HasSubstr("\n-extra\n"));
}

TEST(SnapshotKey, DependsOnEverythingTheGuestIsMadeOf) {
  const std::string key = snapshot_key(machine(), "7.2", "kernel", "initramfs");
  EXPECT_EQ(key, snapshot_key(machine(), "7.2", "kernel", "initramfs"));
  EXPECT_NE(key, snapshot_key(machine(), "8.0", "kernel", "initramfs"));
  EXPECT_NE(key, snapshot_key(machine(), "7.2", "other", "initramfs"));
  EXPECT_NE(key, snapshot_key(machine(), "7.2", "kernel", "other"));
  Machine bigger = machine();
  bigger.memory_mib *= 2;
  EXPECT_NE(key, snapshot_key(bigger, "7.2", "kernel", "initramfs"));
  Machine moved = machine();
  moved.kernel = "/elsewhere/bzImage";
  EXPECT_EQ(key, snapshot_key(moved, "7.2", "kernel", "initramfs"));
}

}  // namespace
}  // namespace zlt::run
