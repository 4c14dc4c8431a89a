// SPDX-License-Identifier: GPL-2.0-only
//
// Finds the function that a report is about.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "userspace/splat/kinds.h"

namespace zlt::splat {

class Blamer {
 public:
  // `lines` begin with the report's first line and leave doubtful frames out. Empty if there is nobody to blame. What
  // it returns points into `lines` or into constants.
  [[nodiscard]] std::string_view find(const Blame& blame, std::span<const std::string_view> lines);

  // is_helper(), remembered: the same few hundred functions come again and again.
  [[nodiscard]] bool helper(std::string_view function);

 private:
  [[nodiscard]] std::string_view walk(std::span<const Step> steps, const Blame& blame,
                                      std::span<const std::string_view> lines);
  [[nodiscard]] bool skipped(std::string_view function, const Blame& blame);

  std::unordered_map<std::string, bool> helpers_;
  std::string_view passed_over_;  // last helper that a walk met, printing ones aside
};

}  // namespace zlt::splat
