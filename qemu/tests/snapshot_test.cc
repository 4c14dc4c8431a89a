// SPDX-License-Identifier: GPL-2.0-only
//
// Snapshots: made once, used, told apart by what they are made of, and never needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/snapshots.h"
#include "qemu/zlt/guest/snapshot_note.h"
#include "userspace/base/files.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(Snapshots, BootOnceThenRestore) {
  EXPECT_THAT(starts_of({"--repeat", "2"}), ElementsAre("start", "restore", "restore", "restore"));
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
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path old = only_snapshot();
  box.script["version"] = "8.0.0";
  EXPECT_THAT(starts_of({}), kFirst);
  EXPECT_NE(only_snapshot(), old);
}

TEST_F(Snapshots, AnotherKernelMakesItStale) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path image = box.cache() / "kernels" / "fake" / "bzImage";
  ASSERT_TRUE(write_file(image, read_file(image).value_or("") + "more"));
  EXPECT_THAT(starts_of({}), kFirst);
}

TEST_F(Snapshots, AnotherModuleMakesItStale) {
  EXPECT_THAT(starts_of({}), kFirst);
  ASSERT_TRUE(write_file(box.data() / "build" / "module" / "6.1.0-fake" / "zltorture.ko", "\177ELF another module"));
  EXPECT_THAT(starts_of({}), kFirst);
}

TEST_F(Snapshots, ACutOneIsRemade) {
  EXPECT_THAT(starts_of({}), kFirst);
  ASSERT_TRUE(write_file(only_snapshot() / "state", "fake"));
  EXPECT_THAT(starts_of({}), kFirst);
  EXPECT_THAT(starts_of({}), ElementsAre("restore"));
}

TEST_F(Snapshots, OneWithAForeignNoteIsRemade) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path note = only_snapshot() / "snapshot.json";
  ASSERT_TRUE(write_file(note, "{\"key\":\"somebody else's\"}"));
  EXPECT_THAT(starts_of({}), kFirst);
}

TEST_F(Snapshots, OneThatQemuRefusesIsDiscardedAndTheGuestBooted) {
  EXPECT_THAT(starts_of({}), kFirst);
  box.script["die_restored"] = true;
  EXPECT_THAT(starts_of({}), ElementsAre("restore", "start"));
  box.script["die_restored"] = false;
  EXPECT_THAT(starts_of({}), kFirst);
}

TEST_F(Snapshots, AFailedSaveIsSaidAndTheGuestsBoot) {
  box.script["migrate"] = "fail";
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("no snapshot, booting for each case"));
  EXPECT_THAT(box.starts(), ElementsAre("start", "start"));
}

TEST_F(Snapshots, AGuestIsStoppedBeforeItIsSaved) {
  // The fake makes a torn state of a guest that runs, and a guest restored from that reports.
  EXPECT_THAT(starts_of({}), kFirst);
  EXPECT_TRUE(run::get_bool(run::member(box.record("a/case"), "guest"), "proven"));
}

TEST_F(Snapshots, OneThatDoesNotLiveIsMadeAgain) {
  for (const char* torn : {"splat", "panic"}) {
    fs::remove_all(box.cache() / "snapshots");
    fs::remove(box.root() / "starts.saves");
    box.script["saves"] = {"torn", "sound"};
    box.script["torn"] = torn;
    EXPECT_THAT(starts_of({}), ElementsAre("start", "restore", "start", "restore", "restore")) << torn;
    EXPECT_THAT(starts_of({}), ElementsAre("restore")) << torn;
  }
}

TEST_F(Snapshots, OneWhoseLockdepIsOffIsMadeAgain) {
  box.script["lockdep"] = true;
  box.script["debug_locks"] = true;
  box.script["saves"] = {"torn", "sound"};
  box.script["torn"] = "lockdep";
  EXPECT_THAT(starts_of({}), ElementsAre("start", "restore", "start", "restore", "restore"));
}

TEST_F(Snapshots, WhoseProofFailsTwiceTheMachineBootsForEachCase) {
  box.script["saves"] = {"torn"};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("no snapshot, booting for each case: 2 saved guests did not live"));
  EXPECT_THAT(box.starts(), ElementsAre("start", "restore", "start", "restore", "start"));
  EXPECT_TRUE(fs::is_empty(box.cache() / "snapshots"));
}

TEST_F(Snapshots, AFlippedBitIsSeenAndTheGuestSavedAnew) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path state = only_snapshot() / "state";
  std::string bytes = read_file(state).value_or("");
  ASSERT_FALSE(bytes.empty());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_file(state, bytes));
  const size_t before = box.starts().size();
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("the snapshot is damaged and is made again: its state is not what was saved"));
  EXPECT_EQ(box.starts().size(), before + 3);
}

TEST_F(Snapshots, TheStateOfAnotherGuestIsNotTaken) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path state = only_snapshot() / "state";
  ASSERT_TRUE(write_file(state, "fake state other\n"));
  EXPECT_THAT(starts_of({}), kFirst);
}

// Saved by a zlt that was killed before it could prove it, and whose content is what was saved.
TEST_F(Snapshots, OneThatIsNotProvenYetIsProvenFirst) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path note = only_snapshot() / "snapshot.json";
  run::Json json = run::Json::parse(read_file(note).value_or(""));
  json["proven"] = false;
  ASSERT_TRUE(write_file(note, run::note_text(json)));
  EXPECT_THAT(starts_of({}), ElementsAre("restore", "restore"));
  EXPECT_THAT(starts_of({}), ElementsAre("restore"));
}

// As an earlier zlt made them: of a running guest, without a digest.
TEST_F(Snapshots, OneOfAnOlderLayoutIsNotUsed) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path note = only_snapshot() / "snapshot.json";
  run::Json json = run::Json::parse(read_file(note).value_or(""));
  const std::string key = run::get_string(json, "key");
  ASSERT_THAT(key, testing::StartsWith("layout 4\n"));
  json["key"] = key.substr(key.find('\n') + 1);
  json.erase("digest");
  ASSERT_TRUE(write_file(note, json.dump()));
  EXPECT_THAT(starts_of({}), kFirst);
}

TEST_F(Snapshots, TwoRunsAtOnceShareThem) {
  run::Child other = box.start({"run", "--repeat", "3"});
  const Ran ran = box.run({"--repeat", "3"});
  EXPECT_EQ(ran.status, 0) << ran.output;
  const std::optional<int> status = other.wait(std::chrono::seconds(100));
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 0);
}

// A note that a person made: a million deep, it overflowed the stack when it was written out again.
TEST_F(Snapshots, ANoteThatIsNestedTooDeeplyIsNone) {
  ASSERT_THAT(starts_of({}), kFirst);
  const fs::path note = only_snapshot() / "snapshot.json";
  std::string text = read_file(note).value_or("");
  const size_t proven = text.find("\"proven\":true");
  ASSERT_NE(proven, std::string::npos);
  text.replace(proven, std::string("\"proven\":true").size(),
               "\"proven\":false,\"x\":" + std::string(1000000, '[') + std::string(1000000, ']'));
  ASSERT_TRUE(write_file(note, text));
  EXPECT_THAT(starts_of({}), kFirst);
}

}  // namespace
}  // namespace zlt::test
