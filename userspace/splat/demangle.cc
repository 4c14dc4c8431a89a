// SPDX-License-Identifier: GPL-2.0-only
//
// Rust's grammar is that of its RFC 2603: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html
#include "userspace/splat/demangle.h"

#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr size_t kLongest = 512;  // of a symbol in the kernel's table
constexpr int kDeepest = 48;      // of paths in paths
constexpr size_t kLongestName = 256;

class RustName {
 public:
  explicit RustName(std::string_view text) : text_(text) {}

  // Empty if it cannot be read.
  std::string read() {
    std::string out = path(0, true);
    return good_ && out.size() <= kLongestName ? out : std::string{};
  }

 private:
  std::string fail() {
    good_ = false;
    return {};
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char next() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // "_", "0_", "Z_": 0, 1, 36.
  uint64_t base62() {
    if (take('_')) return 0;
    uint64_t value = 0;
    for (char c = next(); c != '_'; c = next()) {
      unsigned digit = 0;
      if (is_digit(c)) {
        digit = static_cast<unsigned>(c - '0');
      } else if (c >= 'a' && c <= 'z') {
        digit = static_cast<unsigned>(c - 'a') + 10;
      } else if (c >= 'A' && c <= 'Z') {
        digit = static_cast<unsigned>(c - 'A') + 36;
      } else {
        good_ = false;
        return 0;
      }
      value = value * 62 + digit;  // a crate's has 64 bits
    }
    return value + 1;
  }

  uint64_t disambiguator() { return take('s') ? base62() + 1 : 0; }

  std::string identifier() {
    (void)disambiguator();
    if (take('u')) return fail();  // Punycode: the kernel's sources are ASCII
    size_t length = 0;
    const size_t digits = at_;
    while (is_digit(peek()) && at_ - digits < 4) length = length * 10 + static_cast<size_t>(next() - '0');
    if (at_ == digits) return fail();
    (void)take('_');
    if (length > text_.size() - at_) return fail();
    const std::string_view name = text_.substr(at_, length);
    at_ += length;
    return std::string(name);
  }

  // At "B": the same as at an earlier place.
  std::string again(int depth, bool value, bool is_type) {
    const uint64_t target = base62();
    if (target >= at_) return fail();
    const size_t here = std::exchange(at_, static_cast<size_t>(target));
    std::string out = is_type ? type(depth + 1) : path(depth + 1, value);
    at_ = here;
    return out;
  }

  std::string generics(int depth) {
    std::string out;
    while (good_ && !take('E')) {
      if (at_ >= text_.size()) return fail();
      if (!out.empty()) out += ", ";
      out += take('L') ? (base62(), std::string("'_")) : take('K') ? constant(depth + 1) : type(depth + 1);
    }
    return out;
  }

  std::string path(int depth, bool value) {
    if (depth > kDeepest || !good_) return fail();
    switch (next()) {
      case 'C':
        return identifier();
      case 'M': {
        (void)disambiguator();
        (void)path(depth + 1, false);
        return "<" + type(depth + 1) + ">";
      }
      case 'X': {
        (void)disambiguator();
        (void)path(depth + 1, false);
        return as_trait(depth);
      }
      case 'Y':
        return as_trait(depth);
      case 'N': {
        const char space = next();
        std::string out = path(depth + 1, value);
        const uint64_t number = peek() == 's' ? numbered() : 0;
        const std::string name = identifier();
        if (space == 'C') {
          out += "::{closure#" + std::to_string(number) + "}";
        } else if (space >= 'A' && space <= 'Z') {
          out += "::{" + std::string(space == 'S' ? "shim" : std::string(1, space)) + ":" + name + "#" +
                 std::to_string(number) + "}";
        } else if (!name.empty()) {
          out += "::" + name;
        }
        return good_ ? out : std::string{};
      }
      case 'I': {
        std::string out = path(depth + 1, value);
        if (value) out += "::";
        return out + "<" + generics(depth + 1) + ">";
      }
      case 'B':
        return again(depth, value, false);
      default:
        return fail();
    }
  }

  // The disambiguator that identifier() will read once more.
  uint64_t numbered() {
    const size_t here = at_;
    const uint64_t number = disambiguator();
    at_ = here;
    return number;
  }

  std::string as_trait(int depth) {
    std::string out = "<" + type(depth + 1) + " as ";
    return out + path(depth + 1, false) + ">";
  }

  static std::string_view basic(char c) {
    switch (c) {
      case 'a':
        return "i8";
      case 'b':
        return "bool";
      case 'c':
        return "char";
      case 'd':
        return "f64";
      case 'e':
        return "str";
      case 'f':
        return "f32";
      case 'h':
        return "u8";
      case 'i':
        return "isize";
      case 'j':
        return "usize";
      case 'l':
        return "i32";
      case 'm':
        return "u32";
      case 'n':
        return "i128";
      case 'o':
        return "u128";
      case 's':
        return "i16";
      case 't':
        return "u16";
      case 'u':
        return "()";
      case 'v':
        return "...";
      case 'x':
        return "i64";
      case 'y':
        return "u64";
      case 'z':
        return "!";
      case 'p':
        return "_";
      default:
        return {};
    }
  }

  std::string type(int depth) {
    if (depth > kDeepest || !good_) return fail();
    const char c = peek();
    if (const std::string_view name = basic(c); !name.empty()) {
      ++at_;
      return std::string(name);
    }
    switch (c) {
      case 'R':
      case 'Q':
        ++at_;
        if (take('L')) (void)base62();
        return (c == 'R' ? "&" : "&mut ") + type(depth + 1);
      case 'P':
        ++at_;
        return "*const " + type(depth + 1);
      case 'O':
        ++at_;
        return "*mut " + type(depth + 1);
      case 'S':
        ++at_;
        return "[" + type(depth + 1) + "]";
      case 'A': {
        ++at_;
        std::string element = type(depth + 1);
        return "[" + element + "; " + constant(depth + 1) + "]";
      }
      case 'T': {
        ++at_;
        std::string out = "(";
        for (size_t i = 0; good_ && !take('E'); ++i) {
          if (at_ >= text_.size()) return fail();
          out += (i > 0 ? ", " : "") + type(depth + 1);
        }
        return out + ")";
      }
      case 'B':
        ++at_;
        return again(depth, false, true);
      case 'F':
      case 'D':
        return fail();  // functions and trait objects: rare, and long
      default:
        return path(depth + 1, false);
    }
  }

  std::string constant(int depth) {
    if (depth > kDeepest) return fail();
    if (take('p')) return "_";
    if (take('B')) return again(depth, false, true);
    (void)next();  // its type
    (void)take('n');
    std::string digits;
    while (good_ && !take('_')) {
      if (at_ >= text_.size() || digits.size() > 32) return fail();
      digits += next();
    }
    return "0x" + (digits.empty() ? "0" : digits);
  }

  std::string_view text_;
  size_t at_ = 0;
  bool good_ = true;
};

std::string undollar(std::string_view name) {
  struct Escape {
    std::string_view code;
    std::string_view text;
  };
  constexpr Escape kEscapes[] = {{"$LT$", "<"},  {"$GT$", ">"},   {"$RF$", "&"},  {"$BP$", "*"},  {"$LP$", "("},
                                 {"$RP$", ")"},  {"$C$", ","},    {"$SP$", "@"},  {"$u20$", " "}, {"$u27$", "'"},
                                 {"$u5b$", "["}, {"$u5d$", "]"},  {"$u7b$", "{"}, {"$u7d$", "}"}, {"$u3b$", ";"},
                                 {"$u2b$", "+"}, {"$u22$", "\""}, {"..", "::"}};
  std::string out;
  if (name.starts_with("_$")) name.remove_prefix(1);
  while (!name.empty()) {
    size_t length = 0;
    for (const Escape& escape : kEscapes) {
      if (!name.starts_with(escape.code)) continue;
      out += escape.text;
      length = escape.code.size();
      break;
    }
    if (length == 0) {
      out += name.front();
      length = 1;
    }
    name.remove_prefix(length);
  }
  return out;
}

// "_ZN4core3fmt5write17h0123456789abcdefE": parts with their lengths, the last a hash. Empty if it is not Rust's.
std::string old_rust(std::string_view symbol) {
  symbol.remove_prefix(3);
  std::string out;
  while (!symbol.empty() && is_digit(symbol[0])) {
    const auto length = static_cast<size_t>(to_number(symbol));
    while (!symbol.empty() && is_digit(symbol[0])) symbol.remove_prefix(1);
    if (length == 0 || length > symbol.size()) return {};
    const std::string_view part = symbol.substr(0, length);
    symbol.remove_prefix(length);
    if (length == 17 && part[0] == 'h' && symbol.starts_with("E")) return out;
    if (!out.empty()) out += "::";
    out += undollar(part);
  }
  return {};
}

}  // namespace

std::string demangled(std::string_view symbol) {
  if (symbol.size() <= kLongest && symbol.starts_with("_R") && symbol.size() > 3) {
    std::string name = RustName(symbol.substr(2)).read();
    if (!name.empty()) return name;
  } else if (symbol.size() <= kLongest && symbol.starts_with("_ZN")) {
    std::string name = old_rust(symbol);
    if (!name.empty()) return name;
  }
  if (symbol.size() <= kLongest && symbol.starts_with("_Z")) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(std::string(symbol).c_str(), nullptr, nullptr, &status), std::free);
    if (status == 0 && name != nullptr) {
      std::string text = name.get();
      if (text.size() <= kLongestName) return text.substr(0, text.find('('));
    }
  }
  return std::string(symbol);
}

}  // namespace zlt::splat
