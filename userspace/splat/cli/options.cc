// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/options.h"

#include <CLI/CLI.hpp>
#include <set>

#include "userspace/splat/kinds.h"

namespace zlt::splat {
namespace {

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

}  // namespace

Parsed parse_options(int argc, char** argv) {
  Parsed parsed;
  Options& options = parsed.options;
  CLI::App app{"Finds the reports in kernel logs and says what they are."};
  app.add_option("FILE", options.files, "kernel logs, - for standard input (the default)");
  app.add_flag("--json", options.json, "one record a line, as JSON");
  app.add_flag("--first", options.first, "stop at the first report");
  app.add_option("--kind", options.kinds, "only these kinds or families")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [](const std::string& name) {
            return known_kinds().contains(name) ? std::string{} : "no kind " + name + "; --kinds lists them";
          },
          "KIND"));
  app.add_flag("--dedup", options.dedup, "each bug once, with how often it was seen at the end");
  app.add_flag("--notes", options.notes, "also what is no report but worth knowing");
  app.add_option("--context", options.context, "print the report's lines and this many around them");
  app.add_flag("--explain", options.explain,
               "say for each report why it is that kind, which lines it took, what was undone");
  app.add_option("--symbols", options.symbols, "vmlinux or a module's .ko: offsets become file:line; System.map: names")
      ->allow_extra_args(false);
  app.add_flag("-f,--follow", options.follow, "wait for more at the end of the file");
  app.add_option("--color", options.color, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--kinds", options.list_kinds, "list the kinds and exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    parsed.status = app.exit(error) == 0 ? 0 : 2;
    return parsed;
  }
  if (options.files.empty()) options.files.emplace_back("-");
  if (options.follow && options.files.size() != 1) {
    std::cerr << app.get_name() << ": --follow takes one file\n";
    parsed.status = 2;
  }
  return parsed;
}

}  // namespace zlt::splat
