// SPDX-License-Identifier: GPL-2.0-only
//
// Figures that were to be reached, measured, and a table of them.
#pragma once

#include <string>
#include <vector>

namespace zlt::run {

struct Figure {
  std::string what;  // "exec to first event, stock"
  double measured = 0;
  std::string unit;  // "x", "s", "of 100"
  double target = 0;
  enum class Sense { kAtMost, kAtLeast, kOnlySaid } sense = Sense::kAtMost;
  std::string how;  // what the number is made of: "4.81 s against 4.70 s, medians of 5"

  [[nodiscard]] bool reached() const;
};

[[nodiscard]] double median(std::vector<double> values);

// One line a figure: reached or not, measured, target, how.
void print_figures(const std::vector<Figure>& figures);

}  // namespace zlt::run
