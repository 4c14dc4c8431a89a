// SPDX-License-Identifier: GPL-2.0-only
//
// One kernel flavour as the runner sees it: qemu/flavours/NAME.toml. What scripts need of it is theirs to read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/report/model.h"

namespace zlt::run {

enum class Origin { kDebian, kBuild };

struct Flavour {
  std::string name;
  std::string summary;
  Origin origin = Origin::kDebian;
  bool rt = false;
  bool lockdep = false;
  std::string form = "bounded";                    // of the cases, where the command line does not say
  std::vector<std::string> cmdline;                // more words for the kernel
  std::string ordering;                            // of its writer, as in module/abi/watch.h; empty: not known
  std::map<std::string, report::Outcomes> expect;  // overrides, by case or pattern; a bug was put back on purpose
};

// Errors name file and line.
[[nodiscard]] Result<Flavour> load_flavour(const std::filesystem::path& file);
// Every *.toml in the folder, by name. One bad file is an error.
[[nodiscard]] Result<std::map<std::string, Flavour>> load_flavours(const std::filesystem::path& folder);
// By name; an unknown one gets an error that names the known ones, the nearest first.
[[nodiscard]] Result<Flavour> find_flavour(const std::map<std::string, Flavour>& flavours, const std::string& name);

}  // namespace zlt::run
