// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/table.h"

#include <gtest/gtest.h>

#include "userspace/base/printable.h"

namespace zlt {
namespace {

TEST(Table, AlignsByCharactersNotBytes) {
  Table table;
  table.add({{"a"}, {"b"}, {"c"}});
  table.add({{"µµµ"}, {"bb"}, {"cc"}});
  EXPECT_EQ(table.text({}), "a    b   c\nµµµ  bb  cc\n");
}

TEST(Table, AlignsWideLetters) {
  Table table;
  table.add({{"漢字"}, {"x"}});
  table.add({{"abcde"}, {"x"}});
  EXPECT_EQ(table.text({}), "漢字   x\nabcde  x\n");
}

TEST(Table, CutsTheLastColumnFirstAndOnlyForATerminal) {
  Table table;
  table.add({{"case"}, {"a lön̈g summary"}});
  EXPECT_EQ(table.text({}), "case  a lön̈g summary\n");
  EXPECT_EQ(table.text({.colour = false, .width = 15}), "case  a lön̈g s…\n");
}

TEST(Table, IsNeverWiderThanTheTerminal) {
  Table table;
  table.add({{"case"}, {"stock"}, {"stock-rt (booting)"}, {"lockdep"}});
  table.add({{"irq-off-outside/thread-reader"}, {"ok clean"}, {"FAIL livelock,splat:circular"}, {"漢字漢字漢字"}});
  for (size_t width = 1; width < 100; ++width) {
    for (const std::string& line : table.lines({.colour = false, .width = width})) {
      EXPECT_LE(width_of(line), width) << line;
      EXPECT_FALSE(line.empty()) << width;
    }
  }
}

TEST(Table, EveryColumnKeepsSomethingAsLongAsItCan) {
  Table table;
  table.add({{"irq-off-outside/thread-reader"}, {"ok clean"}, {"ok livelock"}});
  EXPECT_EQ(table.text({.colour = false, .width = 31}), "irq-off-ou…  ok clean  ok live…\n");
}

TEST(Table, ColoursWithoutChangingTheAlignment) {
  Table table;
  table.add({{"ok", Tone::kGood}, {"x"}});
  table.add({{"longer", Tone::kPlain}, {"x"}});
  EXPECT_EQ(table.text({.colour = true, .width = 0}), "\033[32mok\033[0m      x\nlonger  x\n");
}

TEST(Table, CellsAreOneLineEach) {
  Table table;
  table.add({{"a\nstock: x: ok clean"}, {"\x1b[2Jb"}});
  EXPECT_EQ(table.text({}), "a\\nstock: x: ok clean  \\x1b[2Jb\n");
}

TEST(Table, LinesEndWithTheirText) {
  Table table;
  table.add({{"a"}, {""}, {""}});
  table.add({{"abc"}, {"d"}, {"e"}});
  EXPECT_EQ(table.text({}), "a\nabc  d  e\n");
}

}  // namespace
}  // namespace zlt
