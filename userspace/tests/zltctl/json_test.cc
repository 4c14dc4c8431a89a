// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/json.h"

#include <gtest/gtest.h>

#include "userspace/tests/zltctl/samples.h"
#include "userspace/zltctl/formats.h"

namespace zlt::ctl {
namespace {

using protocol::Json;
using protocol::line_of;

TEST(JsonOfResult, HasEveryMemberOfTheContract) {
  const auto file = parse_result(test::result_text("a/b", 1, false));
  ASSERT_TRUE(file);
  const Json json = to_json(*file->last);
  for (const char* key : {"case", "form", "verdict", "expected", "ok", "stopped", "reason", "seed", "plan", "run_ns",
                          "kernel", "counters", "facts", "params"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["verdict"], Json({"livelock", "splat:circular"}));
  EXPECT_EQ(json["kernel"]["lockdep"], true);
  EXPECT_EQ(json["kernel"]["release"], "6.1.0-56-amd64");
  EXPECT_EQ(json["counters"]["spins"], 31802);
  EXPECT_EQ(json["facts"]["preemptible"], 1);
}

TEST(JsonOfResult, SeedsAreTextBecauseADoubleCannotHoldThem) {
  const auto file = parse_result(test::result_text("a/b", 1));
  ASSERT_TRUE(file);
  const Json json = to_json(*file->last);
  EXPECT_EQ(json["seed"], "18446744073709551615");
  EXPECT_EQ(json["params"]["seed"], "18446744073709551615");
  EXPECT_EQ(json["params"]["loops"], 10);
}

TEST(JsonOfStatus, IsAsInDebugfs) {
  const auto status = parse_status(test::status_text("running", "a/b", 3, 4));
  ASSERT_TRUE(status);
  EXPECT_EQ(to_json(*status), Json({{"abi", 1},
                                    {"state", "running"},
                                    {"case", "a/b"},
                                    {"form", "bounded"},
                                    {"turn", 3},
                                    {"steps", 0},
                                    {"loops", 10},
                                    {"runs", 4}}));
}

TEST(JsonLine, SurvivesBytesThatAreNoText) {
  const std::string line = line_of(Json{{"reason", "\xff\n"}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_FALSE(Json::parse(line, nullptr, false).is_discarded());
}

}  // namespace
}  // namespace zlt::ctl
