// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/line_splitter.h"

#include <gmock/gmock.h>

#include <vector>

namespace zlt {
namespace {

using testing::ElementsAre;

std::vector<std::string> taken(LineSplitter& buffer) {
  std::vector<std::string> out;
  while (auto line = buffer.next()) out.push_back(line->too_long ? "<too long>" : line->text);
  return out;
}

TEST(LineSplitter, PutsPiecesTogether) {
  LineSplitter buffer(100);
  for (const char* piece : {"{\"o", "p\":", "1}"}) {
    buffer.feed(piece);
    EXPECT_TRUE(taken(buffer).empty());
  }
  buffer.feed("\n");
  EXPECT_THAT(taken(buffer), ElementsAre("{\"op\":1}"));
}

TEST(LineSplitter, TakesSeveralLinesApart) {
  LineSplitter buffer(100);
  buffer.feed("one\r\ntwo\n\nthr");
  EXPECT_THAT(taken(buffer), ElementsAre("one", "two", ""));
  buffer.feed("ee\n");
  EXPECT_THAT(taken(buffer), ElementsAre("three"));
}

TEST(LineSplitter, ALineOfExactlyTheLimitIsTaken) {
  LineSplitter buffer(4);
  buffer.feed("1234\n");
  EXPECT_THAT(taken(buffer), ElementsAre("1234"));
  buffer.feed("12345\n1\n");
  EXPECT_THAT(taken(buffer), ElementsAre("<too long>", "1"));
}

TEST(LineSplitter, ALongLineIsReportedOnceHoweverItComes) {
  LineSplitter buffer(4);
  for (int i = 0; i < 10; ++i) {
    buffer.feed("12345");
    EXPECT_TRUE(taken(buffer).empty());
  }
  buffer.feed("6\nnext\n");
  EXPECT_THAT(taken(buffer), ElementsAre("<too long>", "next"));
}

TEST(LineSplitter, TheEndOfALineIsNoPartOfIt) {
  LineSplitter buffer(4);
  buffer.feed("1234\r");
  EXPECT_TRUE(taken(buffer).empty());
  buffer.feed("\n\r\n");
  EXPECT_THAT(taken(buffer), ElementsAre("1234", ""));
}

// Thousands of lines in one piece are not moved about for every line.
TEST(LineSplitter, ManyLinesInOnePieceTakeNoTime) {
  LineSplitter buffer(100);
  std::string piece;
  for (int i = 0; i < 1'000'000; ++i) piece += "x\n";
  buffer.feed(piece);
  EXPECT_EQ(taken(buffer).size(), 1'000'000U);
}

}  // namespace
}  // namespace zlt
