// SPDX-License-Identifier: GPL-2.0-only
//
// `zlt splat` as a function.
#pragma once

namespace zlt::splat {

// argv[0] is how the command is named in messages. Returns the exit status: 0 no report, 1 reports, 2 could not read or
// bad usage.
int splat_main(int argc, char** argv);

}  // namespace zlt::splat
