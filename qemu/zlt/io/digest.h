// SPDX-License-Identifier: GPL-2.0-only
//
// Names for cached things after what they are made of. FNV-1a, 64 bits: against accidents, not against enemies.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace zlt::run {

class Digest {
 public:
  Digest& add(std::string_view data) {
    for (const char byte : data) {
      state_ = (state_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
    }
    return *this;
  }
  // A text and its end, so that "ab","c" is not "a","bc".
  Digest& add_field(std::string_view text) { return add(text).add(std::string_view("\0", 1)); }
  // 16 hexadecimal digits.
  [[nodiscard]] std::string hex() const { return fmt::format("{:016x}", state_); }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace zlt::run
