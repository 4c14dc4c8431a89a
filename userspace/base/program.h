// SPDX-License-Identifier: GPL-2.0-only
//
// What stands around the work of every program here: where its output goes, and how it ends when the machine has no
// room for it. Nobody who prints has to look whether it worked; nothing is lost in silence, and nothing ends in an
// abort.
//
// - Output that does not arrive (a full disk, a closed descriptor): the program ends with one line and its failure
//   status, whatever else it would have ended with. Nothing follows the first hole.
// - Output into a pipe that nobody reads: a quiet end by SIGPIPE, as of any filter.
// - No memory, no file descriptors, no threads, or any exception that nobody expected, in whichever thread: one line,
//   the failure status.
#pragma once

#include "userspace/base/result.h"

namespace zlt {

using Work = int (*)(int argc, char** argv);

// Calls `work` and returns the exit status. `name` stands before the lines of stderr; it has to outlive the program.
[[nodiscard]] int run_program(const char* name, Work work, int argc, char** argv);

// The status that our own failures end with from now on, for a program to whose caller 2 means something else.
void set_failure_status(int status);

// errno of the first write to stdout that failed since run_program(); 0: all of it has arrived, as far as it was
// flushed.
[[nodiscard]] int output_error();
// Nobody reads stdout any more: a program that works for long may as well stop.
[[nodiscard]] bool output_closed();

}  // namespace zlt
