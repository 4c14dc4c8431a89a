// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/printable.h"

#include <cstdio>

namespace zlt {
namespace {

constexpr unsigned kContinuationBits = 6;
constexpr char32_t kContinuationMask = 0x3f;
constexpr char32_t kLastCode = 0x10ffff;

struct Range {
  char32_t first;
  char32_t last;
};

// UAX #9: the marks that embed, override and isolate. U+2028 and U+2029 end lines in some viewers.
constexpr Range kControls[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200e, 0x200f},
                               {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}};
constexpr Range kCombining[] = {{0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
                                {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
// UAX #11, wide and full width, by blocks.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},  {0xac00, 0xd7a3},
                           {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
                           {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

template <size_t N>
bool in(const Range (&ranges)[N], char32_t code) {
  for (const Range& range : ranges) {
    if (range.first <= code && code <= range.last) return true;
  }
  return false;
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

std::string escaped(const Character& character) {
  switch (character.code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto code = static_cast<unsigned>(character.code);
  return formatted(code < 0x80 || !character.valid ? "\\x%02x" : "\\u%04x", code);
}

size_t columns(const Character& character) {
  if (in(kCombining, character.code)) return 0;
  return in(kWide, character.code) ? 2 : 1;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {lead, 1, false};
  char32_t code = lead & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {lead, 1, false};
    code = (code << kContinuationBits) | (byte(i) & kContinuationMask);
  }
  const bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (too_long || surrogate || code > kLastCode) return {lead, 1, false};
  return {code, length, true};
}

bool is_control(char32_t code) {
  return in(kControls, code);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.valid || is_control(next.code)) {
      out += escaped(next);
    } else {
      out += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::string quote(std::string_view text, size_t longest) {
  // A character has four bytes at most: what is not looked at would be cut off anyway.
  std::string out = "\"";
  out += cut_to(printable(text.substr(0, 4 * longest + 4)), longest);
  out += '"';
  return out;
}

std::string printable_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const Character next = first_character(json);
    if (next.valid && next.code >= 0x7f && is_control(next.code)) {
      out += formatted("\\u%04x", static_cast<unsigned>(next.code));
    } else {
      out += json.substr(0, next.bytes);
    }
    json.remove_prefix(next.bytes);
  }
  return out;
}

size_t width_of(std::string_view text) {
  size_t out = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    out += columns(next);
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::string cut_to(std::string_view text, size_t width) {
  if (width_of(text) <= width) return std::string(text);
  if (width == 0) return {};
  size_t used = 0;
  size_t end = 0;
  while (end < text.size()) {
    const Character next = first_character(text.substr(end));
    if (used + columns(next) > width - 1) break;
    used += columns(next);
    end += next.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace zlt
