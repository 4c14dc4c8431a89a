// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/options.h"

#include <limits>
#include <set>

#include "userspace/base/command_line.h"
#include "userspace/splat/kinds.h"

namespace zlt::splat {
namespace {

constexpr const char* kName = "zlt splat";

std::set<std::string> known_kinds() {
  std::set<std::string> names{"reboot"};
  for (const auto& family : all_kinds()) {
    for (const Kind& kind : family) {
      names.emplace(kind.slug);
      names.emplace(kind.family);
    }
  }
  return names;
}

std::string kind_complaint(const std::string& name) {
  const std::set<std::string> known = known_kinds();
  return known.contains(name)
             ? ""
             : "no kind " + quote(name) + "; the nearest is " +
                   nearest_first(name, {known.begin(), known.end()}).front() + ", and --kinds lists them";
}

}  // namespace

Parsed parse_options(int argc, char** argv) {
  Parsed parsed;
  Options& options = parsed.options;
  CLI::App app("Finds the reports in kernel logs and says what they are.", kName);
  app.add_option("FILE", options.files, "kernel logs, - for standard input (the default)");
  app.add_flag("--json", options.json, "one record a line, as JSON");
  app.add_flag("--first", options.first, "stop at the first report");
  app.add_option("--kind", options.kinds, "only these kinds or families")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Validator(kind_complaint, "KIND"));
  app.add_flag("--dedup", options.dedup, "each bug once, with how often it was seen at the end");
  app.add_flag("--notes", options.notes, "also what is no report but worth knowing");
  app.add_option("--context", options.context, "print the report's lines and this many around them")
      ->transform(whole_number(0, std::numeric_limits<unsigned>::max()));
  app.add_flag("--explain", options.explain,
               "say for each report why it is that kind, which lines it took, what was undone");
  app.add_option("--symbols", options.symbols, "vmlinux or a module's .ko: offsets become file:line; System.map: names")
      ->allow_extra_args(false);
  app.add_flag("-f,--follow", options.follow, "wait for more at the end of the file");
  app.add_option("--color", options.color, "auto, always or never")->check(one_of({"auto", "always", "never"}));
  app.add_flag("--kinds", options.list_kinds, "list the kinds and exit");
  const auto complain = [](const Error& error) { std::fputs((kName + (": " + error.line() + "\n")).c_str(), stderr); };
  parsed.status = parse_command_line(app, argc, argv, complain);
  if (parsed.status) return parsed;
  if (options.files.empty()) options.files.emplace_back("-");
  if (options.follow && options.files.size() != 1) {
    complain({"--follow takes one file", {}});
    parsed.status = 2;
  }
  return parsed;
}

}  // namespace zlt::splat
