// SPDX-License-Identifier: GPL-2.0-only
//
// Shell patterns for the names of cases and flavours.
#pragma once

#include <fnmatch.h>

#include <string>

namespace zlt::run {

// * ? and []; * also matches a slash, so that "irqs*" means a whole scenario.
[[nodiscard]] inline bool matches(const std::string& pattern, const std::string& word) {
  return ::fnmatch(pattern.c_str(), word.c_str(), 0) == 0;
}

}  // namespace zlt::run
