// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/leak.h"

#include <gtest/gtest.h>

namespace zlt::run {
namespace {

TEST(FreeMemory, ThatComesAndGoesIsNotLost) {
  EXPECT_EQ(free_memory_lost({100}), 0);
  EXPECT_LE(free_memory_lost({113436, 112900, 113500, 113450, 111572}), 0);  // seen on a sound kernel, five rounds
  EXPECT_LE(free_memory_lost({100, 90, 100, 90}), 0);
}

TEST(FreeMemory, ThatGoesWithEveryRoundIsLost) {
  EXPECT_EQ(free_memory_lost({100, 90}), 10);
  EXPECT_EQ(free_memory_lost({100, 98, 96, 94, 92}), 4);
  std::vector<std::uint64_t> many;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    many.push_back(1'000'000 - 20 * n);
  }
  EXPECT_GT(free_memory_lost(many), 10'000);
}

TEST(FreeMemory, OfARoundTellsALeakFromASwing) {
  LeakWatch sound;
  sound.add_round(100'000, {20'000, 20'400});
  sound.add_round(99'900, {20'100, 20'700});
  EXPECT_FALSE(sound.leaks()) << sound.text();
  LeakWatch lost;
  lost.add_round(100'000, {20'000, 20'400});
  lost.add_round(98'000, {20'000, 20'400});
  EXPECT_TRUE(lost.leaks()) << lost.text();
  LeakWatch slab;
  slab.add_round(100'000, {20'000, 20'400});
  slab.add_round(100'000, {20'700, 20'900});
  EXPECT_TRUE(slab.leaks()) << slab.text();
}

}  // namespace
}  // namespace zlt::run
