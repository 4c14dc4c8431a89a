// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "qemu/tests/temp_dir.h"
#include "qemu/zlt/io/output_of.h"

namespace zlt::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

bool runs(pid_t pid) {
  const Result<std::string> stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  return stat && stat->find(") Z") == std::string::npos;
}

TEST(Child, EndsWithItsStatus) {
  Result<Child> child = Child::spawn({{"sh", "-c", "exit 7"}, {}, -1});
  ASSERT_TRUE(child);
  const std::optional<int> status = child->wait(seconds(60));
  ASSERT_TRUE(status);
  EXPECT_EQ(describe_status(*status), "exit status 7");
  EXPECT_EQ(child->wait(seconds(60)), status);
}

TEST(Child, AProgramThatIsNotThereIsSaid) {
  const Result<Child> child = Child::spawn({{"no-such-program"}, {}, -1});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().what, "cannot start no-such-program: No such file or directory");
}

TEST(Child, AWaitHasALimit) {
  Result<Child> child = Child::spawn({{"sleep", "1000"}, {}, -1});
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->wait(milliseconds(5)));
}

TEST(Child, TakesItsWholeGroupAlong) {
  const test::TempDir dir;
  const std::string file = (dir.path() / "pid").string();
  pid_t parent = 0;
  pid_t grandchild = 0;
  {
    Result<Child> child = Child::spawn({{"sh", "-c", "sleep 1000 & echo $! > " + file + "; wait"}, {}, -1});
    ASSERT_TRUE(child);
    parent = child->pid();
    while (!(std::ifstream(file) >> grandchild) && !child->wait(milliseconds(5))) {
    }
    EXPECT_TRUE(runs(grandchild));
  }
  EXPECT_FALSE(runs(parent));
  while (runs(grandchild)) {  // killed; the kernel takes a moment
  }
}

TEST(Child, AlsoWhenItEndedByItselfBefore) {
  const test::TempDir dir;
  const std::string file = (dir.path() / "pid").string();
  Result<Child> child = Child::spawn({{"sh", "-c", "sleep 1000 & echo $! > " + file}, {}, -1});
  ASSERT_TRUE(child);
  ASSERT_TRUE(child->wait(seconds(60)));
  pid_t grandchild = 0;
  ASSERT_TRUE(std::ifstream(file) >> grandchild);
  while (runs(grandchild)) {
  }
}

TEST(Child, InheritsWhatItIsGivenAndNothingElse) {
  const UniqueFd given(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd kept(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto test_fd = [&](int fd) {
    Result<Child> child = Child::spawn({{"test", "-e", "/proc/self/fd/" + std::to_string(fd)}, {given.get()}, -1});
    return child->wait(seconds(60)).value_or(-1);
  };
  EXPECT_EQ(test_fd(given.get()), 0);
  EXPECT_NE(test_fd(kept.get()), 0);
}

TEST(Child, StatusesInWords) {
  EXPECT_EQ(describe_status(0), "exit status 0");
  EXPECT_EQ(describe_status(SIGKILL), "killed by SIGKILL");
}

TEST(OutputOf, TakesBothStreams) {
  EXPECT_EQ(output_of({"sh", "-c", "echo out; echo err >&2"}, seconds(60)).value(), "out\nerr\n");
}

TEST(OutputOf, AFailureHoldsTheLastLine) {
  const Result<std::string> out = output_of({"sh", "-c", "echo first; echo why; exit 3"}, seconds(60));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().what, "sh failed (exit status 3): why");
}

TEST(OutputOf, HasALimit) {
  const Result<std::string> out = output_of({"sleep", "1000"}, milliseconds(10));
  ASSERT_FALSE(out);
  EXPECT_THAT(out.error().what, HasSubstr("did not end"));
}

TEST(LastLine, SkipsEmptyOnes) {
  EXPECT_EQ(last_line("a\nb\n\n \r\n"), "b");
  EXPECT_EQ(last_line("a"), "a");
  EXPECT_EQ(last_line(""), "");
}

}  // namespace
}  // namespace zlt::run
