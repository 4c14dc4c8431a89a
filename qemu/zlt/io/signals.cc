// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/signals.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <thread>

#include "userspace/base/program.h"

namespace zlt::run {
namespace {

constexpr int kTickMs = 100;

}  // namespace

Signals::Signals() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&set, number);
  }
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Signals::run(const std::function<void()>& work, const std::function<void()>& on_tick, Stop& stop) {
  Stop done;
  std::thread worker([&] {
    work();
    done.request();
  });
  while (!done.requested()) {
    pollfd fds[] = {{fd_.get(), POLLIN, 0}, {done.fd(), POLLIN, 0}};
    ::poll(fds, 2, kTickMs);
    signalfd_siginfo info;
    if (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      caught_ = caught_.value_or(static_cast<int>(info.ssi_signo));
      stop.request();
    }
    if (output_closed()) {
      stop.request();  // the user has left as well
    }
    on_tick();
  }
  worker.join();
}

}  // namespace zlt::run
