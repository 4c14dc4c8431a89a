// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/undo.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "userspace/splat/controls.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kLongestTag = 512;

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr auto kEntities = std::to_array<Entity>({{"lt", "<"},
                                                  {"gt", ">"},
                                                  {"amp", "&"},
                                                  {"quot", "\""},
                                                  {"apos", "'"},
                                                  {"nbsp", " "},
                                                  {"ndash", "\xe2\x80\x93"},
                                                  {"mdash", "\xe2\x80\x94"},
                                                  {"hellip", "..."},
                                                  {"lsquo", "'"},
                                                  {"rsquo", "'"},
                                                  {"ldquo", "\""},
                                                  {"rdquo", "\""},
                                                  {"minus", "-"},
                                                  {"shy", ""},
                                                  {"lbrack", "["},
                                                  {"rbrack", "]"},
                                                  {"lowbar", "_"},
                                                  {"plus", "+"},
                                                  {"num", "#"},
                                                  {"Tab", "\t"}});

void put_utf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

// The entity at the start of `text`: its length, 0 if it is none.
size_t entity(std::string_view text, std::string& out) {
  const size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 3) return 0;
  const std::string_view name = text.substr(1, end - 1);
  if (name[0] == '#') {
    const bool hex = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hex ? 2 : 1);
    if (digits.empty() || digits.size() > 6) return 0;
    for (const char c : digits) {
      if (hex ? !is_hex(c) : !is_digit(c)) return 0;
    }
    const uint64_t code = hex ? to_hex(digits) : static_cast<uint64_t>(to_number(digits));
    if (code == 0xa0) {
      out.push_back(' ');
    } else if (code >= 0x20 && (code < 0x7f || code > 0xa0) && (code < 0xd800 || code > 0xdfff)) {
      put_utf8(static_cast<uint32_t>(code), out);
    }
    return end + 1;
  }
  for (const Entity& known : kEntities) {
    if (name != known.name) continue;
    out += known.text;
    return end + 1;
  }
  return 0;
}

// The tag at the start of `text`: its length, 0 if it is none. The kernel's own, <TASK> and its likes, are none.
size_t tag(std::string_view text, bool& breaks) {
  constexpr auto kBreaking = std::to_array<std::string_view>(
      {"br", "p", "div", "tr", "li", "pre", "table", "body", "html", "head", "ul", "ol", "h1", "h2", "h3", "h4"});
  constexpr auto kOthers = std::to_array<std::string_view>(
      {"code",   "span", "td",         "th",   "tbody", "thead", "b",       "i",      "em",
       "strong", "a",    "blockquote", "font", "tt",    "samp",  "small",   "center", "u",
       "s",      "hr",   "kbd",        "mark", "wbr",   "font",  "details", "summary"});
  size_t at = 1;
  const bool closes = at < text.size() && text[at] == '/';
  if (closes) ++at;
  const size_t begin = at;
  while (at < text.size() && at - begin < 12 && ((text[at] >= 'a' && text[at] <= 'z') || is_digit(text[at]))) ++at;
  const std::string_view name = text.substr(begin, at - begin);
  const bool breaking = std::find(kBreaking.begin(), kBreaking.end(), name) != kBreaking.end();
  if (!breaking && std::find(kOthers.begin(), kOthers.end(), name) == kOthers.end()) return 0;
  if (at >= text.size() || (text[at] != '>' && text[at] != ' ' && text[at] != '/')) return 0;
  const size_t end = text.substr(0, kLongestTag).find('>', at);
  if (end == std::string_view::npos) return 0;
  breaks = breaking && (closes || name == "br");
  return end + 1;
}

bool decode_html(std::string_view line, std::string& out) {
  bool changed = false;
  // A raw "->" or "&a->b" would not be there if entities had been made of them.
  bool escaped = true;
  for (size_t at = line.find("->"); at != std::string_view::npos && escaped; at = line.find("->", at + 1)) {
    escaped = at > 0 && line[at - 1] == '-' && line[at + 1] == '>' && at >= 3 && line.substr(at - 3, 3) == "<!-";
  }
  for (size_t i = 0; i < line.size();) {
    size_t length = 0;
    bool breaks = false;
    if (line[i] == '&' && escaped) {
      length = entity(line.substr(i), out);
    } else if (line[i] == '<') {
      length = tag(line.substr(i), breaks);
    }
    if (length == 0) {
      out.push_back(line[i++]);
      continue;
    }
    changed = true;
    i += length;
    if (breaks) out.push_back('\n');
  }
  return changed;
}

