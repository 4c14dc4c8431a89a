// SPDX-License-Identifier: GPL-2.0-only
//
// The one owner of a child process and of everything the child starts: a process group of its own, killed and reaped
// when the owner goes, and killed by the kernel if we ourselves are.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/io/clock.h"
#include "userspace/base/result.h"
#include "userspace/base/unique_fd.h"

namespace zlt::run {

class Child {
 public:
  struct Options {
    std::vector<std::string> argv;  // argv[0] is looked up in PATH
    std::vector<int> inherit;       // descriptors the child keeps, under the same numbers
    int output = -1;                // stdout and stderr of the child; -1: /dev/null
  };
  // Returns once exec has succeeded, or says why it did not. The thread that calls must outlive the child.
  [[nodiscard]] static Result<Child> spawn(const Options& options);

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { kill_and_reap(); }

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Becomes readable when the child ends.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  // Waits up to `limit`. The status as of waitpid(2), or nothing: it still runs.
  [[nodiscard]] std::optional<int> wait(Duration limit);
  // The whole group, at once. Does nothing when already reaped.
  void kill_and_reap();

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<int> status_;
};

// "exit status 3", "killed by SIGSEGV"
[[nodiscard]] std::string describe_status(int status);

}  // namespace zlt::run
