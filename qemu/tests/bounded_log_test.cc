// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/bounded_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class BoundedLogTest : public testing::Test {
 protected:
  std::string content() const { return read_file(file).value_or("gone"); }
  test::TempDir dir;
  std::filesystem::path file = dir.path() / "log";
};

TEST_F(BoundedLogTest, KeepsAShortLogWhole) {
  Result<BoundedLog> log = BoundedLog::create(file, {10, 10});
  log->append("12345");
  log->append("6789012345678");
  EXPECT_TRUE(log->close());
  EXPECT_EQ(content(), "123456789012345678");
  EXPECT_EQ(log->bytes(), 18U);
}

TEST_F(BoundedLogTest, KeepsHeadAndTailOfAFlood) {
  Result<BoundedLog> log = BoundedLog::create(file, {20, 40});
  log->append("the first line\n");
  for (unsigned n = 0; n < 100000; ++n) {
    log->append("flood flood\n");
  }
  log->append("the last line\n");
  EXPECT_TRUE(log->close());
  EXPECT_THAT(content(), StartsWith("the first line\n"));
  EXPECT_THAT(content(), HasSubstr("bytes left out"));
  EXPECT_THAT(content(), EndsWith("the last line\n"));
  EXPECT_LT(content().size(), 200U);
  EXPECT_EQ(log->bytes(), 15U + 14U + 1200000U);
}

TEST_F(BoundedLogTest, SaysWhereItCannotWrite) {
  EXPECT_THAT(BoundedLog::create(dir.path() / "no" / "log", {1, 1}).error().what, HasSubstr("no/log"));
  Result<BoundedLog> log = BoundedLog::create("/dev/full", {10, 10});
  ASSERT_TRUE(log);
  log->append("text");
  const Status closed = log->close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().line(),
            "cannot write /dev/full: No space left on device; make room there, or choose another place");
}

}  // namespace
}  // namespace zlt::run
