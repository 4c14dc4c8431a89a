// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;

struct Member {
  std::string content;
  unsigned mode = 0;
};

std::map<std::string, Member> unpack(const std::string& bytes) {
  std::map<std::string, Member> out;
  archive* reader = archive_read_new();
  archive_read_support_format_cpio(reader);
  EXPECT_EQ(archive_read_open_memory(reader, bytes.data(), bytes.size()), ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
    Member member;
    member.mode = archive_entry_mode(entry);
    member.content.resize(static_cast<size_t>(archive_entry_size(entry)));
    archive_read_data(reader, member.content.data(), member.content.size());
    EXPECT_EQ(archive_entry_mtime(entry), 0);
    out[archive_entry_pathname(entry)] = member;
  }
  archive_read_free(reader);
  return out;
}

class InitramfsTest : public testing::Test {
 protected:
  test::TempDir dir;
  InitramfsInputs inputs{fs::read_symlink("/proc/self/exe"), "the module", {}};
};

TEST_F(InitramfsTest, HasInitItsLibrariesAndTheModule) {
  const Result<std::string> archive = make_initramfs(inputs);
  ASSERT_TRUE(archive) << archive.error().line();
  const std::map<std::string, Member> members = unpack(*archive);
  EXPECT_EQ(members.at("zltorture.ko").content, "the module");
  EXPECT_EQ(members.at("init").mode, unsigned{AE_IFREG} | 0755U);
  EXPECT_EQ(members.at("dev/console").mode, unsigned{AE_IFCHR} | 0600U);
  EXPECT_EQ(members.at("lib64").mode, unsigned{AE_IFDIR} | 0755U);
  EXPECT_THAT(members, Contains(Key("lib64/ld-linux-x86-64.so.2")));
  EXPECT_TRUE(archive->starts_with("070701"));
}

TEST_F(InitramfsTest, DriversKeepTheirOrder) {
  inputs.drivers = {dir.put("b.ko", "first"), dir.put("a.ko", "second")};
  const std::map<std::string, Member> members = unpack(make_initramfs(inputs).value());
  EXPECT_EQ(members.at("drivers/0-b.ko").content, "first");
  EXPECT_EQ(members.at("drivers/1-a.ko").content, "second");
}

TEST_F(InitramfsTest, TheSameInputsGiveTheSameBytes) {
  EXPECT_EQ(make_initramfs(inputs).value(), make_initramfs(inputs).value());
}

TEST_F(InitramfsTest, IsCachedByItsContent) {
  const fs::path cache = dir.path() / "cache";
  const Initramfs first = cached_initramfs(inputs, cache, "stock").value();
  const auto written = fs::status(first.file);
  EXPECT_EQ(cached_initramfs(inputs, cache, "stock")->file, first.file);
  EXPECT_TRUE(fs::exists(written));
  inputs.module = "another module";
  const Initramfs second = cached_initramfs(inputs, cache, "stock").value();
  EXPECT_NE(second.file, first.file);
  EXPECT_NE(second.digest, first.digest);
}

TEST_F(InitramfsTest, OldOnesOfTheFlavourGo) {
  const fs::path cache = dir.path() / "cache";
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(48);
  for (const char* name : {"cache/stock.0123.cpio", "cache/stock-rt.0123.cpio"}) {
    fs::last_write_time(dir.put(name, "old"), long_ago);
  }
  ASSERT_TRUE(cached_initramfs(inputs, cache, "stock"));
  EXPECT_FALSE(fs::exists(cache / "stock.0123.cpio"));
  EXPECT_TRUE(fs::exists(cache / "stock-rt.0123.cpio"));
}

TEST_F(InitramfsTest, ADamagedOneIsMadeAgain) {
  const fs::path cache = dir.path() / "cache";
  const Initramfs whole = cached_initramfs(inputs, cache, "stock").value();
  EXPECT_FALSE(whole.healed);
  const std::string bytes = read_file(whole.file).value();
  std::string flipped = bytes;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  for (const std::string& damaged : {flipped, bytes.substr(0, 1000), std::string()}) {
    ASSERT_TRUE(write_file(whole.file, damaged));
    EXPECT_TRUE(cached_initramfs(inputs, cache, "stock")->healed);
    EXPECT_EQ(read_file(whole.file).value(), bytes);
  }
  EXPECT_FALSE(cached_initramfs(inputs, cache, "stock")->healed);
}

TEST_F(InitramfsTest, AMissingInitIsSaid) {
  inputs.init = dir.path() / "none";
  EXPECT_THAT(make_initramfs(inputs).error().line(), HasSubstr("none"));
}

}  // namespace
}  // namespace zlt::run
