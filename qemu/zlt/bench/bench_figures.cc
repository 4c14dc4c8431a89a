// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/bench/bench_figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace zlt::run {
namespace {

std::string target_of(const Figure& figure) {
  switch (figure.sense) {
    case Figure::Sense::kAtMost:
      return fmt::format("<= {:g} {}", figure.target, figure.unit);
    case Figure::Sense::kAtLeast:
      return fmt::format(">= {:g} {}", figure.target, figure.unit);
    case Figure::Sense::kOnlySaid:
      return "-";
  }
  return "";
}

}  // namespace

bool Figure::reached() const {
  switch (sense) {
    case Sense::kAtMost:
      return measured <= target;
    case Sense::kAtLeast:
      return measured >= target;
    case Sense::kOnlySaid:
      return true;
  }
  return false;
}

double median(std::vector<double> values) {
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void print_figures(const std::vector<Figure>& figures) {
  for (const Figure& figure : figures) {
    fmt::print("{:<7} {:<44} {:>10} {:>12}  {}\n", figure.reached() ? "ok" : "MISSED", figure.what,
               fmt::format("{:.3g} {}", figure.measured, figure.unit), target_of(figure), figure.how);
  }
}

}  // namespace zlt::run
