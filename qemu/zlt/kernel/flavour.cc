// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/flavour.h"

#include <fmt/format.h>

#include "module/abi/params.h"
#include "module/abi/watch.h"
#include "qemu/zlt/io/toml_reader.h"
#include "userspace/base/nearest.h"
#include "userspace/report/outcome.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

void read_expectations(TomlReader& reader, const toml::table& table, Flavour& flavour) {
  const toml::node* node = table.get("expect");
  if (node == nullptr) {
    return;
  }
  const toml::table* expect = node->as_table();
  if (expect == nullptr) {
    reader.complain(*node, "\"expect\" must be a table");
    return;
  }
  for (const auto& [key, value] : *expect) {
    const std::vector<std::string> names = reader.words(value);
    for (const std::string& name : names) {
      if (!report::is_outcome(name)) {
        reader.complain(key.source().begin.line, fmt::format("unknown outcome \"{}\"", name), report::known_outcomes());
      }
    }
    flavour.expect[std::string(key.str())] = report::outcomes_from(names);
  }
}

Flavour read_flavour(TomlReader& reader, const toml::table& table) {
  Flavour out;
  out.name = reader.name(table);
  out.summary = reader.text(table, "summary");
  reader.need(table, "origin");
  const std::string origin = reader.one_of(table, "origin", "", {"debian", "build"});
  out.origin = origin == "build" ? Origin::kBuild : Origin::kDebian;
  out.rt = reader.flag(table, "rt").value_or(false);
  out.lockdep = reader.flag(table, "lockdep").value_or(false);
  out.form = reader.one_of(table, "form", out.lockdep ? abi::kFormFaithful : abi::kFormBounded,
                           {abi::kFormBounded, abi::kFormFaithful});
  if (const toml::node* cmdline = table.get("cmdline")) {
    out.cmdline = reader.words(*cmdline);
  }
  out.ordering = reader.one_of(table, "ordering", "", {std::begin(abi::kOrderingNames), std::end(abi::kOrderingNames)});
  read_expectations(reader, table, out);
  return out;
}

}  // namespace

Result<Flavour> load_flavour(const fs::path& file) {
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
