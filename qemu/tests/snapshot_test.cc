// SPDX-License-Identifier: GPL-2.0-only
//
// Snapshots: made once, used, told apart by what they are made of, and never needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/sandbox.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Snapshots : public SandboxTest {
 protected:
  Snapshots() { box.script["cases"] = {{"a/case", fake_case({"clean"}, {"clean"})}}; }

  // How the guests of one run were started.
  std::vector<std::string> starts_of(const std::vector<std::string>& words) {
    const size_t before = box.starts().size();
    const Ran ran = box.run(words);
    EXPECT_EQ(ran.status, 0) << ran.output;
    const std::vector<std::string> all = box.starts();
    return {all.begin() + static_cast<long>(before), all.end()};
  }
  [[nodiscard]] fs::path only_snapshot() const {
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(box.cache() / "snapshots")) {
      found.push_back(entry.path());
    }
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? fs::path() : found.front();
  }
};

TEST_F(Snapshots, BootOnceThenRestore) {
  EXPECT_THAT(starts_of({"--repeat", "2"}), ElementsAre("start", "restore", "restore"));
  EXPECT_THAT(starts_of({}), ElementsAre("restore"));
}

TEST_F(Snapshots, NoSnapshotBootsEachTime) {
  EXPECT_THAT(starts_of({"--no-snapshot", "--repeat", "2"}), ElementsAre("start", "start", "start"));
  EXPECT_FALSE(fs::exists(box.cache() / "snapshots"));
}

TEST_F(Snapshots, VerdictsAreTheSameWithAndWithoutThem) {
  box.script["registers"] = "\nCPU#0\nRIP=ffffffff81001010 RFL=00000046 CPL=0 HLT=0\n";
  box.script["cases"] = {{"a/clean", fake_case({"clean"}, {"clean"})},
                         {"a/hang", fake_case({"deadlock"}, {"clean"}, "hang")},
                         {"a/panic", fake_case({"clean"}, {"clean"}, "panic")},
                         {"a/live", fake_case({"livelock"}, {"livelock"})}};
  const auto verdicts = [this](const std::vector<std::string>& words) {
    EXPECT_EQ(box.run(words).status, 1);
    std::vector<std::string> out;
    for (const run::Json& each : run::member(box.latest(), "cases")) {
      out.push_back(run::get_string(each, "case") + run::member(each, "observed").dump() +
                    run::member(each, "ok").dump());
    }
    return out;
  };
  const std::vector<std::string> with = verdicts({});
  EXPECT_EQ(box.starts().back(), "restore");
  EXPECT_EQ(verdicts({"--no-snapshot"}), with);
  EXPECT_EQ(box.starts().back(), "start");
  EXPECT_THAT(with, ElementsAre("a/clean[\"clean\"]true", "a/hang[\"deadlock\"]true", "a/live[\"livelock\"]true",
                                "a/panic[\"panic\"]false"));
}

TEST_F(Snapshots, AnotherQemuMakesItStale) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  const fs::path old = only_snapshot();
  box.script["version"] = "8.0.0";
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  EXPECT_NE(only_snapshot(), old);
}

TEST_F(Snapshots, AnotherKernelMakesItStale) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  const fs::path image = box.cache() / "kernels" / "fake" / "bzImage";
  ASSERT_TRUE(write_file(image, read_file(image).value_or("") + "more"));
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
}

TEST_F(Snapshots, AnotherModuleMakesItStale) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  ASSERT_TRUE(write_file(box.data() / "build" / "module" / "6.1.0-fake" / "zltorture.ko", "another module"));
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
}

TEST_F(Snapshots, ACutOneIsRemade) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  ASSERT_TRUE(write_file(only_snapshot() / "state", "fake"));
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  EXPECT_THAT(starts_of({}), ElementsAre("restore"));
}

TEST_F(Snapshots, OneWithAForeignNoteIsRemade) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  const fs::path note = only_snapshot() / "snapshot.json";
  ASSERT_TRUE(write_file(note, "{\"key\":\"somebody else's\"}"));
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
}

TEST_F(Snapshots, OneThatQemuRefusesIsDiscardedAndTheGuestBooted) {
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
  box.script["die_restored"] = true;
  EXPECT_THAT(starts_of({}), ElementsAre("restore", "start"));
  box.script["die_restored"] = false;
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore"));
}

TEST_F(Snapshots, AFailedSaveIsSaidAndTheGuestsBoot) {
  box.script["migrate"] = "fail";
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("no snapshot, booting for each case"));
  EXPECT_THAT(box.starts(), ElementsAre("start", "start"));
}

TEST_F(Snapshots, TwoRunsAtOnceShareThem) {
  run::Child other = box.start({"run", "--repeat", "3"});
  const Ran ran = box.run({"--repeat", "3"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  const std::optional<int> status = other.wait(std::chrono::seconds(100));
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 0);
}

}  // namespace
}  // namespace zlt::test
