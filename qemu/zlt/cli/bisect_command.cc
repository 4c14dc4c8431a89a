// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/bisect_command.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "qemu/zlt/cli/run_command.h"

namespace zlt::run {
namespace {

int say(int status, const char* word) {
  fmt::print("bisect: {}\n", word);
  std::fflush(stdout);
  return status;
}

}  // namespace

int bisect_command(RunOptions options, const std::string& build) {
  if (!build.empty()) {
    const int status =
        std::system(build.c_str());  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a command is what it takes
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM)) {
      return say(kBisectStop, "interrupted");
    }
    if (status != 0) {
      return say(kBisectSkip, "cannot tell: it does not build");
    }
  }
  switch (run_command(std::move(options))) {
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
