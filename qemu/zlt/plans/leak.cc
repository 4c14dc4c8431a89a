// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/leak.h"

#include <fmt/format.h>

namespace zlt::run {
namespace {

constexpr double kLeakShare = 0.01;
constexpr std::uint64_t kSlabNoiseKb = 256;  // in few rounds, less is no trend whatever the first round's swing was
constexpr size_t kFewestRounds = 4;          // to have two at either end

double share(double of, std::uint64_t whole) {
  return of / static_cast<double>(std::max<std::uint64_t>(whole, 1));
}

}  // namespace

std::int64_t free_memory_lost(const std::vector<std::uint64_t>& after) {
  const size_t each = after.size() < kFewestRounds ? 1 : std::max<size_t>(2, after.size() / 5);
  const std::uint64_t least = *std::min_element(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(each));
  const std::uint64_t most = *std::max_element(after.end() - static_cast<std::ptrdiff_t>(each), after.end());
  return static_cast<std::int64_t>(least) - static_cast<std::int64_t>(most);
}

void LeakWatch::add_round(std::uint64_t free_kb, const SlabRange& slab) {
  first_ = free_kb_.empty() ? slab : first_;
  last_ = slab;
  free_kb_.push_back(free_kb);
}

double LeakWatch::free_share() const {
  return share(static_cast<double>(free_memory_lost(free_kb_)), free_kb_.front());
}

double LeakWatch::slab_share() const {
  return share(static_cast<double>(last_.low) - static_cast<double>(first_.high), first_.high);
}

bool LeakWatch::leaks() const {
  return free_share() > kLeakShare || (slab_share() > kLeakShare && last_.low > first_.high + kSlabNoiseKb);
}

std::string LeakWatch::text() const {
  return fmt::format(
      "{:.2f} % of free memory ({} kB, of {} after the first round), {:+.2f} % of slab ({} kB at most in the first "
      "round, {} at least in the last)",
      free_share() * 100, free_memory_lost(free_kb_), free_kb_.front(), slab_share() * 100, first_.high, last_.low);
}

}  // namespace zlt::run
