// SPDX-License-Identifier: GPL-2.0-only
//
// For "unknown X; known are …": what was probably meant comes first.
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace zlt {

// Insertions, deletions and replacements that turn one into the other.
[[nodiscard]] inline size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

// `known`, ordered by edit distance from `word`; equals keep their order.
[[nodiscard]] inline std::vector<std::string> nearest_first(std::string_view word, std::vector<std::string> known) {
  std::stable_sort(known.begin(), known.end(), [word](const std::string& a, const std::string& b) {
    return edit_distance(word, a) < edit_distance(word, b);
  });
  return known;
}

// "a, b, c"
[[nodiscard]] inline std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ") {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? std::string_view() : separator).append(word);
  return out;
}

}  // namespace zlt
