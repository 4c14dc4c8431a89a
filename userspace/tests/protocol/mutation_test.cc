// SPDX-License-Identifier: GPL-2.0-only
//
// Lines of messages, changed at random with a fixed seed: whatever is taken for a message means the same when it is
// said again, and whatever is not is refused in one printable line.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "userspace/tests/protocol/samples.h"

namespace zlt::protocol {
namespace {

constexpr unsigned kRounds = 200;  // of each message

class Mutations {
 public:
  std::string changed(std::string line) {
    static const std::vector<std::string> pieces = {
        "null",       "true", "-1",       "1.5",   "1e99", "18446744073709551616",
        "4294967297", "[]",   "{}",       "\"\"",  "[[[[", "\\u001b[2J",
        "../..",      "\xff", "\xc2\x9b", "\n",    "\"",   ",",
        "}",          "0x",   "clean",    "splat:"};
    const unsigned edits = 1 + below(3);
    for (unsigned n = 0; n < edits && !line.empty(); ++n) {
      const size_t at = below(line.size());
      const std::string& piece = pieces[below(pieces.size())];
      switch (below(5)) {
        case 0:
          line.insert(at, piece);
          break;
        case 1:
          line.erase(at, 1 + below(20));
          break;
        case 2:
          line[at] = static_cast<char>(below(256));
          break;
        case 3:
          replace_value(line, at, piece);
          break;
        default:
          line.insert(at, line.substr(below(line.size()), below(30)));
          break;
      }
    }
    return line;
  }

 private:
  size_t below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }
  // A member's value as a whole.
  static void replace_value(std::string& line, size_t from, const std::string& piece) {
    const size_t colon = line.find(':', from);
    const size_t end = line.find_first_of(",}", colon == std::string::npos ? from : colon);
    if (colon != std::string::npos && end != std::string::npos) line.replace(colon + 1, end - colon - 1, piece);
  }

  std::mt19937 random_{20231121};
};

template <typename Message, typename From>
unsigned try_changes(const std::vector<Message>& messages, From from) {
  Mutations mutations;
  unsigned taken = 0;
  for (const Message& message : messages) {
    for (unsigned round = 0; round < kRounds; ++round) {
      const std::string line = mutations.changed(line_of(to_json(message)));
      const Result<Json> json = parse_line(line);
      const Result<Message> read = json ? from(*json) : Result<Message>(tl::unexpected(json.error()));
      if (read) {
        ++taken;
        const Result<Message> again = from(Json::parse(line_of(to_json(*read))));
        EXPECT_TRUE(again && *again == *read) << line;
      } else {
        const std::string error = read.error().line();
        EXPECT_LT(error.size(), 1000U) << line;
        EXPECT_TRUE(
            std::all_of(error.begin(), error.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; }));
      }
    }
  }
  return taken;
}

TEST(Mutation, OfEvents) {
  EXPECT_GT(try_changes(test::every_event(), event_from), 0U);
}

TEST(Mutation, OfCommands) {
  EXPECT_GT(try_changes(test::every_command(), command_from), 0U);
}

}  // namespace
}  // namespace zlt::protocol
