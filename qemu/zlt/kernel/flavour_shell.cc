// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/flavour_shell.h"

#include <fmt/format.h>

namespace zlt::run {
namespace {

// In single quotes nothing but a single quote means anything to the shell.
std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      out += "'\\''";
    } else {
      out += letter;
    }
  }
  return out + "'";
}

std::string quoted(const std::vector<std::string>& words) {
  std::string out = "(";
  for (const std::string& word : words) {
    out += (out.size() > 1 ? " " : "") + quoted(word);
  }
  return out + ")";
}

}  // namespace

std::string shell_assignments(const Flavour& flavour) {
  std::string out;
  const auto assign = [&out](const char* name, const auto& value) {
    out += fmt::format("flavour_{}={}\n", name, quoted(value));
  };
  const auto flag = [](bool value) { return std::string(value ? "true" : "false"); };
  assign("name", flavour.name);
  assign("origin", std::string(flavour.origin == Origin::kBuild ? "build" : "debian"));
  assign("series", flavour.series);
  assign("suite", flavour.suite);
  assign("rt", flag(flavour.rt));
  assign("lockdep", flag(flavour.lockdep));
  assign("image", flavour.image);
  assign("source", flavour.build.source);
  assign("base", flavour.build.base);
  assign("is_base", flag(flavour.is_base));
  assign("fragments", flavour.build.fragments);
  assign("patches", flavour.build.patches);
  return out;
}

}  // namespace zlt::run
