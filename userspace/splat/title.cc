// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/title.h"

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kMaxTitle = 120;
constexpr size_t kAddressDigits = 6;

size_t digits(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  return length;
}

// "0x1a2b3c4d", "ffff8880"
size_t address(std::string_view text) {
  const size_t prefix = text.starts_with("0x") ? 2 : 0;
  size_t length = prefix;
  while (length < text.size() && (is_digit(text[length]) || (text[length] >= 'a' && text[length] <= 'f'))) ++length;
  return length - prefix >= kAddressDigits ? length : 0;
}

size_t ipv4(std::string_view text) {
  size_t length = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t number = digits(text.substr(length));
    if (number == 0 || number > 3) return 0;
    length += number;
    if (part == 3) break;
    if (length >= text.size() || text[length] != '.') return 0;
    ++length;
  }
  return length;
}

size_t ipv6(std::string_view text) {
  size_t length = 0;
  int colons = 0;
  while (length < text.size() && (is_hex(text[length]) || text[length] == ':')) colons += text[length++] == ':' ? 1 : 0;
  return colons >= 3 && length >= 6 ? length : 0;
}

// "+0x1f/0x20" behind a function's name.
size_t offset(std::string_view text) {
  if (!text.starts_with("+0x")) return 0;
  size_t length = 3;
  while (length < text.size() && is_hex(text[length])) ++length;
  if (!text.substr(length).starts_with("/0x")) return 0;
  length += 3;
  while (length < text.size() && is_hex(text[length])) ++length;
  return length;
}

// ":123" once or more, behind a file's name.
size_t line_numbers(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && text[length] == ':') {
    const size_t number = digits(text.substr(length + 1));
    if (number == 0) break;
    length += 1 + number;
  }
  return length;
}

// The numbers of a fuzzer's worker: "syz-executor.3/1234" is any of them.
size_t worker_number(std::string_view text) {
  const size_t dot = text.starts_with(".") ? 1 : 0;
  size_t length = dot + digits(text.substr(dot));
  if (length == dot) return 0;
  if (length < text.size() && (text[length] == '/' || text[length] == ':')) {
    const size_t pid = digits(text.substr(length + 1));
    if (pid > 0) length += 1 + pid;
  }
  return length;
}

bool behind_file_suffix(std::string_view out) {
  size_t at = out.size();
  while (at > 0 && is_word(out[at - 1])) --at;
  return at > 0 && at < out.size() && out[at - 1] == '.';
}

class Normaliser {
 public:
  explicit Normaliser(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (!replace()) put(text_[at_++]);
    }
    while (out_.size() > kMaxTitle || out_.ends_with(' ')) out_.pop_back();
    return std::move(out_);
  }

 private:
  void put(char c) {
    if (c == '\t') c = ' ';
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) return;
    if (c == ' ' && (out_.empty() || out_.back() == ' ')) return;
    out_.push_back(c);
  }

  bool take(size_t length, std::string_view instead) {
    if (length == 0) return false;
    out_ += instead;
    at_ += length;
    return true;
  }

  bool replace() {
    const std::string_view rest = text_.substr(at_);
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    if (out_.ends_with("syz-executor") && take(worker_number(rest), "")) return true;
    if (rest.front() == '+' && is_word(before)) return take(offset(rest), "");
    if (rest.front() == ':' && behind_file_suffix(out_)) return take(line_numbers(rest), ":LINE");
    if (out_.ends_with("CPU") && rest.front() == '#') return take(1 + digits(rest.substr(1)), "");
    if (is_word(before)) return false;
    if (take(ipv6(rest), "IPV6ADDR") || take(ipv4(rest), "IP") || take(address(rest), "ADDR")) return true;
    const size_t number = digits(rest);
    if (number == 0 || (number < rest.size() && is_word(rest[number]))) return false;
    return take(number, "NUM");
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string normalise_title(std::string_view title) {
  return Normaliser(title).run();
}

std::string with_function(std::string_view what, std::string_view function) {
  std::string title(what);
  if (!function.empty()) title.append(" in ").append(function);
  return title;
}

}  // namespace zlt::splat
