// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/json_writer.h"

#include "userspace/splat/controls.h"

namespace zlt::splat {
namespace {

// What a terminal takes for a command (C1), or what makes text look like another (direction of writing).
bool is_hostile(std::string_view character) {
  if (character.size() == 2) return character[0] == '\xc2' && character[1] < '\xa0';
  if (character.size() != 3 || character[0] != '\xe2') return false;
  const auto middle = static_cast<unsigned char>(character[1]);
  const auto last = static_cast<unsigned char>(character[2]);
  if (middle == 0x80) return last == 0x8e || last == 0x8f || (last >= 0xa8 && last <= 0xae);
  return middle == 0x81 && last >= 0xa6 && last <= 0xa9;
}

unsigned code_point(std::string_view character) {
  const auto bits = [&](size_t i) { return static_cast<unsigned char>(character[i]) & 0x3fU; };
  if (character.size() == 2) return (static_cast<unsigned char>(character[0]) & 0x1fU) << 6U | bits(1);
  return (static_cast<unsigned char>(character[0]) & 0x0fU) << 12U | bits(1) << 6U | bits(2);
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  separate();
  escape(name);
  out_.push_back(':');
  first_ = true;  // no comma in front of its value
}

void JsonWriter::value(std::string_view text) {
  separate();
  escape(text);
}

void JsonWriter::value(int64_t number) {
  separate();
  out_ += std::to_string(number);
}

void JsonWriter::value(uint64_t number) {
  separate();
  out_ += std::to_string(number);
}

void JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
}

void JsonWriter::escape_code(unsigned code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out_ += "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4) out_.push_back(kDigits[code >> (shift - 4) & 15U]);
}

void JsonWriter::escape(std::string_view text) {
  out_.push_back('"');
  for (size_t i = 0; i < text.size();) {
    size_t plain = i;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out_.append(text.substr(i, plain - i));
    i = plain;
    if (i == text.size()) break;
    const char c = text[i];
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
      ++i;
    } else if (c == '\n' || c == '\t') {
      out_ += c == '\n' ? "\\n" : "\\t";
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      escape_code(static_cast<unsigned char>(c));
      ++i;
    } else if (const size_t length = utf8_length(text.substr(i)); length > 0) {
      const std::string_view character = text.substr(i, length);
      if (is_hostile(character)) {
        escape_code(code_point(character));
      } else {
        out_.append(character);
      }
      i += length;
    } else {
      out_ += "\xef\xbf\xbd";
      ++i;
    }
  }
  out_.push_back('"');
}

}  // namespace zlt::splat
