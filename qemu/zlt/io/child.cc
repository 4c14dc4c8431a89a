// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "userspace/base/files.h"

namespace zlt::run {
namespace {

// After fork in a program with threads: nothing but async-signal-safe calls.
[[noreturn]] void become(const Child::Options& options, char* const* argv, pid_t parent, int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, options.grace > Duration::zero() ? SIGTERM : SIGKILL);
  if (::getppid() != parent) {
    ::_exit(127);  // the parent died before prctl
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGXFSZ}) {
    ::sigaction(signal, &plain, nullptr);
  }
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDIN_FILENO);
  const int output = options.output < 0 ? null : options.output;
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  for (const int fd : options.inherit) {
    ::fcntl(fd, F_SETFD, 0);
  }
  ::execvp(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t n = ::write(report, &error, sizeof error);
  ::_exit(127);
}

// Whether the group has a member besides its leader that still runs.
bool has_more(pid_t group) {
  std::error_code error;
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos || name == std::to_string(group)) {
      continue;
    }
    const Result<std::string> stat = read_file(entry.path() / "stat");
    // "PID (NAME) STATE PARENT GROUP …", and the name may have anything in it
    const size_t end = stat ? stat->rfind(')') : std::string::npos;
    char state = 'X';
    long of = 0;
    if (end != std::string::npos && std::sscanf(stat->c_str() + end, ") %c %*d %ld", &state, &of) == 2 && of == group &&
        state != 'Z' && state != 'X') {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Child> Child::spawn(const Options& options) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return failure("cannot start " + options.argv[0] + ": " + ::strerror(errno));
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::vector<char*> argv;
  argv.reserve(options.argv.size() + 1);
  for (const std::string& word : options.argv) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    return failure("cannot start " + options.argv[0] + ": " + ::strerror(errno));
  }
  if (pid == 0) {
    become(options, argv.data(), parent, write_end.get());
  }
  Child child;
  child.pid_ = pid;
  child.grace_ = options.grace;
  // glibc 2.36 declares pidfd_open without C linkage.
  child.pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const int no_pidfd = child.pidfd_.valid() ? 0 : errno;
  ::setpgid(pid, pid);  // whichever of the two is first; the loser's error does not matter
  write_end.reset();
  int error = 0;
  ssize_t n = 0;
  do {
    n = ::read(read_end.get(), &error, sizeof error);
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    return failure("cannot start " + options.argv[0] + ": " + ::strerror(error));
  }
  if (no_pidfd != 0) {  // its end would never be heard of
    child.grace_ = Duration::zero();
    return failure("cannot start " + options.argv[0] + ": " + ::strerror(no_pidfd));
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      grace_(other.grace_),
      status_(std::exchange(other.status_, std::nullopt)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    end_and_reap();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    grace_ = other.grace_;
    status_ = std::exchange(other.status_, std::nullopt);
  }
  return *this;
}

std::optional<int> Child::wait(Duration limit) {
  if (pid_ < 0 || status_) {
    return status_;
  }
  const TimePoint deadline = Clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd fd = {pidfd_.get(), POLLIN, 0};
    const int ready = ::poll(&fd, 1, static_cast<int>(std::clamp<long long>(left, 0, 60000)));
    if (ready > 0) {
      break;
    }
    if (left <= 0) {
      return std::nullopt;
    }
  }
  end_group();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  return status_;
}

// Until the child is reaped its id, and so its group's, cannot be anybody else's.
void Child::end_group() {
  constexpr int kLookMs = 20;
  const TimePoint deadline = Clock::now() + grace_;
  pollfd leader = {pidfd_.get(), POLLIN, 0};
  if (grace_ > Duration::zero() && (::poll(&leader, 1, 0) == 0 || has_more(pid_))) {
    ::kill(-pid_, SIGTERM);
    ::kill(-pid_, SIGCONT);  // one that is stopped hears nothing
    while (Clock::now() < deadline && (::poll(&leader, 1, kLookMs) == 0 || has_more(pid_))) {
      ::poll(nullptr, 0, kLookMs);
    }
  }
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

void Child::end_and_reap() {
  if (pid_ < 0) {
    return;
  }
  if (!status_) {
    end_group();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  pidfd_.reset();
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return std::string("killed by SIG") + (name != nullptr ? name : std::to_string(WTERMSIG(status)));
  }
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace zlt::run
