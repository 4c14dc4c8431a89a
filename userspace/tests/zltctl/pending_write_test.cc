// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/pending_write.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>

namespace zlt::ctl {
namespace {

int answer_of(PendingWrite& write) {
  std::optional<int> answer;
  while (!(answer = write.poll())) {
    pollfd fd{write.fd(), POLLIN, 0};
    ::poll(&fd, 1, -1);
  }
  ::waitpid(-1, nullptr, WNOHANG);
  return *answer;
}

TEST(PendingWrite, BringsTheAnswer) {
  PendingWrite good = PendingWrite::start([] { return 0; });
  EXPECT_EQ(answer_of(good), 0);
  PendingWrite bad = PendingWrite::start([] { return EPERM; });
  EXPECT_EQ(answer_of(bad), EPERM);
  EXPECT_EQ(bad.poll(), EPERM);  // and keeps it
}

TEST(PendingWrite, DoesNotWaitForOneThatBlocks) {
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  PendingWrite write = PendingWrite::start([&gate] {
    char byte = 0;
    return ::read(gate[0], &byte, 1) == 1 ? 0 : EIO;
  });
  EXPECT_FALSE(write.poll());
  ASSERT_EQ(::write(gate[1], "x", 1), 1);
  EXPECT_EQ(answer_of(write), 0);
  ::close(gate[0]);
  ::close(gate[1]);
}

TEST(PendingWrite, AChildThatDiesIsAnAnswer) {
  PendingWrite write = PendingWrite::start([] {
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(answer_of(write), EIO);
}

TEST(PendingWrite, OneThatIsFinishedWakesAPoll) {
  PendingWrite write = PendingWrite::finished(ENOENT);
  pollfd fd{write.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&fd, 1, 0), 1);
  EXPECT_EQ(write.poll(), ENOENT);
}

}  // namespace
}  // namespace zlt::ctl
