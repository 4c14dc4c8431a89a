// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include "userspace/base/files.h"

namespace zlt {
namespace {

const char* program_name = "zlt";
std::atomic<int> failure_status{static_cast<int>(Exit::kFailure)};
std::atomic<int> first_output_error{0};

// Without memory of its own: there may be none.
void say_at_once(std::string_view what) {
  char line[400];
  const int length = std::snprintf(line, sizeof line, "%s: %.*s\n", program_name,
                                   static_cast<int>(std::min<size_t>(what.size(), 300)), what.data());
  [[maybe_unused]] const bool written = write_all(STDERR_FILENO, {line, static_cast<size_t>(length)});
}

// No destructor runs: they might want what there is none of. Children die with their parent, and what a run leaves the
// next one clears away.
[[noreturn]] void end_at_once(std::string_view what) {
  say_at_once(what);
  ::_exit(failure_status.load());
}

[[noreturn]] void out_of_memory() {
  end_at_once("out of memory; free some, or raise the limit (ulimit -v)");
}

std::string text_of(const std::exception& problem) {
  const auto* system = dynamic_cast<const std::system_error*>(&problem);
  const bool thread = system != nullptr && system->code() == std::errc::resource_unavailable_try_again;
  return printable(std::string(problem.what()) + (thread ? "; raise the limits (ulimit -u, ulimit -v)" : ""));
}

// An exception that left a thread. Without one it is a fault of the code, which a core dump may explain.
[[noreturn]] void ended_by_exception() {
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
      end_at_once(text_of(problem));
    } catch (...) {
      end_at_once("an exception of an unknown kind");
    }
  }
  std::abort();
}

bool write_patiently(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n >= 0) {
      data.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EAGAIN) {  // somebody made the terminal or pipe that we share not wait
      pollfd room = {fd, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Says that all was written, or else whoever prints would have to look: fmt throws, and CLI11 and stdio say nothing.
ssize_t put_output(void* /*cookie*/, const char* data, size_t size) {
  if (first_output_error.load() == 0 && !write_patiently(STDOUT_FILENO, {data, size})) {
    first_output_error.store(errno);
  }
  return static_cast<ssize_t>(size);
}

ssize_t put_complaint(void* /*cookie*/, const char* data, size_t size) {
  [[maybe_unused]] const bool written = write_patiently(STDERR_FILENO, {data, size});
  return static_cast<ssize_t>(size);
}

std::FILE* stream(cookie_write_function_t* put, int buffering) {
  std::FILE* out = ::fopencookie(nullptr, "w", {nullptr, put, nullptr, nullptr});
  if (out == nullptr) out_of_memory();
  std::setvbuf(out, nullptr, buffering, BUFSIZ);
  return out;
}

// As glibc does for programs that are more than their caller: a descriptor that is closed is one that fails, and not
// the next file that is opened.
void keep_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
      [[maybe_unused]] const int same = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

int end(int status) {
  std::fflush(stdout);
  const int error = first_output_error.load();
  if (error == 0) return status;
  if (error == EPIPE) {
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    ::raise(SIGPIPE);
  }
  say_at_once("cannot write the output: " + std::error_code(error, std::generic_category()).message());
  return failure_status.load();
}

}  // namespace

int run_program(const char* name, Work work, int argc, char** argv) {
  program_name = name;
  keep_standard_descriptors();
  std::set_new_handler(out_of_memory);
  std::set_terminate(ended_by_exception);
  stdout = stream(put_output, ::isatty(STDOUT_FILENO) != 0 ? _IOLBF : _IOFBF);
  stderr = stream(put_complaint, _IONBF);
  try {
    return end(work(argc, argv));
  } catch (const std::exception& problem) {
    std::fflush(stdout);
    say_at_once(text_of(problem));
  } catch (...) {
    std::fflush(stdout);
    say_at_once("an exception of an unknown kind");
  }
  return failure_status.load();
}

void set_failure_status(int status) {
  failure_status.store(status);
}

int output_error() {
  return first_output_error.load();
}

bool output_closed() {
  return first_output_error.load() == EPIPE;
}

}  // namespace zlt
