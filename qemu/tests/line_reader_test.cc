// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace zlt::run {
namespace {

using testing::ElementsAre;

class LineReaderTest : public testing::Test {
 protected:
  std::vector<std::string> lines;
  LineReader reader{8, [this](std::string_view line) { lines.emplace_back(line); }};
};

TEST_F(LineReaderTest, CutsLinesOutOfPiecesOfAnySize) {
  for (const char* piece : {"on", "e\ntw", "o\r", "\n", "\nrest"}) {
    reader.feed(piece);
  }
  EXPECT_THAT(lines, ElementsAre("one", "two", ""));
}

TEST_F(LineReaderTest, DropsAndCountsLinesThatAreTooLong) {
  reader.feed("12345678\n123456789\nshort\n");
  reader.feed("1234");
  reader.feed("56789");
  reader.feed("0\nagain\n");
  EXPECT_THAT(lines, ElementsAre("12345678", "short", "again"));
  EXPECT_EQ(reader.dropped(), 2U);
}

}  // namespace
}  // namespace zlt::run
