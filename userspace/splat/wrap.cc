// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/wrap.h"

#include <algorithm>
#include <array>

#include "userspace/splat/belongs.h"
#include "userspace/splat/controls.h"
#include "userspace/splat/frame.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kWidest = 100;

std::string_view last_word(std::string_view text) {
  const size_t blank = text.find_last_of(" \t");
  return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
}

size_t symbol_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && (is_word(text[length]) || text[length] == '.' || text[length] == '$')) ++length;
  return length;
}

size_t hex_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && is_hex(text[length])) ++length;
  return length;
}

enum class Place : uint8_t { kNone, kName, kOffset, kSize, kWhole };

// How far "FUNC+0x12/0x34" has come in `word`.
Place progress(std::string_view word) {
  const size_t name = symbol_length(word);
  const size_t dot = name > 0 && word[0] == '.' ? 1 : 0;
  if (name <= dot || !is_word(word[dot]) || is_digit(word[dot])) return Place::kNone;
  std::string_view rest = word.substr(name);
  if (rest.empty()) return Place::kName;
  if (rest[0] != '+') return Place::kNone;
  rest.remove_prefix(1);
  if (rest.empty() || rest == "0" || rest == "0x") return Place::kOffset;
  if (!rest.starts_with("0x")) return Place::kNone;
  rest.remove_prefix(2);
  rest.remove_prefix(hex_length(rest));
  if (rest.empty()) return Place::kOffset;
  if (rest[0] != '/') return Place::kNone;
  rest.remove_prefix(1);
  if (rest.empty() || rest == "0" || rest == "0x") return Place::kSize;
  if (!rest.starts_with("0x")) return Place::kNone;
  rest.remove_prefix(2);
  rest.remove_prefix(hex_length(rest));
  return rest.empty() ? Place::kWhole : Place::kNone;
}

// `text` begins with the rest of a name and its offset: "_presence+0x2f/0xc0".
bool begins_with_rest(std::string_view text) {
  const size_t name = symbol_length(text);
  return name > 0 && text.substr(name).starts_with("+0x");
}

bool is_address(std::string_view word) {
  if (word.starts_with("[<") && word.ends_with(">]")) return word.size() >= 8;
  return word.size() >= 8 && word[0] == '[' && word.back() == ']' && is_hex(word[1]) && is_hex(word[5]);
}

// Whether what stands at the end of `head` is where the kernel prints a function.
bool wants_function(std::string_view head) {
  head = trim(head);
  if (head.empty()) return true;  // a line of a stack
  if (head.ends_with(", at:") || head.ends_with(" in") || head.ends_with("?") || is_address(last_word(head)))
    return true;
  const std::string_view word = last_word(head);
  if (word == "RIP:" || word == "0010:" || word == ":" || word == "from") return true;
  return contains(head, "WARNING: ") && contains(word, ".c:");
}

// "at", "in", … : no message of a report ends like this.
bool is_left_open(std::string_view text) {
  constexpr auto kOpen = std::to_array<std::string_view>(
      {" at",       " in",     " on",      " of",    " by",      " from",       " for",
       " than",     " to",     " with",    " not",   " is",      " the",        " and",
       " possible", " trying", " already", " lock",  " order:",  " name:",      " pid:",
       " PID:",     " Comm:",  " CPU:",    ", pid:", " UID:",    " syncing:",   " address:",
       " addr",     " task",   " process", " held",  " size",    " context at", " NULL pointer",
       " BUG at",   " type",   " memory",  " cpu",   " CPU",     " still",      " which",
       " was",      " be",     " code:",   " state", " blocked", " invalid",    " Tainted:"});
  if (text.ends_with(", at:") || text.ends_with(",")) return true;
  for (const auto& open : kOpen) {
    if (text.ends_with(open)) return true;
  }
  return false;
}

// "Comm: foo Not tainted", "Comm: foo Tainted: G  W": the release has yet to come.
bool wants_release(std::string_view text) {
  std::string_view rest;
  if (!after(text, "Comm: ", rest) && !after(text, "comm: ", rest)) return false;
  if (rest.ends_with(" Not") || rest.ends_with(" Not tainted")) return true;
  std::string_view letters;
  if (!after(rest, "Tainted: ", letters)) return !contains(rest, "tainted");
  return letters.find_first_not_of(" ABCDEFGHIJKLMNOPQRSTUVWXYZ[]=_-") == std::string_view::npos;
}

int depth(std::string_view text, char open, char close) {
  int deep = 0;
  for (const char c : text) deep += c == open ? 1 : c == close ? -1 : 0;
  return deep;
}

