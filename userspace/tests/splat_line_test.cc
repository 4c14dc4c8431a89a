// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "userspace/splat/line.h"

namespace zlt::splat {
namespace {

using testing::ElementsAre;

struct Message {
  std::string text;
  Source source;
  friend bool operator==(const Message& a, const Message& b) { return a.text == b.text && a.source == b.source; }
  // NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
  friend void PrintTo(const Message& m, std::ostream* out) {
    *out << '"' << m.text << "\" from " << static_cast<int>(m.source.origin) << '/' << m.source.id;
  }
};

std::vector<Message> split(std::string_view raw) {
  LineSplitter splitter;
  splitter.reset(raw);
  std::vector<Message> messages;
  std::string_view text;
  Source source;
  size_t at = 0;
  while (splitter.next(text, source, at)) messages.push_back({std::string(text), source});
  return messages;
}

constexpr Source kConsole{Origin::kConsole, 0};
constexpr Source kPlain{};

TEST(Line, WithoutAnything) {
  EXPECT_THAT(split("hello"), ElementsAre(Message{"hello", kPlain}));
}

TEST(Line, OfTheConsole) {
  EXPECT_THAT(split("[    1.234567] hello"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("<4>[12345.123456] hello\r"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("[    1.234567]  indented"), ElementsAre(Message{" indented", kConsole}));
}

TEST(Line, WithItsCaller) {
  EXPECT_THAT(split("[    1.234567][   T12] hello"), ElementsAre(Message{"hello", {Origin::kTask, 12}}));
  EXPECT_THAT(split("[    1.234567] [    C3] hello"), ElementsAre(Message{"hello", {Origin::kCpu, 3}}));
  EXPECT_THAT(split("[    1.234567][ PCI ] hello"), ElementsAre(Message{"[ PCI ] hello", kConsole}));
}

TEST(Line, OfSyslogAndJournald) {
  EXPECT_THAT(split("Jun 10 12:34:56 host kernel: hello"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("2024-06-10T12:34:56.123456+02:00 host kernel: [   12.345678] hello"),
              ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("[Mon Jun 10 12:34:56 2024] hello"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("Jun 10 12:34:56 host sshd[12]: kernel: hello"),
              ElementsAre(Message{"Jun 10 12:34:56 host sshd[12]: kernel: hello", kPlain}))
      << "a daemon that speaks of the kernel";
}

TEST(Line, OfKmsgAndExtendedNetconsole) {
  EXPECT_THAT(split("4,1283,44318264,-;hello"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("4,1283,44318264,-,caller=T7;hello"), ElementsAre(Message{"hello", {Origin::kTask, 7}}));
}

TEST(Line, BehindAClockOfCi) {
  EXPECT_THAT(split("2024-06-10T12:34:56.1234567Z [   12.345678] hello"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split("12:34:56.789 <6>[   12.345678][    T1] hello"), ElementsAre(Message{"hello", {Origin::kTask, 1}}));
}

TEST(Line, MergedMidWay) {
  EXPECT_THAT(split("[    1.000000] one[    1.000001] two"),
              ElementsAre(Message{"one", kConsole}, Message{"two", kConsole}));
  EXPECT_THAT(split("host login: [    1.000000][    T9] hello"),
              ElementsAre(Message{"host login: ", kPlain}, Message{"hello", {Origin::kTask, 9}}));
}

TEST(Line, BehindWhatOnlyLooksLikeALevel) {
  EXPECT_THAT(split("<x>[   20.000029] hello"), ElementsAre(Message{"<x>", kPlain}, Message{"hello", kConsole}))
      << "this one was never done with";
}

TEST(Line, WithColoursAndControlBytes) {
  EXPECT_THAT(split("\x1b[1;31m[    1.000000]\x1b[0m he\x07llo"), ElementsAre(Message{"hello", kConsole}));
  EXPECT_THAT(split(std::string_view("a\0b", 3)), ElementsAre(Message{"ab", kPlain}));
}

TEST(Line, OffsetsOfMergedMessages) {
  LineSplitter splitter;
  splitter.reset("abcd[    1.000000] two");
  std::string_view text;
  Source source;
  size_t at = 7;
  ASSERT_TRUE(splitter.next(text, source, at));
  EXPECT_EQ(at, 0U);
  ASSERT_TRUE(splitter.next(text, source, at));
  EXPECT_EQ(at, 4U);
  EXPECT_FALSE(splitter.next(text, source, at));
}

}  // namespace
}  // namespace zlt::splat
