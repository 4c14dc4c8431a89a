// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/controls.h"

#include <cstdint>
#include <cstring>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr char kEscape = '\x1b';
constexpr size_t kLongestString = 512;  // of a title or a link

// An ESC, or the C1 character of `seven` ("[" for CSI), at the start of `text`: its length.
size_t introducer(std::string_view text, char& seven) {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (text[0] == kEscape) {
    if (text.size() < 2) return 0;
    seven = text[1];
    return 2;
  }
  if (byte >= 0x80 && byte < 0xa0) {
    seven = static_cast<char>(byte - 0x40);
    return 1;
  }
  if (byte == 0xc2 && text.size() > 1) {
    const auto next = static_cast<unsigned char>(text[1]);
    if (next >= 0x80 && next < 0xa0) {
      seven = static_cast<char>(next - 0x40);
      return 2;
    }
  }
  return 0;
}

// Behind "ESC [": parameters and the letter that ends them.
size_t csi_length(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && i < 32 && text[i] >= 0x20 && text[i] <= 0x3f) ++i;
  return i < text.size() && text[i] >= 0x40 && text[i] <= 0x7e ? i + 1 : i;
}

// Behind "ESC ]" and its likes: up to BEL or ST, 0 if neither comes.
size_t string_length(std::string_view text) {
  text = text.substr(0, kLongestString);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x07') return i + 1;
    char seven = 0;
    if (const size_t length = introducer(text.substr(i), seven); length > 0 && seven == '\\') return i + length;
  }
  return 0;
}

}  // namespace

Bytes look_at_bytes(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101U;
  uint64_t below = 0;
  uint64_t high = 0;
  const auto add = [&](uint64_t word) {
    // The top bit of each byte below 0x20, or of one behind such a byte, ends up set.
    below |= (word - kOnes * 0x20) & ~word;
    high |= word;
  };
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    add(word);
  }
  if (i < text.size()) {
    uint64_t word = kOnes * 0x20;
    std::memcpy(&word, text.data() + i, text.size() - i);
    add(word);
  }
  return {(below & (kOnes * 0x80)) != 0, (high & (kOnes * 0x80)) != 0};
}

void without_controls(std::string_view raw, std::string& out) {
  for (size_t i = 0; i < raw.size();) {
    const auto byte = static_cast<unsigned char>(raw[i]);
    if (byte >= 0x80) {
      if (const size_t length = utf8_length(raw.substr(i)); length > 0 && !(byte == 0xc2 && raw[i + 1] < '\xa0')) {
        out.append(raw.substr(i, length));
        i += length;
        continue;
      }
    }
    char seven = 0;
    const size_t head = introducer(raw.substr(i), seven);
    if (head == 0) {
      if (byte >= 0x20 ? byte != 0x7f : byte == '\t') out.push_back(raw[i]);
      ++i;
      continue;
    }
    i += head;
    if (seven == '[') {
      i += csi_length(raw.substr(i));
    } else if (seven == ']' || seven == 'P' || seven == 'X' || seven == '^' || seven == '_') {
      i += string_length(raw.substr(i));
    } else if (seven == '(' || seven == ')') {
      i += i < raw.size() ? 1 : 0;
    }
  }
}

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

}  // namespace zlt::splat
