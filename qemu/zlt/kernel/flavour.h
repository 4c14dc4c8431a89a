// SPDX-License-Identifier: GPL-2.0-only
//
// One kernel flavour, qemu/flavours/NAME.toml (docs/kernels.md). Nobody else reads these files: the scripts ask
// zlt-flavour.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/report/model.h"

namespace zlt::run {

enum class Origin { kDebian, kBuild };

// How a kernel is built from a Debian source package.
struct KernelBuild {
  std::string source;                  // the package
  std::string base;                    // flavour whose source, fragments and objects it starts from; may be empty
  std::vector<std::string> fragments;  // of the configuration, the base's first
  std::vector<std::string> patches;
};

struct Flavour {
  std::filesystem::path file;
  std::string name;
  std::string summary;
  Origin origin = Origin::kDebian;
  std::string series;  // the version the package must hold
  std::string suite;   // Debian's release that has it, by code name; empty: the machine's own
  bool rt = false;
  bool lockdep = false;
  std::string form = "bounded";                    // of the cases, where the command line does not say
  std::vector<std::string> cmdline;                // more words for the kernel
  std::string ordering;                            // of its writer, as in module/abi/watch.h; empty: not known
  std::string image;                               // origin Debian: the meta package
  KernelBuild build;                               // origin build
  bool is_base = false;                            // others are built from its objects
  std::map<std::string, report::Outcomes> expect;  // overrides, by case or pattern; a bug was put back on purpose
};

// One file by itself: what a base gives it is not in it. Errors name file and line.
[[nodiscard]] Result<Flavour> load_flavour(const std::filesystem::path& file);
// Every *.toml in the folder, by name, each with what its base gives it. One bad file is an error.
[[nodiscard]] Result<std::map<std::string, Flavour>> load_flavours(const std::filesystem::path& folder);
// By name; an unknown one gets an error that names the known ones, the nearest first.
[[nodiscard]] Result<Flavour> find_flavour(const std::map<std::string, Flavour>& flavours, const std::string& name);

}  // namespace zlt::run
