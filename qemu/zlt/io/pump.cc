// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/pump.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace zlt::run {
namespace {

constexpr int kLongestPollMs = 1000;

int poll_ms(TimePoint deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, kLongestPollMs));
}

}  // namespace

void Pump::watch(int fd, OnData on_data) {
  watches_[fd] = Watch{std::move(on_data), nullptr};
}

void Pump::watch_once(int fd, OnReady on_ready) {
  watches_[fd] = Watch{nullptr, std::move(on_ready)};
}

void Pump::forget(int fd) {
  watches_.erase(fd);
}

Pump::Wait Pump::run_until(const std::function<bool()>& done, TimePoint deadline) {
  for (;;) {
    if (done()) {
      return Wait::kDone;
    }
    if (stop_->requested()) {
      return Wait::kStopped;
    }
    const bool late = Clock::now() >= deadline;
    serve(late ? 0 : poll_ms(deadline));
    if (late) {
      // What was ready when time ran out still counts.
      return done() ? Wait::kDone : Wait::kTimeout;
    }
  }
}

Pump::Wait Pump::run_for(Duration duration) {
  return run_until([] { return false; }, Clock::now() + duration);
}

void Pump::catch_up(TimePoint deadline) {
  while (!stop_->requested() && Clock::now() < deadline && serve(0)) {
  }
}

void Pump::drain(TimePoint deadline) {
  while (!watches_.empty() && Clock::now() < deadline && (serve(0) || serve(10))) {
  }
}

bool Pump::serve(int timeout_ms) {
  std::vector<pollfd> fds;
  fds.reserve(watches_.size() + 1);
  fds.push_back({stop_->fd(), POLLIN, 0});
  for (const auto& [fd, watch] : watches_) {
    fds.push_back({fd, POLLIN, 0});
  }
  if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) {
    return false;
  }
  bool any = false;
  for (size_t i = 1; i < fds.size(); ++i) {
    if (fds[i].revents == 0) {
      continue;
    }
    any = true;
    const auto found = watches_.find(fds[i].fd);
    if (found == watches_.end()) {
      continue;  // forgotten by a callback just now
    }
    if (found->second.on_ready) {
      const OnReady on_ready = std::move(found->second.on_ready);
      watches_.erase(found);
      on_ready();
    } else {
      read_some(fds[i].fd);
    }
  }
  return any;
}

void Pump::read_some(int fd) {
  char buffer[65536];
  const ssize_t n = ::read(fd, buffer, sizeof buffer);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  const OnData on_data = watches_[fd].on_data;  // a copy: the callback may forget the descriptor
  if (n <= 0) {
    watches_.erase(fd);
    on_data({});
    return;
  }
  on_data({buffer, static_cast<size_t>(n)});
}

}  // namespace zlt::run
