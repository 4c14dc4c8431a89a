// SPDX-License-Identifier: GPL-2.0-only
//
// Files that people write as TOML: values by name, and for the first thing that is wrong one line with file, line, and
// what would be right.
#pragma once

#include <fmt/format.h>

#include <toml++/toml.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/base/files.h"
#include "userspace/base/result.h"

namespace zlt::run {

class TomlReader {
 public:
  explicit TomlReader(std::filesystem::path file) : file_(std::move(file)) {}

  // "FILE:LINE: what; hint". Only the first is kept.
  void complain(unsigned line, const std::string& what, const std::string& hint = {});
  void complain(const toml::node& node, const std::string& what, const std::string& hint = {});

  // Every key must be one of these.
  void allow(const toml::table& table, const std::vector<std::string>& known);
  void need(const toml::table& table, const char* key);
  std::string text(const toml::table& table, const char* key, std::string fallback = {});
  std::optional<bool> flag(const toml::table& table, const char* key);
  // From `least` to `most`.
  std::optional<unsigned> number(const toml::table& table, const char* key, unsigned least, unsigned most);
  std::string one_of(const toml::table& table, const char* key, const std::string& fallback,
                     const std::vector<std::string>& known);
  // A string, or a list of strings.
  std::vector<std::string> words(const toml::node& node);
  // The same of a key, which may be absent.
  std::vector<std::string> words(const toml::table& table, const char* key);
  // A name of a thing: a letter or digit, then letters, digits, '-', '_' and '.', 64 in all at most. It becomes part of
  // folders, of QEMU's options and of the table. Needed.
  std::string identifier(const toml::table& table, const char* key);
  // The table's "name", an identifier, which is the file's as well.
  std::string name(const toml::table& table);
  // A table in the table; none where there is no such key.
  const toml::table* section(const toml::table& table, const char* key);
  // The tables of an array of tables; an empty list where there is none.
  std::vector<const toml::table*> tables(const toml::table& table, const char* key);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  template <typename T>
  std::optional<T> value(const toml::table& table, const char* key, const char* wanted);

  std::filesystem::path file_;
  std::optional<Error> error_;
};

// Reads the file and has `read(reader, table)` make a T of it.
template <typename T, typename Read>
[[nodiscard]] Result<T> read_toml(const std::filesystem::path& file, Read read) {
  const Result<std::string> text = read_plain_file(file);
  if (!text) {
    return tl::unexpected(text.error());
  }
  try {
    const toml::table table = toml::parse(*text, file.string());
    TomlReader reader(file);
    T out = read(reader, table);
    if (reader.error()) {
      return tl::unexpected(*reader.error());
    }
    return out;
  } catch (const toml::parse_error& error) {
    return bad_input(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
}

// Every *.toml of a folder, in the order of their names; none where there is no such folder.
[[nodiscard]] Result<std::vector<std::filesystem::path>> toml_files(const std::filesystem::path& folder);

// What `load` makes of each of them. One bad file is an error.
template <typename T>
[[nodiscard]] Result<std::vector<T>> load_folder(const std::filesystem::path& folder,
                                                 Result<T> (*load)(const std::filesystem::path& file)) {
  const Result<std::vector<std::filesystem::path>> files = toml_files(folder);
  if (!files) {
    return tl::unexpected(files.error());
  }
  std::vector<T> out;
  for (const std::filesystem::path& file : *files) {
    Result<T> each = load(file);
    if (!each) {
      return tl::unexpected(each.error());
    }
    out.push_back(std::move(*each));
  }
  return out;
}

}  // namespace zlt::run
