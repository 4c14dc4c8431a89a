// SPDX-License-Identifier: GPL-2.0-only
//
// What a command is called by its sender; whatever answers it has the same.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace zlt::protocol {

// Nothing (null), a whole number, or a text of at most kLongestName bytes.
struct Id {
  std::variant<std::monostate, std::uint64_t, std::string> value;

  Id() = default;
  Id(std::uint64_t number) : value(number) {}  // NOLINT(google-explicit-constructor): an id is its number
  explicit Id(std::string text) : value(std::move(text)) {}

  [[nodiscard]] bool none() const { return std::holds_alternative<std::monostate>(value); }
  [[nodiscard]] const std::uint64_t* number() const { return std::get_if<std::uint64_t>(&value); }
  bool operator==(const Id&) const = default;
};

}  // namespace zlt::protocol
