// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/bisect_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "qemu/zlt/cli/cli.h"
#include "qemu/zlt/cli/run_command.h"
#include "qemu/zlt/io/child.h"
#include "qemu/zlt/io/signals.h"

namespace zlt::run {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);
constexpr auto kEndsWithin = std::chrono::seconds(10);  // make removes what is half made

enum class Built { kYes, kNo, kInterrupted };

int say(int status, const char* word) {
  fmt::print("bisect: {}\n", word);
  std::fflush(stdout);
  return status;
}

// A shell that saw its command die of a signal says 128 and the signal's number.
bool died_of_interrupt(int status) {
  const int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) - 128;
  return number == SIGINT || number == SIGTERM || number == SIGHUP;
}

Built build_with(const std::string& command) {
  Signals signals;
  Stop stop;
  Result<Child> child = Child::spawn({{"/bin/sh", "-c", command}, {}, STDOUT_FILENO});
  if (!child) {
    (void)complain(child.error());
    return Built::kNo;
  }
  std::optional<int> status;
  const auto wait = [&] {
    while (!status && !stop.requested()) {
      status = child->wait(kLook);
    }
    if (!status) {
      ::kill(-child->pid(), SIGTERM);
      status = child->wait(kEndsWithin);
    }
  };
  signals.run(
      wait, [] {}, stop);
  if (stop.requested() || !status || died_of_interrupt(*status)) {
    return Built::kInterrupted;
  }
  return *status == 0 ? Built::kYes : Built::kNo;
}

}  // namespace

int bisect_command(RunOptions options, const std::string& build) {
  if (const Status known = check_run(options); !known) {
    (void)complain(known.error());
    return kBisectStop;
  }
  switch (build.empty() ? Built::kYes : build_with(build)) {
    case Built::kInterrupted:
      return say(kBisectStop, "interrupted");
    case Built::kNo:
      return say(kBisectSkip, "cannot tell: it does not build");
    case Built::kYes:
      break;
  }
  const RunEnd end = run_command(std::move(options));
  if (end.interrupted) {
    return say(kBisectStop, "interrupted");
  }
  switch (end.exit) {
    case Exit::kExpected:
      return say(kBisectGood, "good");
    case Exit::kUnexpected:
      return say(kBisectBad, "bad");
    case Exit::kFailure:
      break;
  }
  return say(kBisectSkip, "cannot tell");
}

}  // namespace zlt::run
