// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/command.h"

#include <gmock/gmock.h>

namespace zlt::ctl {
namespace {

Result<RunRequest> request(const std::string& line) {
  const Result<Json> command = parse_command(line);
  if (!command) return tl::unexpected(command.error());
  return request_of(*command);
}

TEST(Command, TakesNumbersTextsAndTruthAsParameters) {
  const auto run = request(
      R"({"op":"run","id":1,"case":"a/b","form":"faithful","params":{"allow_hang":true,"loops":10,"seed":"18446744073709551615"}})");
  ASSERT_TRUE(run) << run.error().line();
  EXPECT_EQ(run->line(), "a/b form=faithful allow_hang=1 loops=10 seed=18446744073709551615");
}

TEST(Command, TheFormIsBoundedUnlessSaid) {
  const auto run = request(R"({"case":"a/b","params":null,"more":[1,2]})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->line(), "a/b form=bounded");
}

TEST(Command, RefusesWhatCannotBeARun) {
  for (const char* bad : {R"({})", R"({"case":5})", R"({"case":"a/b","params":[]})",
                          R"({"case":"a/b","params":{"loops":-1}})", R"({"case":"a/b","params":{"loops":1.5}})",
                          R"({"case":"a/b","params":{"loops":{}}})", R"({"case":"a/b","params":{"loops":"1 seed=2"}})",
                          R"({"case":"a/b","params":{"lops":1}})", R"({"case":"a/b","params":{"loops":null}})"}) {
    EXPECT_FALSE(request(bad)) << bad;
  }
}

TEST(Command, RefusesWhatIsNoObject) {
  for (const char* bad : {"", "run", "[]", "5", "null", "{", R"({"op":"run")", "\xff\xfe", "{} {}"}) {
    EXPECT_FALSE(parse_command(bad)) << bad;
  }
}

TEST(Command, ShowsTheBeginningOfALongOne) {
  const auto command = parse_command(std::string(60000, 'x'));
  ASSERT_FALSE(command);
  EXPECT_LT(command.error().what.size(), 200U);
}

TEST(Command, SurvivesDepth) {
  EXPECT_FALSE(parse_command(std::string(65000, '[')));
  EXPECT_FALSE(parse_command(std::string(32000, '[') + std::string(32000, ']')));
  EXPECT_TRUE(parse_command(R"({"x":)" + std::string(32000, '[') + std::string(32000, ']') + "}"));
}

TEST(Command, AnIdIsAnyScalar) {
  EXPECT_EQ(id_of(Json::parse(R"({"id":7})")), 7);
  EXPECT_EQ(id_of(Json::parse(R"({"id":"x"})")), "x");
  EXPECT_TRUE(id_of(Json::parse(R"({"id":[1]})")).is_null());
  EXPECT_TRUE(id_of(Json::parse(R"({})")).is_null());
}

}  // namespace
}  // namespace zlt::ctl
