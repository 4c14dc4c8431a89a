// SPDX-License-Identifier: GPL-2.0-only
//
// Small readers of text. None of them throws or allocates.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace zlt::splat {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

inline bool contains(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

inline bool is_month(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                                     "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
  for (const auto& month : kMonths) {
    if (text.starts_with(month)) return true;
  }
  return false;
}

inline std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The leading decimal digits as a number, 0 without; stops before it would overflow.
inline int64_t to_number(std::string_view text) {
  int64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c) || value > INT64_MAX / 10 - 9) break;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The same for hexadecimal, with or without 0x.
inline uint64_t to_hex(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  uint64_t value = 0;
  for (const char c : text) {
    if (!is_hex(c) || value >> 60 != 0) break;
    value = value << 4 | static_cast<uint64_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// What follows `key` in `text`; false if it is not there.
inline bool after(std::string_view text, std::string_view key, std::string_view& rest) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) return false;
  rest = text.substr(at + key.size());
  return true;
}

// The number behind `key`, or `fallback`.
inline int64_t number_after(std::string_view text, std::string_view key, int64_t fallback) {
  std::string_view rest;
  if (!after(text, key, rest)) return fallback;
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return !rest.empty() && is_digit(rest.front()) ? to_number(rest) : fallback;
}

// What stands between `open` and the next `close` behind it; empty if not both are there.
inline std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  std::string_view rest;
  if (!after(text, open, rest)) return {};
  const size_t end = rest.find(close);
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

}  // namespace zlt::splat
