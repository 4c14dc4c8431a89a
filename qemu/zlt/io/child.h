// SPDX-License-Identifier: GPL-2.0-only
//
// The one owner of a child process and of everything the child starts: a process group of its own, ended and reaped
// when the owner goes, and told to end by the kernel if we ourselves are killed. A child that has something to clear
// away is asked first: SIGTERM to the whole group, and SIGKILL only to what is still there after a while.
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
    // How long the group may take to end once it is asked to; zero: it is killed at once, unasked.
    Duration grace = Duration::zero();
  };
  // Returns once exec has succeeded, or says why it did not. The thread that calls must outlive the child.
  [[nodiscard]] static Result<Child> spawn(const Options& options);

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { end_and_reap(); }

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Becomes readable when the child ends.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  // Waits up to `limit`. The status as of waitpid(2), or nothing: it still runs. What it started and left running ends
  // with it.
  [[nodiscard]] std::optional<int> wait(Duration limit);
  // The whole group, asked first where it has a grace. Does nothing when already reaped.
  void end_and_reap();

 private:
  void end_group();

  pid_t pid_ = -1;
  UniqueFd pidfd_;
  Duration grace_ = Duration::zero();
  std::optional<int> status_;
};

// The grace of scripts, and of programs that scripts use: they remove what they have begun, a source tree at most.
inline constexpr auto kScriptGrace = std::chrono::seconds(20);

// "exit status 3", "killed by SIGSEGV"
[[nodiscard]] std::string describe_status(int status);

}  // namespace zlt::run
