// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "userspace/base/files.h"

namespace zlt::report {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class RunFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "zlt-report-XXXXXX").string();
    results = fs::path(::mkdtemp(pattern.data())) / "results";
  }
  void TearDown() override {
    std::error_code error;
    fs::remove_all(results.parent_path(), error);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const fs::directory_entry& entry : fs::directory_iterator(results)) {
      out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  fs::path results;
};

TEST_F(RunFolderTest, AppearsOnlyWhenPublished) {
  {
    Result<RunFolder> folder = RunFolder::create(results, "run");
    ASSERT_TRUE(folder) << folder.error().line();
    ASSERT_TRUE(write_file(folder->path() / "results.json", "{}"));
    EXPECT_FALSE(fs::exists(results / "run"));
    EXPECT_EQ(folder->publish().value(), results / "run");
  }
  EXPECT_THAT(names(), ElementsAre("latest", "run"));
  EXPECT_EQ(fs::read_symlink(results / "latest"), "run");
  EXPECT_TRUE(fs::exists(results / "latest" / "results.json"));
}

TEST_F(RunFolderTest, GoesWhenNotPublished) {
  ASSERT_TRUE(RunFolder::create(results, "run")->publish());
  { const Result<RunFolder> folder = RunFolder::create(results, "other"); }
  EXPECT_THAT(names(), ElementsAre("latest", "run"));
  EXPECT_EQ(fs::read_symlink(results / "latest"), "run");
}

TEST_F(RunFolderTest, StaysWhenKept) {
  {
    Result<RunFolder> folder = RunFolder::create(results, "run");
    folder->keep();
  }
  EXPECT_THAT(names(), ElementsAre("run.unfinished"));
  ASSERT_TRUE(RunFolder::create(results, "next")->publish());
  EXPECT_THAT(names(), ElementsAre("latest", "next", "run.unfinished"));
}

TEST_F(RunFolderTest, TwoOfTheSameNameBothStay) {
  ASSERT_TRUE(RunFolder::create(results, "run")->publish());
  EXPECT_EQ(RunFolder::create(results, "run")->publish().value(), results / "run-2");
  EXPECT_EQ(fs::read_symlink(results / "latest"), "run-2");
}

TEST_F(RunFolderTest, WhatAKilledRunLeftGoesButNotWhatIsInUse) {
  const Result<RunFolder> running = RunFolder::create(results, "running");
  fs::create_directories(results / ".unfinished-old-abcdef");
  const Result<RunFolder> next = RunFolder::create(results, "next");
  EXPECT_FALSE(fs::exists(results / ".unfinished-old-abcdef"));
  EXPECT_TRUE(fs::exists(running->path()));
}

TEST_F(RunFolderTest, APlaceThatCannotBeIsSaid) {
  fs::create_directories(results);
  ASSERT_TRUE(write_file(results / "file", ""));
  const Result<RunFolder> folder = RunFolder::create(results / "file" / "results", "run");
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().what, HasSubstr("cannot create"));
}

}  // namespace
}  // namespace zlt::report
