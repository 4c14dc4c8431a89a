// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/terminal.h"

#include <gtest/gtest.h>

#include "userspace/zltctl/commands.h"

namespace zlt::ctl {
namespace {

TEST(Table, AlignsByCharactersNotBytes) {
  Table table;
  table.add({{"a"}, {"b"}, {"c"}});
  table.add({{"µµµ"}, {"bb"}, {"cc"}});
  EXPECT_EQ(table.text({}), "a    b   c\nµµµ  bb  cc\n");
}

TEST(Table, CutsOnlyTheLastColumnAndOnlyForATerminal) {
  Table table;
  table.add({{"case"}, {"a lön̈g summary"}});
  EXPECT_EQ(table.text({}), "case  a lön̈g summary\n");
  EXPECT_EQ(table.text({.colour = false, .width = 11}), "case  a lö…\n");
}

TEST(Table, ColoursWithoutChangingTheAlignment) {
  Table table;
  table.add({{"ok", Tone::kGood}, {"x"}});
  table.add({{"longer", Tone::kPlain}, {"x"}});
  EXPECT_EQ(table.text({.colour = true, .width = 0}), "\033[32mok\033[0m      x\nlonger  x\n");
}

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
