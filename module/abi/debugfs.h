// SPDX-License-Identifier: GPL-2.0-only
//
// The files under debugfs `zltorture/` and the words in them. docs/formats.md shows each with an example.
#pragma once

#include <stdint.h>

namespace zlt::abi {

inline constexpr uint32_t kVersion = 1;  // first line of `result` and `status`: abi=1
inline constexpr const char kModuleName[] = "zltorture";

inline constexpr const char kDirectory[] = "zltorture";
inline constexpr const char kFileCases[] = "cases";          // r: one case and form a line, tab-separated, '#' header
inline constexpr const char kFileRun[] = "run";              // w: CASE [key=value…]; returns once the run has started
inline constexpr const char kFileStop[] = "stop";            // w: anything; returns once nothing runs any more
inline constexpr const char kFileStatus[] = "status";        // r: key=value lines
inline constexpr const char kFileResult[] = "result";        // r: key=value lines of the last finished run
inline constexpr const char kFileHistogram[] = "histogram";  // r: name from_ns to_ns count, of the last or present run

// `state=` in `status`.
inline constexpr const char kStateIdle[] = "idle";
inline constexpr const char kStateRunning[] = "running";
inline constexpr const char kStateStopping[] = "stopping";

// Key prefixes in `result`.
inline constexpr const char kCounterPrefix[] = "counter.";
inline constexpr const char kFactPrefix[] = "fact.";
inline constexpr const char kParamPrefix[] = "param.";
inline constexpr const char kKernelPrefix[] = "kernel.";

}  // namespace zlt::abi
