// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "userspace/base/nearest.h"
#include "userspace/base/printable.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr size_t kLongestIdentifier = 64;

bool is_plain_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_identifier(const std::string& text) {
  const auto may_follow = [](char c) { return is_plain_letter(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= kLongestIdentifier && is_plain_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

}  // namespace

void TomlReader::complain(unsigned line, const std::string& what, const std::string& hint) {
  if (!error_) {
    error_ = Error{fmt::format("{}:{}: {}", file_.string(), line, what), hint};
  }
}

void TomlReader::complain(const toml::node& node, const std::string& what, const std::string& hint) {
  complain(node.source().begin.line, what, hint);
}

template <typename T>
std::optional<T> TomlReader::value(const toml::table& table, const char* key, const char* wanted) {
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

void TomlReader::allow(const toml::table& table, const std::vector<std::string>& known) {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      complain(key.source().begin.line, fmt::format("unknown key \"{}\"", name),
               "known are " + joined(nearest_first(name, known)));
    }
  }
}

void TomlReader::need(const toml::table& table, const char* key) {
  if (!table.contains(key)) {
    complain(table, fmt::format("\"{}\" is missing", key));
  }
}

std::string TomlReader::text(const toml::table& table, const char* key, std::string fallback) {
  return value<std::string>(table, key, "a string").value_or(std::move(fallback));
}

std::optional<bool> TomlReader::flag(const toml::table& table, const char* key) {
  return value<bool>(table, key, "true or false");
}

std::optional<unsigned> TomlReader::number(const toml::table& table, const char* key, unsigned least, unsigned most) {
  const auto out = value<std::int64_t>(table, key, "a number");
  if (out && (*out < least || *out > most)) {
    complain(*table.get(key), fmt::format("\"{}\" is {}, which is not from {} to {}", key, *out, least, most));
    return std::nullopt;
  }
  return out ? std::optional(static_cast<unsigned>(*out)) : std::nullopt;
}

std::string TomlReader::one_of(const toml::table& table, const char* key, const std::string& fallback,
                               const std::vector<std::string>& known) {
  std::string out = text(table, key, fallback);
  if (table.contains(key) && std::find(known.begin(), known.end(), out) == known.end()) {
    complain(*table.get(key), fmt::format("unknown {} \"{}\"", key, out),
             "known are " + joined(nearest_first(out, known)));
  }
  return out;
}

std::vector<std::string> TomlReader::words(const toml::node& node) {
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

std::vector<std::string> TomlReader::words(const toml::table& table, const char* key) {
  const toml::node* node = table.get(key);
  return node == nullptr ? std::vector<std::string>() : words(*node);
}

std::string TomlReader::identifier(const toml::table& table, const char* key) {
  need(table, key);
  std::string out = text(table, key);
  if (error_ || is_identifier(out)) {
    return out;
  }
  complain(
      *table.get(key), fmt::format("{} = \"{}\" is no name", key, printable(out)),
      fmt::format("letters, digits, '-', '_' and '.', the first a letter or digit, {} at most", kLongestIdentifier));
  return {};
}

std::string TomlReader::name(const toml::table& table) {
  std::string out = identifier(table, "name");
  const std::string wanted = file_.stem().string();
  if (!out.empty() && out != wanted) {
    complain(*table.get("name"), fmt::format("the name is \"{}\" but the file's is \"{}\"", out, wanted));
  }
  return out;
}

const toml::table* TomlReader::section(const toml::table& table, const char* key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return nullptr;
  }
  if (!node->is_table()) {
    complain(*node, fmt::format("\"{}\" must be a table", key));
  }
  return node->as_table();
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& table, const char* key) {
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

Result<std::vector<fs::path>> toml_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> out;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".toml") {
      out.push_back(at->path());
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return file_failure("read", folder, error.value());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace zlt::run
