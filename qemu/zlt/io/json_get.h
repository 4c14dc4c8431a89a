// SPDX-License-Identifier: GPL-2.0-only
//
// Members of JSON that somebody else wrote: a missing one, or one of another type, gives the fallback, never a throw.
#pragma once

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace zlt::run {

using Json = nlohmann::json;

[[nodiscard]] inline const Json& member(const Json& object, const char* key) {
  static const Json null;
  if (!object.is_object()) {
    return null;
  }
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}
// Of an object about to go: a copy that stays.
[[nodiscard]] inline Json member(Json&& object, const char* key) {
  const Json& kept = object;
  return member(kept, key);
}

[[nodiscard]] inline std::string get_string(const Json& object, const char* key, std::string fallback = {}) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::move(fallback);
}

// Also from a string of digits: 64-bit numbers travel so.
[[nodiscard]] inline std::uint64_t get_number(const Json& object, const char* key, std::uint64_t fallback = 0) {
  const Json& value = member(object, key);
  if (value.is_number_unsigned()) {
    return value.get<std::uint64_t>();
  }
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : fallback;
  }
  return fallback;
}

[[nodiscard]] inline bool get_bool(const Json& object, const char* key, bool fallback = false) {
  const Json& value = member(object, key);
  if (value.is_number_integer()) {
    return value.get<std::int64_t>() != 0;
  }
  return value.is_boolean() ? value.get<bool>() : fallback;
}

[[nodiscard]] inline std::vector<std::string> get_strings(const Json& object, const char* key) {
  std::vector<std::string> out;
  const Json& value = member(object, key);
  if (value.is_array()) {
    for (const Json& element : value) {
      if (element.is_string()) {
        out.push_back(element.get<std::string>());
      }
    }
  }
  return out;
}

}  // namespace zlt::run
