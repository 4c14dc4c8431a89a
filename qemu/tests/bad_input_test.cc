// SPDX-License-Identifier: GPL-2.0-only
//
// Bad input, and what it gets: one line that says what and what to do, status 2, nothing left behind, and earlier
// results as they were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "qemu/tests/sandbox.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class BadInput : public SandboxTest {
 protected:
  BadInput() {
    box.script["cases"] = {{"irqsave/one", fake_case({"clean"}, {"clean"})},
                           {"irqs-on/two", fake_case({"clean"}, {"clean"})}};
    EXPECT_EQ(box.run({"--seed", "1"}).status, 0);
    before_ = state();
  }

  void TearDown() override {
    EXPECT_EQ(state(), before_) << "earlier results have changed";
    SandboxTest::TearDown();
  }

  // The line of zlt's own complaint.
  std::string complaint(const std::vector<std::string>& words) {
    const Ran ran = box.run(words);
    EXPECT_EQ(ran.status, 2) << ran.output;
    const size_t at = ran.output.rfind("zlt: ");
    EXPECT_NE(at, std::string::npos) << ran.output;
    std::string line = at == std::string::npos ? "" : ran.output.substr(at);
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
    return line;
  }

  // As if nothing had been booted before: snapshots would hide what happens in a boot.
  void forget_snapshots() { fs::remove_all(box.cache() / "snapshots"); }

 private:
  std::string state() const {
    return fs::read_symlink(box.results() / "latest").string() +
           read_file(box.results() / "latest" / "results.json").value_or("gone");
  }
  std::string before_;
};

TEST_F(BadInput, AMisspeltSubcommand) {
  const Ran ran = box.zlt({"runn", "--flavour", "fake"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, AllOf(HasSubstr("zlt: unknown subcommand \"runn\"; known are run, "), HasSubstr("splat")));
  EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 1) << ran.output;
}

TEST_F(BadInput, AMisspeltOption) {
  const Ran ran = box.zlt({"run", "--flavor", "fake"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, AllOf(HasSubstr("zlt: "), HasSubstr("--flavor"), HasSubstr("zlt run --help")));
  EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 1) << ran.output;
}

