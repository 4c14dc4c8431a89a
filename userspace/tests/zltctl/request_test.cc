// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/request.h"

#include <gmock/gmock.h>

namespace zlt::ctl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Request, IsWrittenAsOneLine) {
  RunRequest request;
  request.id = "irqsave/hardirq-reader";
  ASSERT_TRUE(add_word(request, "loops=100"));
  ASSERT_TRUE(add_word(request, "form=faithful"));
  ASSERT_TRUE(add_word(request, "seed=0x7"));
  EXPECT_EQ(request.line(), "irqsave/hardirq-reader form=faithful loops=100 seed=0x7");
}

TEST(Request, RefusesWordsThatAreNoKeyAndValue) {
  for (const char* bad : {"loops", "=5", "", "loops=1 seed=2", "loops=1\nirqs-on/x"}) {
    RunRequest request;
    EXPECT_FALSE(add_word(request, bad)) << bad;
    EXPECT_TRUE(request.params.empty());
  }
}

TEST(Params, RangesAreInclusive) {
  for (const abi::ParamSpec& spec : abi::kParams) {
    EXPECT_TRUE(check_param(spec.name, std::to_string(spec.min))) << spec.name;
    EXPECT_TRUE(check_param(spec.name, std::to_string(spec.max))) << spec.name;
    EXPECT_TRUE(check_param(spec.name, std::to_string(spec.fallback))) << spec.name;
    if (spec.min > 0) {
      EXPECT_FALSE(check_param(spec.name, std::to_string(spec.min - 1))) << spec.name;
    }
    if (spec.max < UINT64_MAX) {
      EXPECT_FALSE(check_param(spec.name, std::to_string(spec.max + 1))) << spec.name;
    }
  }
}

TEST(Params, AValueOutOfRangeIsToldTheRangeAndTheUnit) {
  for (const char* bad : {"9", "100001", "fast", "", "-1"}) {
    const Status status = check_param("hold_us", bad);
    ASSERT_FALSE(status) << bad;
    EXPECT_THAT(status.error().what, HasSubstr("from 10 to 100000 us"));
  }
}

TEST(Params, AnUnknownKeyIsToldTheNearestFirst) {
  const Status status = check_param("lops", "1");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("'lops'"));
  EXPECT_THAT(status.error().hint, StartsWith("valid: loops, "));
  for (const abi::ParamSpec& spec : abi::kParams) EXPECT_THAT(status.error().hint, HasSubstr(spec.name));
}

TEST(Check, TakesAndRefusesForms) {
  RunRequest request;
  request.id = "a/b";
  EXPECT_TRUE(check(request));
  request.form = "faithful";
  EXPECT_TRUE(check(request));
  request.form = "brave";
  const Status status = check(request);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().hint, HasSubstr("bounded, faithful"));
}

TEST(Check, ACaseIsOneWord) {
  RunRequest request;
  request.id = "a/b allow_hang=1";
  EXPECT_FALSE(check(request));
}

Result<RunRequest> request(const std::string& line) {
  const Result<protocol::Json> json = protocol::parse_line(line);
  if (!json) return tl::unexpected(json.error());
  const Result<protocol::Command> command = protocol::command_from(*json);
  if (!command) return tl::unexpected(command.error());
  return request_of(std::get<protocol::RunCase>(*command));
}

TEST(RequestOfACommand, TakesNumbersTextsAndTruthAsParameters) {
  const auto run = request(
      R"({"op":"run","id":1,"case":"a/b","form":"faithful","params":{"allow_hang":true,"loops":10,"seed":"18446744073709551615"}})");
  ASSERT_TRUE(run) << run.error().line();
  EXPECT_EQ(run->line(), "a/b form=faithful allow_hang=1 loops=10 seed=18446744073709551615");
}

TEST(RequestOfACommand, TheFormIsBoundedUnlessSaid) {
  const auto run = request(R"({"op":"run","case":"a/b","params":null,"more":[1,2]})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->line(), "a/b form=bounded");
}

TEST(RequestOfACommand, RefusesWhatCannotBeARun) {
  for (const char* bad :
       {R"({"op":"run"})", R"({"op":"run","case":5})", R"({"op":"run","case":"a/b","params":[]})",
        R"({"op":"run","case":"a/b","params":{"loops":-1}})", R"({"op":"run","case":"a/b","params":{"loops":1.5}})",
        R"({"op":"run","case":"a/b","params":{"loops":{}}})",
        R"({"op":"run","case":"a/b","params":{"loops":"1 seed=2"}})",
        R"({"op":"run","case":"a/b","params":{"lops":1}})", R"({"op":"run","case":"a/b","params":{"loops":null}})"}) {
    EXPECT_FALSE(request(bad)) << bad;
  }
}

}  // namespace
}  // namespace zlt::ctl