struct Glyph {
  std::string_view character;
  std::string_view text;
};
constexpr auto kGlyphs = std::to_array<Glyph>({
    {"\xc2\xa0", " "},      {"\xc2\xad", ""},       {"\xe2\x80\x80", " "},  {"\xe2\x80\x81", " "},
    {"\xe2\x80\x82", " "},  {"\xe2\x80\x83", " "},  {"\xe2\x80\x84", " "},  {"\xe2\x80\x85", " "},
    {"\xe2\x80\x86", " "},  {"\xe2\x80\x87", " "},  {"\xe2\x80\x88", " "},  {"\xe2\x80\x89", " "},
    {"\xe2\x80\x8a", " "},  {"\xe2\x80\x8b", ""},   {"\xe2\x80\x8c", ""},   {"\xe2\x80\x8d", ""},
    {"\xe2\x80\x8e", ""},   {"\xe2\x80\x8f", ""},   {"\xe2\x80\x90", "-"},  {"\xe2\x80\x91", "-"},
    {"\xe2\x80\x92", "-"},  {"\xe2\x80\x95", "-"},  {"\xe2\x88\x92", "-"},  {"\xe2\x80\x98", "'"},
    {"\xe2\x80\x99", "'"},  {"\xe2\x80\x9a", "'"},  {"\xe2\x80\x9b", "'"},  {"\xe2\x80\x9c", "\""},
    {"\xe2\x80\x9d", "\""}, {"\xe2\x80\x9e", "\""}, {"\xe2\x80\x9f", "\""}, {"\xe2\x80\xa6", "..."},
    {"\xe2\x80\xaf", " "},  {"\xe2\x81\xa0", ""},   {"\xe2\x86\x92", "->"}, {"\xe3\x80\x80", " "},
    {"\xef\xbb\xbf", ""},   {"\xef\xbc\x9a", ":"},  {"\xe2\x9f\xb6", "->"}, {"\xe2\x80\xb2", "'"},
});

// An en or an em dash stands for one, two or three hyphens: which, its neighbours say.
std::string_view dash(std::string_view before, std::string_view behind, bool longer) {
  if (behind.starts_with("[ end")) return "---";
  if (behind.starts_with('>')) {
    return before.empty() || trim(before).empty() ? "-" : "--";
  }
  if (behind.starts_with(" SError")) return "--";
  if (longer && !before.empty() && before.back() == '-') return "--";
  return "-";
}

// Windows' own characters, where a text is not UTF-8.
std::string_view windows(unsigned char byte) {
  switch (byte) {
    case 0x85:
      return "...";
    case 0x91:
    case 0x92:
      return "'";
    case 0x93:
    case 0x94:
      return "\"";
    case 0x96:
    case 0x97:
      return "-";
    case 0xa0:
      return " ";
    default:
      return {};
  }
}

}  // namespace

bool undo_html(std::string_view line, std::string& out) {
  out.clear();
  if (!decode_html(line, out)) return false;
  // Escaped twice, as by a page that shows another page's source.
  std::string again;
  if (out.find('&') != std::string::npos && decode_html(out, again)) out = std::move(again);
  return true;
}

bool undo_typography(std::string_view line, std::string& out) {
  out.clear();
  bool changed = false;
  for (size_t i = 0; i < line.size();) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte < 0x80) {
      out.push_back(line[i++]);
      continue;
    }
    const size_t length = utf8_length(line.substr(i));
    if (length == 0) {
      const std::string_view text = windows(byte);
      changed = changed || !text.empty();
      if (text.empty()) {
        out.push_back(line[i]);
      } else {
        out += text;
      }
      ++i;
      continue;
    }
    const std::string_view character = line.substr(i, length);
    i += length;
    if (character == "\xe2\x80\x93" || character == "\xe2\x80\x94") {
      out += dash(out, line.substr(i), character == "\xe2\x80\x94");
      changed = true;
      continue;
    }
    const auto* known =
        std::find_if(kGlyphs.begin(), kGlyphs.end(), [&](const Glyph& glyph) { return glyph.character == character; });
    changed = changed || known != kGlyphs.end();
    out += known != kGlyphs.end() ? known->text : character;
  }
  return changed;
}

bool QuotedPrintable::is_encoded(std::string_view line) {
  constexpr size_t kLongestLine = 80;
  const auto is_code = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); };
  if (state_ == State::kPlain) return false;
  for (size_t at = line.find('='); at != std::string_view::npos; at = line.find('=', at + 1)) {
    const std::string_view rest = line.substr(at + 1);
    if (rest.empty()) {
      if (line.size() > kLongestLine) state_ = State::kPlain;
      if (state_ != State::kPlain) state_ = State::kEncoded;
      return state_ == State::kEncoded;
    }
    if (rest.size() < 2 || !is_code(rest[0]) || !is_code(rest[1])) {
      state_ = State::kPlain;
      return false;
    }
    const std::string_view code = rest.substr(0, 2);
    const bool last = rest.size() == 2;
    const bool high = rest[0] >= '8' && rest.size() >= 5 && rest[2] == '=';
    if (code == "3D" || (last && (code == "20" || code == "09")) || high) state_ = State::kEncoded;
  }
  return state_ == State::kEncoded;
}

bool QuotedPrintable::decode(std::string_view line, std::string& out) {
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '=') {
      out.push_back(line[i]);
      continue;
    }
    if (i + 1 == line.size()) return true;
    if (i + 2 < line.size() && is_hex(line[i + 1]) && is_hex(line[i + 2])) {
      out.push_back(static_cast<char>(to_hex(line.substr(i + 1, 2))));
      i += 2;
    } else {
      out.push_back('=');
    }
  }
  return false;
}

}  // namespace zlt::splat
