// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/line_buffer.h"

#include <gmock/gmock.h>

#include <vector>

namespace zlt::ctl {
namespace {

using testing::ElementsAre;

std::vector<std::string> taken(LineBuffer& buffer) {
  std::vector<std::string> out;
  while (auto line = buffer.next()) out.push_back(line->too_long ? "<too long>" : line->text);
  return out;
}

TEST(LineBuffer, PutsPiecesTogether) {
  LineBuffer buffer(100);
  for (const char* piece : {"{\"o", "p\":", "1}"}) {
    buffer.feed(piece);
    EXPECT_TRUE(taken(buffer).empty());
  }
  buffer.feed("\n");
  EXPECT_THAT(taken(buffer), ElementsAre("{\"op\":1}"));
}

TEST(LineBuffer, TakesSeveralLinesApart) {
  LineBuffer buffer(100);
  buffer.feed("one\r\ntwo\n\nthr");
  EXPECT_THAT(taken(buffer), ElementsAre("one", "two", ""));
  buffer.feed("ee\n");
  EXPECT_THAT(taken(buffer), ElementsAre("three"));
}

TEST(LineBuffer, ALineOfExactlyTheLimitIsTaken) {
  LineBuffer buffer(4);
  buffer.feed("1234\n");
  EXPECT_THAT(taken(buffer), ElementsAre("1234"));
  buffer.feed("12345\n1\n");
  EXPECT_THAT(taken(buffer), ElementsAre("<too long>", "1"));
}

TEST(LineBuffer, ALongLineIsReportedOnceHoweverItComes) {
  LineBuffer buffer(4);
  for (int i = 0; i < 10; ++i) {
    buffer.feed("12345");
    EXPECT_TRUE(taken(buffer).empty());
  }
  buffer.feed("6\nnext\n");
  EXPECT_THAT(taken(buffer), ElementsAre("<too long>", "next"));
}

}  // namespace
}  // namespace zlt::ctl
