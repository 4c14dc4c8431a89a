// SPDX-License-Identifier: GPL-2.0-only
//
// A number of 64 bits, as JSON has it, as one of fewer: itself or nothing. 2^32 + 1 is not 1.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace zlt::run {

template <typename T>
[[nodiscard]] std::optional<T> narrow(std::uint64_t number) {
  return std::in_range<T>(number) ? std::optional(static_cast<T>(number)) : std::nullopt;
}

}  // namespace zlt::run
