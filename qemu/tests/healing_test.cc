// SPDX-License-Identifier: GPL-2.0-only
//
// What is damaged in the cache, or was left there by a zlt that was killed: seen, said, and made again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "qemu/tests/snapshots.h"
#include "userspace/base/files.h"
#include "userspace/base/own_folder.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Healing : public Snapshots {};

// Each is seen, said in one line, and healed by a new one.
TEST_F(Healing, WhateverIsDamagedIsMadeAgain) {
  const auto flip = [](const fs::path& file) {
    std::string bytes = read_file(file).value_or("");
    ASSERT_FALSE(bytes.empty());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    ASSERT_TRUE(write_file(file, bytes));
  };
  const auto rewrite = [](const fs::path& note, const std::function<void(run::Json&)>& change) {
    run::Json json = run::Json::parse(read_file(note).value_or(""));
    change(json);
    ASSERT_TRUE(write_file(note, json.dump()));
  };
  const std::map<std::string, std::function<void(const fs::path&)>> damages = {
      {"no boot", [](const fs::path& it) { fs::remove_all(it / "boot"); }},
      {"an empty boot",
       [](const fs::path& it) {
         fs::remove_all(it / "boot");
         fs::create_directory(it / "boot");
       }},
      {"a file instead of boot",
       [](const fs::path& it) {
         fs::remove_all(it / "boot");
         ASSERT_TRUE(write_file(it / "boot", ""));
       }},
      {"a flipped console", [&](const fs::path& it) { flip(it / "boot" / "console.log"); }},
      {"no state", [](const fs::path& it) { fs::remove(it / "state"); }},
      {"a flipped state", [&](const fs::path& it) { flip(it / "state"); }},
      {"no note", [](const fs::path& it) { fs::remove(it / "snapshot.json"); }},
      {"a flipped note", [&](const fs::path& it) { flip(it / "snapshot.json"); }},
      {"a note without cases",
       [&](const fs::path& it) {
         rewrite(it / "snapshot.json", [](run::Json& note) { note["loaded"].erase("cases"); });
       }},
      {"a note with other cases",
       [&](const fs::path& it) {
         rewrite(it / "snapshot.json", [](run::Json& note) { note["loaded"]["cases"] = run::Json::array(); });
       }},
      {"a note that claims a proof",
       [&](const fs::path& it) { rewrite(it / "snapshot.json", [](run::Json& note) { note["proven"] = "yes"; }); }},
  };
  ASSERT_EQ(box.run({}).status, 0);
  for (const auto& [what, damage] : damages) {
    damage(only_snapshot());
    const size_t before = box.starts().size();
    const Ran ran = box.run({});
    EXPECT_EQ(ran.status, 0) << what << ": " << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("the snapshot is damaged and is made again: ")) << what;
    EXPECT_EQ(box.starts().size(), before + 3) << what;
    EXPECT_THAT(starts_of({}), ElementsAre("restore")) << what;
  }
}

// A zlt that is killed while it fills a folder leaves that; the next run takes it away, though it saves nothing.
TEST_F(Healing, WhatAKilledRunWasSavingGoesWithTheNextRun) {
  EXPECT_THAT(starts_of({}), kFirst);
  const fs::path cache = box.cache();
  for (const char* left : {"snapshots/.making-killed/boot", "kernels/killed.tmp/debs", "sources/linux-1.tmp/mm",
                           "build/killed.tmp/linux"}) {
    fs::create_directories(cache / left);
  }
  for (const char* left :
       {"accel.json.new.999999999", "initramfs/x.cpio.new.999999999", "kernels/fake/.digests.new.999999999"}) {
    fs::create_directories((cache / left).parent_path());
    ASSERT_TRUE(write_file(cache / left, "half"));
  }
  fs::create_symlink("nowhere", cache / "kernels" / "killed.new.999999999");
  const OwnFolder used = make_own_folder(cache / "snapshots", ".making-").value();
  ASSERT_TRUE(write_file(cache / ("accel.json.new." + std::to_string(::getpid())), "at work"));
  EXPECT_THAT(starts_of({}), ElementsAre("restore"));
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(cache)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".new.") != std::string::npos || name.ends_with(".tmp") || name.starts_with(".making")) {
      found.push_back(name);
    }
  }
  EXPECT_THAT(found, testing::UnorderedElementsAre(used.path.filename().string(),
                                                   "accel.json.new." + std::to_string(::getpid())));
  fs::remove_all(used.path);
}

TEST_F(Healing, AFlippedInitramfsIsMadeAgainAndSaid) {
  EXPECT_THAT(starts_of({}), kFirst);
  for (const fs::directory_entry& entry : fs::directory_iterator(box.cache() / "initramfs")) {
    std::string bytes = read_file(entry.path()).value_or("");
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    ASSERT_TRUE(write_file(entry.path(), bytes));
  }
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr(".cpio was damaged and is made again"));
  EXPECT_THAT(box.run({}).output, testing::Not(HasSubstr("damaged")));
}

}  // namespace
}  // namespace zlt::test
