// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace zlt::splat {

struct Options {
  std::vector<std::string> files;  // "-": standard input
  std::vector<std::string> kinds;  // slugs or families; empty: all
  std::vector<std::string> symbols;
  bool json = false;
  bool first = false;
  bool dedup = false;
  bool notes = false;
  bool follow = false;
  bool list_kinds = false;
  bool explain = false;
  std::optional<unsigned> context;  // lines of the log around each report
  std::string color = "auto";
};

// Reads the command line. An exit status instead of options when there is nothing to do: help, or bad usage.
struct Parsed {
  Options options;
  std::optional<int> status;
};
[[nodiscard]] Parsed parse_options(int argc, char** argv);

}  // namespace zlt::splat