TEST_F(BadInput, AMisspeltPartOfASubcommand) {
  const Ran ran = box.zlt({"kernel", "buidl", "fake"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.output, "zlt: unknown subcommand \"buidl\"; known are build, list, fetch, path\n");
}

TEST_F(BadInput, NumbersThatOnlyLookLikeSome) {
  for (const char* bad : {"nan", "-1", "18446744073709551616", "0x10", ""}) {
    EXPECT_THAT(complaint({"--timeout", bad}), HasSubstr("--timeout: ")) << bad;
    EXPECT_THAT(complaint({"--seed", bad}), HasSubstr("--seed: ")) << bad;
    EXPECT_THAT(complaint({"--jobs", bad}), HasSubstr("--jobs: ")) << bad;
  }
}

TEST_F(BadInput, NothingWhereAPlaceIsWanted) {
  EXPECT_THAT(complaint({"--results", ""}), HasSubstr("--results: is empty"));
}

// The script would be waited for, and the fake would be started: neither is.
TEST_F(BadInput, AMisspeltWordIsRefusedBeforeAnythingIsFetchedBuiltOrBooted) {
  forget_snapshots();
  fs::remove_all(box.cache() / "kernels" / "fake");
  box.add_script("fetch-kernel", "touch \"$XDG_CACHE_HOME/fetched\"\nsleep 1000\n");
  ASSERT_TRUE(write_file(box.data() / "build" / "module" / "cases", "irqsave/one\nirqs-on/two\n"));
  const size_t guests = box.starts().size();
  EXPECT_THAT(complaint({"--case", "irqsave/on"}), HasSubstr("no case matches \"irqsave/on\"; known are irqsave/one"));
  EXPECT_THAT(complaint({"--expect", "irqs-on/tow=clean"}), HasSubstr("known are irqs-on/two"));
  EXPECT_THAT(complaint({"--expect", "irqs-on/two"}), HasSubstr("is not CASE=VERDICT"));
  EXPECT_THAT(complaint({"--param", "loops"}), HasSubstr("--param loops: no value is given; for instance loops="));
  EXPECT_THAT(complaint({"--flavour", "fkae"}), HasSubstr("known are fake"));
  EXPECT_FALSE(fs::exists(box.root() / "cache" / "fetched"));
  EXPECT_EQ(box.starts().size(), guests);
}

TEST_F(BadInput, APlanThatRunsACaseWhichThereIsNot) {
  ASSERT_TRUE(make_folders(box.data() / "qemu" / "plans"));
  ASSERT_TRUE(make_folders(box.data() / "qemu" / "machines"));
  ASSERT_TRUE(write_file(box.data() / "build" / "module" / "cases", "irqsave/one\nirqs-on/two\n"));
  ASSERT_TRUE(write_file(box.data() / "qemu" / "machines" / "m.toml",
                         "name = \"m\"\nslots = 1\nmax_mib = 1024\n[[node]]\ncpus = [0]\nmemory_mib = 256\n"));
  const fs::path plan = box.data() / "qemu" / "plans" / "p.toml";
  ASSERT_TRUE(write_file(plan,
                         "name = \"p\"\nmachine = \"m\"\n[[step]]\nparallel = \"irqsave/oen\"\n"
                         "[[step.step]]\nplug = \"d\"\nnode = 0\nsize_mib = 128\n"));
  const size_t guests = box.starts().size();
  EXPECT_THAT(complaint({"--case", "hotplug/p"}),
              HasSubstr("p.toml:4: there is no case \"irqsave/oen\"; known are irqsave/one"));
  EXPECT_EQ(box.starts().size(), guests);
  fs::remove_all(box.data() / "qemu" / "plans");
}

TEST_F(BadInput, APlanThatIsNotThere) {
  const Ran ran = box.zlt({"hotplug", "--plan", "/nonexistent.toml:0"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.output, "zlt: cannot open /nonexistent.toml:0: No such file or directory\n");
}

TEST_F(BadInput, WhatIsNoFileIsNotWaitedFor) {
  const fs::path fifo = box.data() / "qemu" / "flavours" / "x.toml";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(complaint({}), HasSubstr("x.toml is no plain file"));
  const Ran planned = box.zlt({"hotplug", "--plan", fifo.string()});
  EXPECT_EQ(planned.status, 2);
  fs::remove(fifo);
}

TEST_F(BadInput, NoQemu) {
  EXPECT_THAT(complaint({"--qemu", "no-such-qemu"}), AllOf(HasSubstr("no-such-qemu"), HasSubstr("--qemu PROGRAM")));
}

TEST_F(BadInput, QemuThatDiesAtOnce) {
  forget_snapshots();
  box.script["boot"] = "die";
  EXPECT_THAT(complaint({}), AllOf(HasSubstr("could not open a thing"), HasSubstr("exit status 1")));
}

TEST_F(BadInput, GuestThatNeverBoots) {
  forget_snapshots();
  box.script["boot"] = "silent";
  EXPECT_THAT(complaint({"--timeout", "1"}),
              AllOf(HasSubstr("never booted"), HasSubstr("without a word"), HasSubstr("--timeout")));
}

TEST_F(BadInput, GuestThatPanicsInItsBoot) {
  forget_snapshots();
  box.script["boot"] = "panic";
  EXPECT_THAT(complaint({}), HasSubstr("panicked while it booted"));
}

TEST_F(BadInput, TheConsoleOfABootThatFailedIsKeptWhereItWasAskedFor) {
  forget_snapshots();
  box.script["boot"] = "panic";
  EXPECT_EQ(box.run({"--keep"}).status, 2);
  std::string console;
  for (const fs::path& entry : fs::directory_iterator(box.results())) {
    if (entry.extension() == ".unfinished") {
      console += read_file(entry / "fake" / "boot" / "console.log").value_or("");
      fs::remove_all(entry);
    }
  }
  EXPECT_THAT(console, HasSubstr("Kernel panic"));
}

TEST_F(BadInput, GuestThatResetsInItsBoot) {
  forget_snapshots();
  box.script["boot"] = "reset";
  EXPECT_THAT(complaint({}), HasSubstr("guest-reset"));
}

TEST_F(BadInput, GuestThatCannotLoadTheModule) {
  forget_snapshots();
  box.script["boot"] = "error";
  EXPECT_THAT(complaint({}), HasSubstr("cannot load /zltorture.ko; wrong vermagic"));
}

TEST_F(BadInput, GuestThatIsNeverReady) {
  forget_snapshots();
  box.script["boot"] = "mute";
  EXPECT_THAT(complaint({"--timeout", "1"}), HasSubstr("after its init had started"));
}

TEST_F(BadInput, UnknownFlavourNamesTheNearestFirst) {
  box.add_flavour("stock");
  EXPECT_THAT(complaint({"--flavour", "stok"}),
              AllOf(HasSubstr("unknown flavour \"stok\""), HasSubstr("known are stock, fake")));
}

TEST_F(BadInput, UnknownCaseNamesTheNearestFirst) {
  EXPECT_THAT(complaint({"--case", "irqsave/on"}),
              AllOf(HasSubstr("no case matches \"irqsave/on\""), HasSubstr("known are irqsave/one")));
}

TEST_F(BadInput, UnknownCaseInAnExpectation) {
  EXPECT_THAT(complaint({"--expect", "nope=clean"}), HasSubstr("no case matches \"nope\""));
}

TEST_F(BadInput, UnknownOutcomeInAnExpectation) {
  EXPECT_THAT(complaint({"--expect", "irqsave/one=fine"}),
              AllOf(HasSubstr("unknown outcome \"fine\""), HasSubstr("livelock")));
}

TEST_F(BadInput, UnknownParameter) {
  EXPECT_THAT(complaint({"--param", "lops=1"}), AllOf(HasSubstr("\"lops\""), HasSubstr("known are loops")));
}

TEST_F(BadInput, ParameterOutOfRange) {
  EXPECT_THAT(complaint({"--param", "hold_us=1"}), HasSubstr("not from 10 to 100000"));
}

TEST_F(BadInput, NoKernelInTheCacheAndNoWayToGetIt) {
  fs::remove_all(box.cache() / "kernels" / "fake");
  EXPECT_THAT(complaint({}), HasSubstr("fetch-kernel"));
}

TEST_F(BadInput, AnImageThatIsNone) {
  ASSERT_TRUE(write_file(box.cache() / "kernels" / "fake" / "bzImage", "half an image"));
  EXPECT_THAT(complaint({}), AllOf(HasSubstr("is no kernel image"), HasSubstr("zlt kernel fetch fake")));
}

TEST_F(BadInput, AnImageThatCannotBeRead) {
  fs::remove(box.cache() / "kernels" / "fake" / "bzImage");
  fs::create_directory(box.cache() / "kernels" / "fake" / "bzImage");  // root may read anything but this
  EXPECT_THAT(complaint({}), AllOf(HasSubstr("bzImage"), HasSubstr("Is a directory")));
}

TEST_F(BadInput, NoModule) {
  fs::remove(box.data() / "build" / "module" / "6.1.0-fake" / "zltorture.ko");
  EXPECT_THAT(complaint({}), AllOf(HasSubstr("no module for 6.1.0-fake"), HasSubstr("make module")));
}

TEST_F(BadInput, AFlavourFileWithATypo) {
  box.add_flavour("other", "rt = \"yes\"");
  EXPECT_THAT(complaint({}), HasSubstr("other.toml:5: \"rt\" must be true or false"));
}

TEST_F(BadInput, ResultsThatCannotBeWritten) {
  ASSERT_TRUE(write_file(box.root() / "file", ""));
  EXPECT_THAT(complaint({"--results", (box.root() / "file" / "results").string()}), HasSubstr("cannot create"));
}

// What a full disk does to a program that writes: it fails. A limit on the size of files does the same, and leaves room
// for what zlt says.
TEST_F(BadInput, NoSpaceLeft) {
  box.environment = {"sh", "-c", "ulimit -f 1 && exec \"$@\"", "sh"};
  EXPECT_THAT(complaint({}), AllOf(HasSubstr("File too large"), HasSubstr("make room")));
}

// Each limit is too low for something else: whichever it is, there is one complaint, and no abort.
TEST_F(BadInput, NoFileDescriptorsLeft) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need descriptors of their own; scripts/tests/programs.test tries it on plain programs";
#endif
  for (const char* limit : {"4", "5", "6", "8", "10", "12", "16"}) {
    forget_snapshots();
    box.environment = {"sh", "-c", "ulimit -n $0 && exec \"$@\"", limit};
    const std::string line = complaint({"--no-confirm"});
    EXPECT_THAT(line, HasSubstr("Too many open files")) << limit;
  }
}

TEST_F(BadInput, ADiskThatIsFullForWhatIsSaid) {
  box.environment = {"sh", "-c", "exec \"$@\" 2>&1 >/dev/full", "sh"};
  for (const char* what : {"list", "--help", "--version"}) {
    const Ran ran = box.zlt({what});
    EXPECT_EQ(ran.status, 2) << what;
    EXPECT_EQ(ran.output, "zlt: cannot write the output: No space left on device\n") << what;
  }
}

TEST_F(BadInput, KvmByNameWhereItDoesNotWork) {
  box.script["boot"] = "silent";  // the fake never shows a kernel
  const std::string line = complaint({"--accel", "kvm"});
  EXPECT_THAT(line, AllOf(HasSubstr("KVM does not work here"), HasSubstr("--accel tcg")));
}

TEST_F(BadInput, UsageErrorsAreStatus2) {
  EXPECT_EQ(box.zlt({"run", "--no-such-option"}).status, 2);
  EXPECT_EQ(box.zlt({}).status, 2);
  EXPECT_EQ(box.zlt({"run", "--jobs", "0"}).status, 2);
}

TEST_F(BadInput, KernelPathOfWhatIsNotThere) {
  fs::remove_all(box.cache() / "kernels" / "fake");
  const Ran ran = box.zlt({"kernel", "--data", box.data().string(), "path", "fake"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("no kernel for flavour fake"));
}

}  // namespace
}  // namespace zlt::test
