// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/base/printable.h"

#include <gtest/gtest.h>

#include "userspace/base/result.h"

namespace zlt {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  EXPECT_EQ(printable("plain, µ … 漢字 \\n"), "plain, µ … 漢字 \\n");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, ShowsWhatWouldMoveTheCursor) {
  EXPECT_EQ(printable("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m\x07\x7f"), "\\x1b[31mred\\x1b[0m\\x07\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m");  // CSI in one character
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "txt"),
            "\\u202etxt");  // right to left from here
  EXPECT_EQ(printable("a\xe2\x80\xa8"
                      "b"),
            "a\\u2028b");  // a line separator
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            "\\x9b31m");                                             // a bare C1 byte
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // too long a form of /
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond the last character
  EXPECT_EQ(printable("\xe6\xbc"), "\\xe6\\xbc");                    // cut in the middle
}

TEST(Printable, TwiceIsAsOnce) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string once = printable(std::string("x") + static_cast<char>(byte) + "\xc2\x85");
    EXPECT_EQ(printable(once), once);
    for (const char c : once) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(Printable, AnErrorsLineIsOneLine) {
  EXPECT_EQ((Error{"it said \"\x1b[2J\nok clean\"", "see \x9b"}).line(), "it said \"\\x1b[2J\\nok clean\"; see \\x9b");
}

TEST(Quote, IsCutAndPrintable) {
  EXPECT_EQ(quote("a\nb"), "\"a\\nb\"");
  EXPECT_EQ(quote("123456", 4), "\"123…\"");
  EXPECT_LT(quote(std::string(1U << 20U, '\x1b'), 40).size(), 50U);
}

TEST(PrintableJson, EscapesWhatJsonAllowsAndATerminalObeys) {
  EXPECT_EQ(printable_json("{\"a\":\"\xc2\x9b\x7fµ\xe2\x80\xae\"}\n"), "{\"a\":\"\\u009b\\u007fµ\\u202e\"}\n");
}

TEST(Width, CountsColumns) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("µ…"), 2U);
  EXPECT_EQ(width_of("漢字"), 4U);
  EXPECT_EQ(width_of("a\xcc\x88"), 1U);  // a and a combining diaeresis
  EXPECT_EQ(cut_to("漢字漢字", 4), "漢…");
  EXPECT_EQ(cut_to("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to("abcdef", 1), "…");
  EXPECT_EQ(cut_to("abcdef", 0), "");
}

}  // namespace
}  // namespace zlt
