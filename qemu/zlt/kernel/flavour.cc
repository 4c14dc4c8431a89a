// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/flavour.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "module/abi/params.h"
#include "module/abi/watch.h"
#include "qemu/zlt/io/toml_reader.h"
#include "userspace/base/nearest.h"
#include "userspace/report/outcome.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDebian = "debian";
constexpr const char* kBuild = "build";

void read_expectations(TomlReader& reader, const toml::table& table, Flavour& flavour) {
  const toml::table* expect = reader.section(table, "expect");
  if (expect == nullptr) {
    return;
  }
  for (const auto& [key, value] : *expect) {
    const std::vector<std::string> names = reader.words(value);
    for (const std::string& name : names) {
      if (!report::is_outcome(name)) {
        reader.complain(key.source().begin.line, fmt::format("unknown outcome \"{}\"", name),
                        report::known_outcomes(name));
      }
    }
    flavour.expect[std::string(key.str())] = report::outcomes_from(names);
  }
}

void read_debian(TomlReader& reader, const toml::table& table, Flavour& flavour) {
  reader.need(table, kDebian);
  if (const toml::table* debian = reader.section(table, kDebian)) {
    reader.allow(*debian, {"image"});
    reader.need(*debian, "image");
    flavour.image = reader.text(*debian, "image");
  }
}

void read_build(TomlReader& reader, const toml::table& table, Flavour& flavour) {
  reader.need(table, kBuild);
  const toml::table* build = reader.section(table, kBuild);
  if (build == nullptr) {
    return;
  }
  reader.allow(*build, {"source", "base", "fragments", "patches"});
  flavour.build.source = reader.text(*build, "source");
  flavour.build.base = reader.text(*build, "base");
  flavour.build.fragments = reader.words(*build, "fragments");
  flavour.build.patches = reader.words(*build, "patches");
  if (flavour.build.source.empty() == flavour.build.base.empty()) {
    reader.complain(*build, "[build] says either source or base");
  }
}

Flavour read_flavour(TomlReader& reader, const toml::table& table) {
  Flavour out;
  out.file = reader.file();
  const std::string origin = reader.one_of(table, "origin", "", {kDebian, kBuild});
  reader.allow(table, {"name", "summary", "origin", "series", "suite", "rt", "lockdep", "form", "cmdline", "ordering",
                       "expect", origin == kBuild ? kBuild : kDebian});
  out.name = reader.name(table);
  for (const char* key : {"summary", "origin", "series"}) {
    reader.need(table, key);
  }
  out.summary = reader.text(table, "summary");
  out.origin = origin == kBuild ? Origin::kBuild : Origin::kDebian;
  out.series = reader.text(table, "series");
  out.suite = reader.text(table, "suite");
  out.rt = reader.flag(table, "rt").value_or(false);
  out.lockdep = reader.flag(table, "lockdep").value_or(false);
  out.form = reader.one_of(table, "form", out.lockdep ? abi::kFormFaithful : abi::kFormBounded,
                           {abi::kFormBounded, abi::kFormFaithful});
  out.cmdline = reader.words(table, "cmdline");
  out.ordering = reader.one_of(table, "ordering", "", {std::begin(abi::kOrderingNames), std::end(abi::kOrderingNames)});
  if (out.origin == Origin::kBuild) {
    read_build(reader, table, out);
  } else {
    read_debian(reader, table, out);
  }
  read_expectations(reader, table, out);
  return out;
}

tl::unexpected<Error> bad_base(const Flavour& flavour, const std::string& why) {
  return failure(fmt::format("{}: base \"{}\" {}", flavour.file.string(), flavour.build.base, why));
}

// Adds what the base gives: its objects are good for the flavour only where nothing but the configuration and patches
// of the flavour's own differ.
Status take_from_base(std::map<std::string, Flavour>& flavours, Flavour& flavour) {
  const auto found = flavours.find(flavour.build.base);
  if (found == flavours.end()) {
    return bad_base(flavour, "is no flavour");
  }
  Flavour& base = found->second;
  if (base.origin != Origin::kBuild || !base.build.base.empty()) {
    return bad_base(flavour, "must be a built flavour without a base of its own");
  }
  if (!base.build.patches.empty()) {
    return bad_base(flavour, "has patches, so its objects are good for nothing else");
  }
  base.is_base = true;
  flavour.build.source = base.build.source;
  flavour.build.fragments.insert(flavour.build.fragments.begin(), base.build.fragments.begin(),
                                 base.build.fragments.end());
  return {};
}

}  // namespace

Result<Flavour> load_flavour(const fs::path& file) {
  // The name becomes part of paths and of shell words.
  const std::string name = file.stem().string();
  const auto good = [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '.' || letter == '_' || letter == '-';
  };
  if (!std::all_of(name.begin(), name.end(), good) || std::isalnum(static_cast<unsigned char>(name.front())) == 0) {
    return failure(fmt::format("{}: \"{}\" is no flavour's name", file.string(), name),
                   "letters, digits and . _ - make one");
  }
  return read_toml<Flavour>(file, read_flavour);
}

Result<std::map<std::string, Flavour>> load_flavours(const fs::path& folder) {
  Result<std::vector<Flavour>> all = load_folder<Flavour>(folder, load_flavour);
  if (!all) {
    return tl::unexpected(all.error());
  }
  std::map<std::string, Flavour> out;
  for (Flavour& flavour : *all) {
    const std::string name = flavour.name;
    out[name] = std::move(flavour);
  }
  if (out.empty()) {
    return failure("no flavours in " + folder.string(), "install zltorture whole, or say --data DIR");
  }
  for (auto& [name, flavour] : out) {
    if (!flavour.build.base.empty()) {
      const Status taken = take_from_base(out, flavour);
      if (!taken) {
        return tl::unexpected(taken.error());
      }
    }
  }
  return out;
}

Result<Flavour> find_flavour(const std::map<std::string, Flavour>& flavours, const std::string& name) {
  const auto found = flavours.find(name);
  if (found != flavours.end()) {
    return found->second;
  }
  std::vector<std::string> known;
  known.reserve(flavours.size());
  for (const auto& [other, flavour] : flavours) {
    known.push_back(other);
  }
  return bad_input(fmt::format("unknown flavour \"{}\"", name), "known are " + joined(nearest_first(name, known)));
}

}  // namespace zlt::run
