// SPDX-License-Identifier: GPL-2.0-only
//
// The subcommands of zltctl. Each prints its answer, text or JSON, and returns the exit status; an Error is for main to
// print.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/base/table.h"
#include "userspace/base/terminal.h"
#include "userspace/protocol/json.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/loader.h"
#include "userspace/zltctl/module.h"
#include "userspace/zltctl/request.h"
#include "userspace/zltctl/run.h"
#include "userspace/zltctl/watch.h"

namespace zlt::ctl {

using protocol::Json;
using protocol::line_of;
using protocol::to_json;

struct Context {
  const Environment& environment;
  Module& module;
  Loader& loader;
  bool json = false;
  Terminal out;         // stdout
  Terminal progress;    // stderr; progress is shown only where it has a width
  int interrupts = -1;  // readable when the user wants to leave; -1: never
};

struct RunOptions {
  std::string pattern;  // a case, or a shell pattern for several
  RunRequest request;   // all but the case
  bool wait = true;
  std::chrono::milliseconds timeout{0};  // of each run; 0: none
};

[[nodiscard]] Result<Exit> list(const Context& context, const std::string& pattern);
[[nodiscard]] Result<Exit> status(const Context& context);
[[nodiscard]] Result<Exit> result(const Context& context);
[[nodiscard]] Result<Exit> histogram(const Context& context);
[[nodiscard]] Result<Exit> stop(const Context& context);
// `word`: on, off, or empty to look only.
[[nodiscard]] Result<Exit> watch(const Context& context, const std::string& word);
[[nodiscard]] Result<Exit> run(const Context& context, const RunOptions& options);
// `words`: a file or `installed` first, if at all, then key=value.
[[nodiscard]] Result<Exit> load(const Context& context, const std::vector<std::string>& words);
[[nodiscard]] Result<Exit> unload(const Context& context);

// The answers as text.
[[nodiscard]] std::string text_of(const RunReport& report, const Terminal& terminal);
[[nodiscard]] std::string text_of(const std::vector<Bucket>& histogram, const Terminal& terminal);
[[nodiscard]] std::string text_of(const WatchReport& report, const Terminal& terminal);
[[nodiscard]] std::string duration_of(uint64_t ns);

}  // namespace zlt::ctl
