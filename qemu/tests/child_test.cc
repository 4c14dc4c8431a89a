// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

// A script whose trap takes a while, and a helper of it with a trap of its own.
class AskedChild : public testing::Test {
 protected:
  void start(const std::string& before_wait, Duration grace = seconds(60)) {
    const std::string script =
        "cd " + dir.path().string() +
        "\ntouch begun helper-begun"
        "\ntrap 'sleep 0.2; rm begun; exit 143' TERM"
        "\n(trap 'sleep 0.4; rm helper-begun; exit' TERM; touch waiting; sleep 1000 & wait) &\n" +
        before_wait + "\nwait\n";
    Result<Child> started = Child::spawn({{"sh", "-c", script}, {}, -1, grace});
    ASSERT_TRUE(started) << started.error().line();
    child = std::move(*started);
    while (!std::filesystem::exists(dir.path() / "waiting") && !child.wait(milliseconds(5))) {
    }
  }
  [[nodiscard]] bool is_clean() const {
    return !std::filesystem::exists(dir.path() / "begun") && !std::filesystem::exists(dir.path() / "helper-begun");
  }
  test::TempDir dir;
  Child child;
};

TEST_F(AskedChild, ClearsAwayWhatItHasBegunAndSoDoesWhatItStarted) {
  start("");
  child.end_and_reap();
  EXPECT_TRUE(is_clean());
}

TEST_F(AskedChild, AlsoWhenItIsStopped) {
  start("");
  ::kill(-child.pid(), SIGSTOP);
  child.end_and_reap();
  EXPECT_TRUE(is_clean());
}

TEST_F(AskedChild, AlsoWhatItLeftRunning) {
  start("while [ ! -e waiting ]; do sleep 0.01; done; exit 0");
  ASSERT_TRUE(child.wait(seconds(60)));
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "helper-begun"));
}

TEST_F(AskedChild, IsKilledWhenItDoesNotListen) {
  start("trap '' TERM; while :; do sleep 0.1; done", milliseconds(100));
  const pid_t pid = child.pid();
  child.end_and_reap();
  EXPECT_FALSE(runs(pid));
}

// Whoever asks it to end dies without a word: the kernel asks.
TEST_F(AskedChild, ClearsAwayWhenItsOwnerIsKilled) {
  const std::string begun = (dir.path() / "begun").string();
  const pid_t owner = ::fork();
  if (owner == 0) {
    Result<Child> made =
        Child::spawn({{"sh", "-c", "trap 'rm " + begun + "; exit' TERM; touch " + begun + "; sleep 1000 & wait"},
                      {},
                      -1,
                      seconds(60)});
    while (made) {
      ::pause();
    }
    ::_exit(1);
  }
  while (!std::filesystem::exists(begun)) {
  }
  ::usleep(50000);
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  const TimePoint deadline = Clock::now() + seconds(60);
  while (std::filesystem::exists(begun) && Clock::now() < deadline) {
  }
  EXPECT_FALSE(std::filesystem::exists(begun));
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
