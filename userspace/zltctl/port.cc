// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/port.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/protocol/wire.h"
#include "userspace/zltctl/explain.h"

namespace zlt::ctl {
namespace {

constexpr int kDrainLimitMs = 500;
constexpr size_t kMostInOneGo = size_t{16} << 10U;

bool make_raw(int fd) {
  termios mode{};
  if (::tcgetattr(fd, &mode) != 0) return false;
  ::cfmakeraw(&mode);
  // Virtual machines send at any speed, but the kernel takes its time to drain by this one.
  ::cfsetspeed(&mode, B115200);
  mode.c_cflag |= static_cast<tcflag_t>(CLOCAL) | static_cast<tcflag_t>(CREAD);
  return ::tcsetattr(fd, TCSANOW, &mode) == 0;
}

}  // namespace

Result<Port> Port::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    return failure("cannot open the control port " + path + ": " + describe_errno(errno), "give the machine one");
  }
  // The kernel lets root open a serial port that has no hardware; this is where it says so.
  if (!make_raw(fd.get())) {
    return failure("cannot use the control port " + path + ": " + describe_errno(errno),
                   "give the machine a second serial port");
  }
  return Port(std::move(fd));
}

Port::Port(UniqueFd fd) : fd_(std::move(fd)), in_(protocol::kLongestLine) {
  ::fcntl(fd_.get(), F_SETFL, ::fcntl(fd_.get(), F_GETFL) | O_NONBLOCK);
}

void Port::send(std::string_view line) {
  out_.append(line).append("\n");
  flush();
}

void Port::flush() {
  while (!out_.empty()) {
    const ssize_t sent = ::write(fd_.get(), out_.data(), out_.size());
    if (sent > 0) {
      out_.erase(0, static_cast<size_t>(sent));
    } else if (sent == 0 || errno != EINTR) {
      return;  // later, or never: a hang-up shows when reading
    }
  }
}

void Port::drain() {
  for (int waited_ms = 0; waited_ms < kDrainLimitMs; ++waited_ms) {
    flush();
    int queued = 0;  // in the kernel; only a terminal has one that can be asked for
    if (out_.empty() && (::ioctl(fd_.get(), TIOCOUTQ, &queued) != 0 || queued == 0)) return;
    ::poll(nullptr, 0, 1);
  }
}

bool Port::receive() {
  char buffer[4096];
  for (size_t taken = 0; taken < kMostInOneGo;) {
    const ssize_t got = ::read(fd_.get(), buffer, sizeof buffer);
    if (got > 0) {
      in_.feed(std::string_view(buffer, static_cast<size_t>(got)));
      taken += static_cast<size_t>(got);
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
  return true;
}

short Port::wanted() const {
  return out_.empty() ? POLLIN : POLLIN | POLLOUT;
}

}  // namespace zlt::ctl
