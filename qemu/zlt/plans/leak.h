// SPDX-License-Identifier: GPL-2.0-only
//
// Did memory come back after the rounds of a `repeat`? Free memory and slab come and go from one look to the next, by
// what CPUs keep for themselves: what is gone for good is told from that by several looks. Pure logic.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace zlt::run {

// The least and the most slab, in kB, that the looks of a round have seen: they differ by some 100 kB.
struct SlabRange {
  std::uint64_t low = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t high = 0;
  void add(const SlabRange& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

// kB of free memory that are gone for good: what lies between the least of the first rounds and the most of the last
// ones, a fifth of all each and at least two. Negative: there is more. `after`: one figure a round, at least one.
[[nodiscard]] std::int64_t free_memory_lost(const std::vector<std::uint64_t>& after);

class LeakWatch {
 public:
  // A round is over. `free_kb`: after it.
  void add_round(std::uint64_t free_kb, const SlabRange& slab);
  [[nodiscard]] bool empty() const { return free_kb_.empty(); }
  // More than 1 % of free memory is lost; or of slab, and that beyond the noise of a small guest, 256 kB. What the
  // first round allocates for good is no leak. At least one round.
  [[nodiscard]] bool leaks() const;
  // Both shares with their figures, in a line.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] double free_share() const;
  [[nodiscard]] double slab_share() const;

  std::vector<std::uint64_t> free_kb_;
  SlabRange first_;
  SlabRange last_;
};

}  // namespace zlt::run
