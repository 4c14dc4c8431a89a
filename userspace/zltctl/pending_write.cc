// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/pending_write.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

namespace zlt::ctl {
namespace {

// A pipe holds an int at once or not at all.
void answer(int fd, int error) {
  [[maybe_unused]] const ssize_t written = ::write(fd, &error, sizeof error);
}

// The child must outlive a Ctrl-C meant for its parent: stopping is what the parent then does.
void ignore_interrupts() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_IGN);
}

}  // namespace

PendingWrite PendingWrite::start(const std::function<int()>& write) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return finished(errno);
  PendingWrite out;
  out.answer_.reset(ends[0]);
  const UniqueFd sender(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ignore_interrupts();
    answer(sender.get(), write());
    ::_exit(0);
  }
  if (child < 0) out.error_ = errno;
  return out;
}

PendingWrite PendingWrite::finished(int error) {
  PendingWrite out;
  out.error_ = error;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return out;
  out.answer_.reset(ends[0]);
  const UniqueFd sender(ends[1]);
  answer(sender.get(), error);
  return out;
}

std::optional<int> PendingWrite::poll() {
  if (error_) return error_;
  int error = 0;
  const ssize_t got = ::read(answer_.get(), &error, sizeof error);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  error_ = got == sizeof error ? error : EIO;  // the child was killed
  return error_;
}

}  // namespace zlt::ctl
