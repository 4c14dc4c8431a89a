// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/own_folder.h"

#include <gtest/gtest.h>
#include <sys/file.h>

#include <cstdlib>
#include <optional>

#include "userspace/base/temp_folder.h"

namespace zlt {
namespace {

namespace fs = std::filesystem;

// TMPDIR is a folder of the test's own meanwhile.
class OwnFolderTest : public testing::Test {
 protected:
  OwnFolderTest() {
    const char* place = std::getenv("TMPDIR");
    before_ = place == nullptr ? std::optional<std::string>() : place;
    ::setenv("TMPDIR", above.path().c_str(), 1);
  }
  ~OwnFolderTest() override {
    if (before_) {
      ::setenv("TMPDIR", before_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  OwnFolderTest(const OwnFolderTest&) = delete;
  OwnFolderTest& operator=(const OwnFolderTest&) = delete;

  TempFolder above = TempFolder::create().value();

 private:
  std::optional<std::string> before_;
};

bool any(const std::string& name) {
  return name.starts_with("x-");
}

TEST_F(OwnFolderTest, OneThatIsHeldStaysAndOneThatIsNotGoes) {
  const OwnFolder held = make_own_folder(above.path(), "x-").value();
  const fs::path left = make_own_folder(above.path(), "x-").value().path;
  fs::create_directories(left / "deep" / "er");
  fs::create_directories(above.path() / "y-other");
  remove_abandoned(above.path(), any);
  EXPECT_TRUE(fs::exists(held.path));
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(above.path() / "y-other"));
}

TEST_F(OwnFolderTest, ALinkToNowhereGoesAndOneToAFolderInUseStays) {
  const OwnFolder held = make_own_folder(above.path(), "y-").value();
  fs::create_symlink("nowhere", above.path() / "x-dangling");
  fs::create_symlink(held.path, above.path() / "x-used");
  remove_abandoned(above.path(), any);
  EXPECT_FALSE(fs::is_symlink(above.path() / "x-dangling"));
  EXPECT_TRUE(fs::is_symlink(above.path() / "x-used"));
}

TEST_F(OwnFolderTest, ATemporaryFolderOfAKilledProgramGoesWithTheNextOne) {
  const TempFolder used = TempFolder::create().value();
  // As a killed program leaves it: there, and held by nobody.
  fs::create_directories(above.path() / "zlt-temp-abcdef" / "inner");
  const TempFolder next = TempFolder::create().value();
  EXPECT_FALSE(fs::exists(above.path() / "zlt-temp-abcdef"));
  EXPECT_TRUE(fs::exists(used.path()));
}

TEST_F(OwnFolderTest, AHoldIsForOneButAReadersIsForMany) {
  const OwnFolder held = make_own_folder(above.path(), "x-").value();
  EXPECT_FALSE(lock_folder(held.path, LOCK_SH).valid());
  const fs::path free = above.path() / "free";
  fs::create_directory(free);
  const UniqueFd one = lock_folder(free, LOCK_SH);
  EXPECT_TRUE(lock_folder(free, LOCK_SH).valid());
  EXPECT_FALSE(lock_folder(free, LOCK_EX).valid());
  EXPECT_FALSE(lock_folder(above.path() / "none", LOCK_EX).valid());
}

}  // namespace
}  // namespace zlt
