// SPDX-License-Identifier: GPL-2.0-only
//
// Text without an allocator: View is a piece of text to parse, Text a buffer of fixed size to build one in.
#pragma once

#include "module/shim/zlt_shim.h"

namespace zlt {

// A piece of somebody else's characters.
class View {
 public:
  constexpr View() = default;
  constexpr View(const char* text) : data_(text), size_(length(text)) {}
  constexpr View(const char* data, size_t size) : data_(data), size_(size) {}

  [[nodiscard]] constexpr const char* data() const { return data_; }
  [[nodiscard]] constexpr int size() const { return static_cast<int>(size_); }  // int: for "%.*s"
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

  friend constexpr bool operator==(View a, View b) {
    if (a.size_ != b.size_) return false;
    for (size_t i = 0; i < a.size_; ++i) {
      if (a.data_[i] != b.data_[i]) return false;
    }
    return true;
  }

  // Takes the next word, blank-separated, off the front; empty when there is none.
  constexpr View take_word() {
    while (size_ > 0 && blank(*data_)) drop(1);
    size_t end = 0;
    while (end < size_ && !blank(data_[end])) ++end;
    const View word(data_, end);
    drop(end);
    return word;
  }

  // Takes everything before the first `separator` off the front, and the separator. False, and nothing taken,
  // when there is none.
  constexpr bool take_until(char separator, View& head) {
    for (size_t i = 0; i < size_; ++i) {
      if (data_[i] != separator) continue;
      head = View(data_, i);
      drop(i + 1);
      return true;
    }
    return false;
  }

  // Decimal, or hexadecimal after 0x. False when it is anything else or does not fit 64 bits.
  [[nodiscard]] constexpr bool to_number(uint64_t& number) const {
    const bool hex = size_ > 2 && data_[0] == '0' && (data_[1] == 'x' || data_[1] == 'X');
    const uint64_t base = hex ? 16 : 10;
    if (empty()) return false;
    number = 0;
    for (size_t i = hex ? 2 : 0; i < size_; ++i) {
      const uint64_t digit = digit_of(data_[i]);
      if (digit >= base || number > (UINT64_MAX - digit) / base) return false;
      number = number * base + digit;
    }
    return true;
  }

 private:
  static constexpr size_t length(const char* text) {
    size_t size = 0;
    while (text[size] != '\0') ++size;
    return size;
  }
  static constexpr bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static constexpr uint64_t digit_of(char c) {
    if (c >= '0' && c <= '9') return static_cast<uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<uint64_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<uint64_t>(c - 'A') + 10;
    return UINT64_MAX;
  }
  constexpr void drop(size_t count) {
    data_ += count;
    size_ -= count;
  }

  const char* data_ = "";
  size_t size_ = 0;
};

// A NUL-terminated buffer of N characters; what does not fit is cut off.
template <size_t N>
class Text {
 public:
  [[nodiscard]] const char* c_str() const { return buffer_; }
  [[nodiscard]] bool empty() const { return used_ == 0; }
  void clear() {
    used_ = 0;
    buffer_[0] = '\0';
  }

  // Without arguments, `format` is taken as it is.
  template <typename... Args>
  Text& append(const char* format, Args... args) {
    if constexpr (sizeof...(args) == 0) {
      used_ += static_cast<size_t>(zlt_format(buffer_ + used_, N - used_, "%s", format));
    } else {
      used_ += static_cast<size_t>(zlt_format(buffer_ + used_, N - used_, format, args...));
    }
    return *this;
  }

 private:
  char buffer_[N] = {};
  size_t used_ = 0;
};

}  // namespace zlt
