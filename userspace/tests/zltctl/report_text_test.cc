// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "userspace/zltctl/commands.h"

namespace zlt::ctl {
namespace {

TEST(Duration, HasAUnitThatFits) {
  EXPECT_EQ(duration_of(999), "999 ns");
  EXPECT_EQ(duration_of(1024), "1.02 us");
  EXPECT_EQ(duration_of(213'000'000), "213 ms");
  EXPECT_EQ(duration_of(61'500'000'000), "61.50 s");
}

TEST(HistogramText, NamesEachHistogramOnceAndScalesItsBars) {
  const std::string text =
      text_of(std::vector<Bucket>{{"wait", 1024, 2048, 40}, {"wait", 2048, 4096, 1}, {"hold", 1, 2, 20}}, Terminal{});
  EXPECT_EQ(text,
            "wait  1.02 us  to 2.05 us  40  ########################################\n"
            "      2.05 us  to 4.1 us   1   #\n"
            "hold  1 ns     to 2 ns     20  ####################\n");
  EXPECT_EQ(text_of(std::vector<Bucket>(), Terminal{}), "nothing was measured\n");
}

}  // namespace
}  // namespace zlt::ctl
