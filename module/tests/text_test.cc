// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/text.h"

#include <gtest/gtest.h>

#include <string>

#include "module/core/verdict_text.h"

namespace zlt {
namespace {

std::string str(View view) {
  return {view.data(), static_cast<size_t>(view.size())};
}

TEST(View, TakesWordsApart) {
  View text(" one\ttwo  three\r\n");
  EXPECT_EQ(str(text.take_word()), "one");
  EXPECT_EQ(str(text.take_word()), "two");
  EXPECT_EQ(str(text.take_word()), "three");
  EXPECT_TRUE(text.take_word().empty());
  EXPECT_TRUE(text.take_word().empty());
}

TEST(View, OfNothingHasNoWords) {
  for (const char* text : {"", " ", "\n", " \t\r\n"}) EXPECT_TRUE(View(text).take_word().empty());
  EXPECT_TRUE(View().take_word().empty());
}

// A write to debugfs has a length and may hold anything.
TEST(View, EndsWhereItsLengthSays) {
  const char text[] = {'a', 'b', '\0', 'c', 'd'};
  View view(text, 4);
  EXPECT_EQ(str(view.take_word()), std::string("ab\0c", 4));
  EXPECT_TRUE(view.empty());
}

TEST(View, TakesUntilASeparator) {
  View text("key=a=b");
  View head;
  ASSERT_TRUE(text.take_until('=', head));
  EXPECT_EQ(str(head), "key");
  EXPECT_EQ(str(text), "a=b");
}

TEST(View, TakesNothingWithoutTheSeparator) {
  View text("key");
  View head("before");
  EXPECT_FALSE(text.take_until('=', head));
  EXPECT_EQ(str(text), "key");
  EXPECT_EQ(str(head), "before");
}

TEST(View, TakesEmptyEnds) {
  View text("=");
  View head("before");
  ASSERT_TRUE(text.take_until('=', head));
  EXPECT_TRUE(head.empty());
  EXPECT_TRUE(text.empty());
}

TEST(View, ComparesWholeText) {
  EXPECT_TRUE(View("abc") == View("abcd", 3));
  EXPECT_FALSE(View("abc") == View("abd"));
  EXPECT_FALSE(View("abc") == View("ab"));
  EXPECT_TRUE(View() == View(""));
}

TEST(View, ReadsNumbers) {
  const struct {
    const char* text;
    uint64_t number;
  } good[] = {{"0", 0},   {"7", 7},      {"007", 7},    {"18446744073709551615", UINT64_MAX},
              {"0x0", 0}, {"0xff", 255}, {"0XFf", 255}, {"0xffffffffffffffff", UINT64_MAX}};
  for (const auto& [text, expected] : good) {
    uint64_t number = 99;
    EXPECT_TRUE(View(text).to_number(number)) << text;
    EXPECT_EQ(number, expected) << text;
  }
}

TEST(View, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "abc", "0x", "0xg", "x1", "12a", "1\n",
                           "18446744073709551616", "99999999999999999999", "0x10000000000000000", "\xff"}) {
    uint64_t number = 0;
    EXPECT_FALSE(View(text).to_number(number)) << text;
  }
}

TEST(Text, AppendsAndClears) {
  Text<16> text;
  EXPECT_TRUE(text.empty());
  text.append("%s=%d", "a", 1).append(" b");
  EXPECT_STREQ(text.c_str(), "a=1 b");
  text.clear();
  EXPECT_TRUE(text.empty());
  EXPECT_STREQ(text.c_str(), "");
}

TEST(Text, CutsOffWhatDoesNotFit) {
  Text<8> text;
  text.append("%s", "0123456789");
  EXPECT_STREQ(text.c_str(), "0123456");
  text.append("%s", "more");
  EXPECT_STREQ(text.c_str(), "0123456");
}

TEST(VerdictText, NamesOutcomesInOrder) {
  VerdictText clean;
  append_verdict(clean, abi::kClean);
  EXPECT_STREQ(clean.c_str(), "clean");
  VerdictText two;
  append_verdict(two, abi::Outcome::kSplatInconsistentState | abi::Outcome::kLivelock);
  EXPECT_STREQ(two.c_str(), "livelock,splat:inconsistent-state");
}

TEST(VerdictText, HoldsEveryOutcomeAtOnce) {
  abi::Verdict all;
  std::string expected;
  for (size_t i = 0; i < abi::kOutcomes; ++i) {
    all |= static_cast<abi::Outcome>(i);
    expected += (i > 0 ? "," : "") + std::string(abi::kOutcomeNames[i]);
  }
  VerdictText text;
  append_verdict(text, all);
  EXPECT_EQ(text.c_str(), expected);
}

TEST(Verdict, WithoutSplatsKeepsTheRest) {
  const abi::Verdict seen = abi::Outcome::kLivelock | abi::Outcome::kSplatCircular | abi::Outcome::kInfra;
  EXPECT_TRUE(seen.without_splats() == (abi::Outcome::kLivelock | abi::Outcome::kInfra));
  EXPECT_TRUE(abi::Verdict(abi::Outcome::kSplatPreemptible).without_splats().clean());
}

}  // namespace
}  // namespace zlt
