// SPDX-License-Identifier: GPL-2.0-only
//
// The subcommands that ask or stop: list, status, result, histogram, stop; and load and unload.
#include <fmt/format.h>
#include <fnmatch.h>
#include <poll.h>

#include "module/abi/debugfs.h"
#include "userspace/base/nearest.h"
#include "userspace/zltctl/commands.h"
#include "userspace/zltctl/explain.h"
#include "userspace/zltctl/load.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

constexpr const char* kInstalled = "installed";

void print_cases(const Context& context, const std::vector<Case>& cases) {
  if (context.json) return fmt::print("{}\n", line_of(to_json(cases)));
  Table table;
  table.add({{"CASE", Tone::kDim},
             {"FORM", Tone::kDim},
             {"HAZARD", Tone::kDim},
             {"EXPECTED", Tone::kDim},
             {"SUMMARY", Tone::kDim}});
  for (const Case& item : cases) {
    table.add(
        {{item.name, Tone::kBold}, {item.form}, {item.hazard}, {protocol::text_of(item.expected)}, {item.summary}});
  }
  fmt::print("{}", table.text(context.out));
}

}  // namespace

Result<Exit> list(const Context& context, const std::string& pattern) {
  const Result<std::vector<Case>> cases = read_cases(context.environment, context.module);
  if (!cases) return tl::unexpected(cases.error());
  std::vector<Case> chosen;
  std::vector<std::string> known;
  for (const Case& item : *cases) {
    known.push_back(item.name);
    if (pattern.empty() || ::fnmatch(pattern.c_str(), item.name.c_str(), 0) == 0) chosen.push_back(item);
  }
  if (chosen.empty()) return tl::unexpected(explain_unknown_case(pattern, known));
  print_cases(context, chosen);
  return Exit::kExpected;
}

Result<Exit> status(const Context& context) {
  const Result<RunStatus> now = read_status(context.environment, context.module);
  if (!now) return tl::unexpected(now.error());
  if (context.json) {
    fmt::print("{}\n", line_of(to_json(*now)));
  } else if (now->idle()) {
    fmt::print("idle, {} runs finished\n", now->runs);
  } else {
    fmt::print("{} {} ({}): turn {} of {}, {} runs finished\n", now->state, now->name, now->form, now->turn, now->loops,
               now->runs);
  }
  return Exit::kExpected;
}

Result<Exit> result(const Context& context) {
  Result<ResultFile> file = read_result(context.environment, context.module);
  if (!file) return tl::unexpected(file.error());
  if (!file->last) return failure("no run has finished since the module was loaded", "zltctl run CASE");
  Result<std::vector<Bucket>> measured = read_histogram(context.environment, context.module);
  if (!measured) return tl::unexpected(measured.error());
  const RunReport report{std::move(*file->last), std::move(*measured), debug_locks(context.environment)};
  fmt::print("{}", context.json ? line_of(to_json(report)) + "\n" : text_of(report, context.out));
  return report.result.ok ? Exit::kExpected : Exit::kUnexpected;
}

Result<Exit> histogram(const Context& context) {
  const Result<std::vector<Bucket>> measured = read_histogram(context.environment, context.module);
  if (!measured) return tl::unexpected(measured.error());
  fmt::print("{}", context.json ? line_of(to_json(*measured)) + "\n" : text_of(*measured, context.out));
  return Exit::kExpected;
}

Result<Exit> stop(const Context& context) {
  PendingWrite write = context.module.write_in_background(File::kStop, "1\n");
  std::optional<int> error;
  while (!(error = write.poll())) {
    pollfd fds[] = {{write.fd(), POLLIN, 0}, {context.interrupts, POLLIN, 0}};
    ::poll(fds, std::size(fds), -1);
    if (fds[1].revents != 0) {
      return interrupted("interrupted before the run had stopped", "it will once it can");
    }
  }
  if (*error != 0) return tl::unexpected(explain_access(context.environment, File::kStop, *error));
  fmt::print("{}", context.json ? "{\"stopped\":true}\n" : "nothing runs any more\n");
  return Exit::kExpected;
}

Result<Exit> load(const Context& context, const std::vector<std::string>& words) {
  std::string file;
  Params params;
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (i == 0 && (equals == std::string::npos || words[i].find('/') < equals)) {
      file = words[i];
    } else if (equals == std::string::npos) {
      return failure("'" + words[i] + "' is not key=value", "zltctl load [FILE|installed] [key=value…]");
    } else {
      params.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
    }
  }
  const bool installed = file.empty() || file == kInstalled;
  const Status loaded = installed ? load_installed(context.environment, context.loader, params)
                                  : load_file(context.environment, context.loader, file, params);
  if (!loaded) return tl::unexpected(loaded.error());
  fmt::print("{}", context.json ? "{\"loaded\":true}\n" : "loaded; zltctl list shows what can be run\n");
  return Exit::kExpected;
}

Result<Exit> unload(const Context& context) {
  const Status unloaded = ctl::unload(context.environment, context.loader);
  if (!unloaded) return tl::unexpected(unloaded.error());
  fmt::print("{}", context.json ? "{\"loaded\":false}\n" : "unloaded\n");
  return Exit::kExpected;
}

}  // namespace zlt::ctl
