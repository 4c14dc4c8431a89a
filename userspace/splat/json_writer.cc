// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/json_writer.h"

namespace zlt::splat {
namespace {

// Length of the UTF-8 sequence at the start of `text`, 0 if it is none.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xc0U) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = lead == 0xf0 && byte(1) < 0x90;
    const bool beyond = lead == 0xf4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
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

void JsonWriter::escape(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
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
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += "\\u00";
      out_.push_back(kDigits[static_cast<unsigned char>(c) >> 4U]);
      out_.push_back(kDigits[static_cast<unsigned char>(c) & 15U]);
      ++i;
    } else if (const size_t length = utf8_length(text.substr(i)); length > 0) {
      out_.append(text.substr(i, length));
      i += length;
    } else {
      out_ += "\xef\xbf\xbd";
      ++i;
    }
  }
  out_.push_back('"');
}

}  // namespace zlt::splat
