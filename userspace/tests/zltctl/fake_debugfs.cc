// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/tests/zltctl/fake_debugfs.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "userspace/tests/zltctl/samples.h"

namespace zlt::test {
namespace {

// Both ends, so that it is never at its end.
UniqueFd make_pipe(const std::string& path) {
  if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no pipe " + path);
  return UniqueFd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
}

std::string take(int fd) {
  char buffer[4096];
  const ssize_t got = ::read(fd, buffer, sizeof buffer);
  return std::string(buffer, got > 0 ? static_cast<size_t>(got) : 0);
}

}  // namespace

FakeDebugfs::FakeDebugfs(Ends ends) : ends_(ends) {
  folder_.write("zltorture/cases", kCases);
  folder_.write("zltorture/histogram", kHistogram);
  folder_.write("zltorture/watch", watch_text("on"));
  folder_.write("zltorture/result", "abi=1\nruns=0\n" + std::string(kKernel));
  show("idle");
  run_ = make_pipe(folder_.file("zltorture/run"));
  stop_ = make_pipe(folder_.file("zltorture/stop"));
  int ends_of_quit[2];
  if (::pipe2(ends_of_quit, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  quit_theirs_.reset(ends_of_quit[0]);
  quit_ours_.reset(ends_of_quit[1]);
  thread_ = std::thread([this] { serve(); });
}

FakeDebugfs::~FakeDebugfs() {
  quit_ours_.reset();
  thread_.join();
}

std::string FakeDebugfs::await_run() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !written_.empty(); });
  return written_.back();
}

std::vector<std::string> FakeDebugfs::written() {
  const std::lock_guard lock(mutex_);
  return written_;
}

void FakeDebugfs::serve() {
  pollfd fds[] = {{quit_theirs_.get(), POLLIN, 0}, {run_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  for (;;) {
    ::poll(fds, 3, -1);
    if (fds[0].revents != 0) return;
    if (fds[1].revents != 0) start(take(run_.get()));
    if (fds[2].revents != 0) {
      take(stop_.get());
      if (!running_.empty()) finish(true, true);
    }
  }
}

void FakeDebugfs::start(const std::string& line) {
  running_ = line.substr(0, line.find(' '));
  show("running");
  {
    const std::lock_guard lock(mutex_);
    written_.push_back(line);
  }
  changed_.notify_all();
  if (ends_ != Ends::kNever) finish(ends_ == Ends::kWell, false);
}

void FakeDebugfs::finish(bool ok, bool stopped) {
  folder_.write("zltorture/result", result_text(running_, ++runs_, ok, stopped));
  running_.clear();
  show("idle");
}

void FakeDebugfs::show(const std::string& state) {
  folder_.write("zltorture/status", status_text(state, running_, 3, runs_));
}

}  // namespace zlt::test
