// SPDX-License-Identifier: GPL-2.0-only
//
// Tells the lines that reports are made of from all others.
#pragma once

#include <cstdint>
#include <string_view>

namespace zlt::splat {

enum class Belongs : uint8_t {
  kNo,
  kBlank,  // says nothing either way
  kYes,
  kFrame,  // of a stack
  kDump,   // registers, code, memory: nothing to learn from
  kRule,   // "======"
  kEnd,    // "---[ end trace …", "---[ end Kernel panic …"
};

[[nodiscard]] Belongs belongs(std::string_view text);

}  // namespace zlt::splat
