// SPDX-License-Identifier: GPL-2.0-only
//
// Files that people write as TOML: values by name, and for the first thing that is wrong one line with file, line, and
// what would be right.
#pragma once

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/base/nearest.h"
#include "userspace/base/result.h"

namespace zlt::run {

class TomlReader {
 public:
  explicit TomlReader(std::filesystem::path file) : file_(std::move(file)) {}

  // "FILE:LINE: what; hint". Only the first is kept.
  void complain(unsigned line, const std::string& what, const std::string& hint = {}) {
    if (!error_) {
      error_ = Error{fmt::format("{}:{}: {}", file_.string(), line, what), hint};
    }
  }
  void complain(const toml::node& node, const std::string& what, const std::string& hint = {}) {
    complain(node.source().begin.line, what, hint);
  }

  // Every key must be one of these.
  void allow(const toml::table& table, const std::vector<std::string>& known) {
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        complain(key.source().begin.line, fmt::format("unknown key \"{}\"", name),
                 "known are " + joined(nearest_first(name, known)));
      }
    }
  }
  void need(const toml::table& table, const char* key) {
    if (!table.contains(key)) {
      complain(table, fmt::format("\"{}\" is missing", key));
    }
  }
  std::string text(const toml::table& table, const char* key, std::string fallback = {}) {
    return value<std::string>(table, key, "a string").value_or(std::move(fallback));
  }
  std::optional<bool> flag(const toml::table& table, const char* key) {
    return value<bool>(table, key, "true or false");
  }
  // From `least` to `most`.
  std::optional<unsigned> number(const toml::table& table, const char* key, unsigned least, unsigned most) {
    const auto out = value<std::int64_t>(table, key, "a number");
    if (out && (*out < least || *out > most)) {
      complain(*table.get(key), fmt::format("\"{}\" is {}, which is not from {} to {}", key, *out, least, most));
      return std::nullopt;
    }
    return out ? std::optional(static_cast<unsigned>(*out)) : std::nullopt;
  }
  std::string one_of(const toml::table& table, const char* key, const std::string& fallback,
                     const std::vector<std::string>& known) {
    std::string out = text(table, key, fallback);
    if (table.contains(key) && std::find(known.begin(), known.end(), out) == known.end()) {
      complain(*table.get(key), fmt::format("unknown {} \"{}\"", key, out),
               "known are " + joined(nearest_first(out, known)));
    }
    return out;
  }
  // A string, or a list of strings.
  std::vector<std::string> words(const toml::node& node) {
    std::vector<std::string> out;
    if (const auto one = node.value<std::string>()) {
      out.push_back(*one);
    } else if (const toml::array* many = node.as_array()) {
      for (const toml::node& element : *many) {
        const auto word = element.value<std::string>();
        if (!word) {
          complain(element, "a string is wanted here");
        }
        out.push_back(word.value_or(""));
      }
    } else {
      complain(node, "a string or a list of strings is wanted here");
    }
    return out;
  }
  // The table's "name", which is the file's as well.
  std::string name(const toml::table& table) {
    need(table, "name");
    std::string out = text(table, "name");
    const std::string wanted = file_.stem().string();
    if (!out.empty() && out != wanted) {
      complain(*table.get("name"), fmt::format("the name is \"{}\" but the file's is \"{}\"", out, wanted));
    }
    return out;
  }
  // The tables of an array of tables; an empty list where there is none.
  std::vector<const toml::table*> tables(const toml::table& table, const char* key) {
    std::vector<const toml::table*> out;
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return out;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      complain(*node, fmt::format("\"{0}\" is a list of tables: [[{0}]]", key));
      return out;
    }
    for (const toml::node& element : *array) {
      if (const toml::table* each = element.as_table()) {
        out.push_back(each);
      } else {
        complain(element, fmt::format("\"{0}\" is a list of tables: [[{0}]]", key));
      }
    }
    return out;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  template <typename T>
  std::optional<T> value(const toml::table& table, const char* key, const char* wanted) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return std::nullopt;
    }
    std::optional<T> out = node->value_exact<T>();
    if (!out) {
      complain(*node, fmt::format("\"{}\" must be {}", key, wanted));
    }
    return out;
  }

  std::filesystem::path file_;
  std::optional<Error> error_;
};

// Reads the file and has `read(reader, table)` make a T of it.
template <typename T, typename Read>
[[nodiscard]] Result<T> read_toml(const std::filesystem::path& file, Read read) {
  try {
    const toml::table table = toml::parse_file(file.string());
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
[[nodiscard]] inline std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> out;
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") {
      out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// What `load` makes of each of them. One bad file is an error.
template <typename T>
[[nodiscard]] Result<std::vector<T>> load_folder(const std::filesystem::path& folder,
                                                 Result<T> (*load)(const std::filesystem::path& file)) {
  std::vector<T> out;
  for (const std::filesystem::path& file : toml_files(folder)) {
    Result<T> each = load(file);
    if (!each) {
      return tl::unexpected(each.error());
    }
    out.push_back(std::move(*each));
  }
  return out;
}

}  // namespace zlt::run
