// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/tests/zltctl/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace zlt::test {
namespace {

constexpr uid_t kNobody = 65534;

[[noreturn]] void execute(int program, std::vector<std::string>& arguments, bool unprivileged) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  // The program is open already: nobody need not be able to reach it.
  if (unprivileged && ::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) ::_exit(126);
  ::fexecve(program, argv.data(), environ);
  ::_exit(127);
}

// Reads until both are at their ends.
void drain(int out, int err, Process::Outcome& outcome) {
  pollfd fds[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* texts[] = {&outcome.out, &outcome.err};
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    ::poll(fds, 2, -1);
    for (size_t i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t got = ::read(fds[i].fd, buffer, sizeof buffer);
      if (got > 0) {
        texts[i]->append(buffer, static_cast<size_t>(got));
      } else {
        fds[i].fd = -1;
      }
    }
  }
}

}  // namespace

Process::Process(const std::string& program, std::vector<std::string> arguments, const ProcessOptions& options) {
  arguments.insert(arguments.begin(), "zltctl");
  const UniqueFd file(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
  int out[2];
  int err[2];
  if (!file.valid() || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot start " + program);
  }
  out_.reset(out[0]);
  err_.reset(err[0]);
  const UniqueFd out_theirs(options.stdout_to.empty() ? out[1] : ::open(options.stdout_to.c_str(), O_WRONLY));
  const UniqueFd err_theirs(err[1]);
  if (!options.stdout_to.empty()) ::close(out[1]);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out_theirs.get(), STDOUT_FILENO);
    ::dup2(err_theirs.get(), STDERR_FILENO);
    execute(file.get(), arguments, options.unprivileged);
  }
  if (pid_ < 0) throw std::runtime_error("cannot fork");
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
  ::kill(pid_, number);
}

Process::Outcome Process::wait() {
  Outcome outcome;
  drain(out_.get(), err_.get(), outcome);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

}  // namespace zlt::test
