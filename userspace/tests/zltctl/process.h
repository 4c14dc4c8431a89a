// SPDX-License-Identifier: GPL-2.0-only
//
// A program run as a user runs it: arguments in, output and exit status out. Ended when its owner goes.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "userspace/base/unique_fd.h"

namespace zlt::test {

struct ProcessOptions {
  std::string stdout_to;      // a file instead of a pipe
  bool unprivileged = false;  // as a user who may do nothing; no difference when that is who runs the tests
};

class Process {
 public:
  struct Outcome {
    int status = -1;  // exit status; -1 when a signal ended it
    std::string out;
    std::string err;
  };

  Process(const std::string& program, std::vector<std::string> arguments, const ProcessOptions& options);
  Process(const std::string& program, std::vector<std::string> arguments)
      : Process(program, std::move(arguments), {}) {}
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&&) = delete;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Reads both outputs to their ends and reaps.
  [[nodiscard]] Outcome wait();

  [[nodiscard]] static Outcome run(const std::string& program, std::vector<std::string> arguments,
                                   const ProcessOptions& options = {}) {
    return Process(program, std::move(arguments), options).wait();
  }

 private:
  pid_t pid_ = -1;
  UniqueFd out_;
  UniqueFd err_;
};

}  // namespace zlt::test
