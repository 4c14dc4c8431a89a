// SPDX-License-Identifier: GPL-2.0-only
//
// How a program ends when there is no room for its work or its words.
#include "userspace/base/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <string>
#include <thread>

namespace zlt {
namespace {

// Runs `work` as a program whose stdout is `output`, and ends with its status.
[[noreturn]] void end_as(Work work, int output) {
  ::dup2(output, STDOUT_FILENO);
  char name[] = "it";
  char* words[] = {name, nullptr};
  std::_Exit(run_program("it", work, 1, words));
}

[[noreturn]] void end_with_full_disk(Work work) {
  end_as(work, ::open("/dev/full", O_WRONLY));
}
[[noreturn]] void end_normally(Work work) {
  end_as(work, ::open("/dev/null", O_WRONLY));
}
[[noreturn]] void end_unread(Work work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  ::close(ends[0]);
  ::signal(SIGPIPE, SIG_IGN);  // as a program does that has more to end than itself
  end_as(work, ends[1]);
}

int prints_little(int, char**) {
  fmt::print("a word\n");
  return 0;
}

int prints_much_in_a_thread(int, char**) {
  std::thread([] { fmt::print("{}\n", std::string(1U << 20U, 'x')); }).join();
  return 1;
}

TEST(ProgramDeathTest, AFullDiskIsOneLine) {
  EXPECT_EXIT(end_with_full_disk(prints_little), testing::ExitedWithCode(2),
              "^it: cannot write the output: No space left on device\n$");
  EXPECT_EXIT(end_with_full_disk(prints_much_in_a_thread), testing::ExitedWithCode(2),
              "^it: cannot write the output: No space left on device\n$");
}

TEST(ProgramDeathTest, APipeThatNobodyReadsIsAQuietEnd) {
  EXPECT_EXIT(end_unread(prints_much_in_a_thread), testing::KilledBySignal(SIGPIPE), "^$");
}

TEST(ProgramDeathTest, TheStatusOfTheWorkCountsWhereTheWordsArrived) {
  EXPECT_EXIT(end_normally(prints_much_in_a_thread), testing::ExitedWithCode(1), "^$");
}

TEST(ProgramDeathTest, NoMemoryIsOneLine) {
  EXPECT_EXIT(end_normally([](int, char**) -> int {
                std::get_new_handler()();
                return 0;
              }),
              testing::ExitedWithCode(2), "^it: out of memory; .*\n$");
}

TEST(ProgramDeathTest, AnExceptionIsOneLineInWhicheverThread) {
  EXPECT_EXIT(end_normally([](int, char**) -> int { throw std::runtime_error("so\nit is"); }),
              testing::ExitedWithCode(2), "^it: so\\\\nit is\n$");
  EXPECT_EXIT(end_normally([](int, char**) -> int {
                std::thread([] { throw std::runtime_error("so it is"); }).join();
                return 0;
              }),
              testing::ExitedWithCode(2), "^it: so it is\n$");
}

TEST(ProgramDeathTest, AProgramMayHaveAFailureStatusOfItsOwn) {
  EXPECT_EXIT(end_with_full_disk([](int, char**) {
                set_failure_status(128);
                fmt::print("a word\n");
                return 0;
              }),
              testing::ExitedWithCode(128), "it: cannot write");
}

}  // namespace
}  // namespace zlt