// "[mod" and "ule]"
bool is_cut_bracket(std::string_view first, std::string_view second) {
  const size_t open = first.rfind('[');
  if (open == std::string_view::npos || first.find(']', open) != std::string_view::npos) return false;
  const std::string_view inside = first.substr(open + 1);
  if (inside.empty() || inside.size() > 56 || inside.find_first_of(" \t") != std::string_view::npos) return false;
  const size_t close = second.find(']');
  return close < 56 && second.substr(0, close).find(' ') == std::string_view::npos;
}

Join cut_word(std::string_view first, std::string_view second) {
  const std::string_view word = last_word(first);
  std::string_view place =
      word.substr(word.find_last_of("(:>") == std::string_view::npos ? 0 : word.find_last_of("(:>") + 1);
  const std::string_view head = first.substr(0, first.size() - place.size());
  const Place how_far = progress(place);
  switch (how_far) {
    case Place::kName:
      return begins_with_rest(second) && (wants_function(head) || head.ends_with("0010:")) ? Join::kGlue : Join::kNo;
    case Place::kOffset:
      if (second.starts_with("0x") && place.ends_with("+")) return Join::kGlue;
      if (second.starts_with("x") && place.ends_with("+0")) return Join::kGlue;
      return hex_length(second) > 0 || second.starts_with("/0x") ? Join::kGlue : Join::kNo;
    case Place::kSize:
      if (place.ends_with("/")) return second.starts_with("0x") ? Join::kGlue : Join::kNo;
      return hex_length(second) > 0 || second.starts_with("x") ? Join::kGlue : Join::kNo;
    case Place::kWhole: {
      const size_t digits = hex_length(second);
      const std::string_view rest = second.substr(digits);
      return digits > 0 && digits <= 4 && (rest.empty() || rest.starts_with(" [")) ? Join::kGuess : Join::kNo;
    }
    case Place::kNone:
      break;
  }
  if (second.starts_with("+0x") && symbol_length(place) == place.size() && !place.empty()) return Join::kGlue;
  if (is_cut_bracket(first, second)) return Join::kGlue;
  return Join::kNo;
}

}  // namespace

bool names_its_speaker(std::string_view text) {
  text = trim(text);
  const std::string_view word = first_word(text);
  return word.ends_with(':') && word.size() < text.size() && word.find_first_of("+(") == std::string_view::npos;
}

size_t columns_of(std::string_view text) {
  if (!look_at_bytes(text).high) return text.size();
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

bool fits_a_margin(size_t columns, std::string_view next, size_t narrowest) {
  return columns <= kWidest && columns + 1 + first_word(next).size() > narrowest;
}

Join how_joined(const Wrapped& lines) {
  const std::string_view second = trim(lines.second);
  const std::string_view first = trim(lines.first);
  if (first.empty() || second.empty() || lines.columns > kWidest) return Join::kNo;
  const bool blank = lines.first.back() == ' ';
  if (!blank && !lines.piece && lines.columns + 4 >= kNarrowest) {
    const Join cut = cut_word(lines.first, second);
    if (cut != Join::kNo) return cut;
  }
  const Join between = blank ? Join::kGlue : Join::kBlank;
  if (is_address(last_word(first)) && (begins_with_rest(second) || second.starts_with("? ") || second[0] == '.') &&
      belongs(first) != Belongs::kFrame) {
    return between;
  }
  if (first.ends_with("] ?") && begins_with_rest(second)) return between;
  if (lines.piece) return wants_release(first) && is_digit(second[0]) ? between : Join::kNo;
  if (!fits_a_margin(lines.columns, second)) return Join::kNo;
  if (wants_release(first) && (is_digit(second[0]) || second.starts_with("tainted ") || lines.bare)) return between;
  if (begins_with_rest(second) && wants_function(first) && contains(first, "WARNING: ")) return between;
  if (second[0] == '[' && contains(first, "+0x") && progress(last_word(first)) == Place::kWhole &&
      second.find(']') < 60 && !is_address(first_word(second)) && !contains(second, "+0x")) {
    return between;  // "FUNC+0x1/0x2" and its "[module]"
  }
  if (!lines.bare) {
    return is_left_open(first) && belongs(second) == Belongs::kNo && first.size() > 24 ? between : Join::kNo;
  }
  if (names_its_speaker(second)) return Join::kNo;
  if (is_left_open(first)) return between;
  if (depth(first, '(', ')') > 0 || depth(first, '{', '}') > 0) return between;
  return Join::kNo;
}

}  // namespace zlt::splat
