// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace zlt::report {
namespace {

using Json = nlohmann::json;

Run a_run() {
  Run run;
  run.started = "2023-06-21T10:00:00Z";
  run.seed = UINT64_MAX;
  run.host = {{"accel", "tcg"}};
  run.flavours["stock"] = {"6.1.0", false, false};
  CaseRecord record;
  record.name = "irqs-on/hardirq-reader";
  record.flavour = "stock";
  record.form = "bounded";
  record.expected = {"livelock"};
  record.observed = {"livelock"};
  record.ok = true;
  record.reason = "gave up";
  record.seed = 7;
  record.wall_s = 0.5;
  record.run_s = 0.25;
  record.counters = {{"turns", 10}};
  record.splats = {{"circular", "possible deadlock in f", "the text", "splat:circular"}};
  record.artifacts = "irqs-on.hardirq-reader/stock/1";
  run.cases.push_back(record);
  return run;
}

TEST(JsonWriter, HasEveryMemberOfSchema1) {
  const Json out = Json::parse(to_json(a_run()));
  EXPECT_EQ(out["schema"], 1);
  EXPECT_EQ(out["started"], "2023-06-21T10:00:00Z");
  EXPECT_EQ(out["seed"], "18446744073709551615");
  EXPECT_EQ(out["host"]["accel"], "tcg");
  EXPECT_EQ(out["flavours"]["stock"], (Json{{"release", "6.1.0"}, {"rt", false}, {"lockdep", false}}));
  const Json& record = out["cases"][0];
  EXPECT_EQ(record["case"], "irqs-on/hardirq-reader");
  EXPECT_EQ(record["flavour"], "stock");
  EXPECT_EQ(record["expected"], Json::array({"livelock"}));
  EXPECT_EQ(record["observed"], Json::array({"livelock"}));
  EXPECT_EQ(record["ok"], true);
  EXPECT_EQ(record["reason"], "gave up");
  EXPECT_EQ(record["wall_s"], 0.5);
  EXPECT_EQ(record["run_s"], 0.25);
  EXPECT_EQ(record["splats"][0]["title"], "possible deadlock in f");
  EXPECT_EQ(record["counters"]["turns"], 10);
  EXPECT_EQ(record["artifacts"], "irqs-on.hardirq-reader/stock/1");
  EXPECT_EQ(out["summary"], (Json{{"cases", 1}, {"expected", 1}, {"unexpected", 0}, {"infra", 0}}));
}

TEST(JsonWriter, AnEmptyRunHasListsAndObjects) {
  const Json out = Json::parse(to_json(report::Run()));
  EXPECT_TRUE(out["cases"].is_array());
  EXPECT_TRUE(out["flavours"].is_object());
}

TEST(JsonWriter, CleanIsWrittenOut) {
  report::Run run = a_run();
  run.cases[0].observed.clear();
  run.cases[0].counters.clear();
  run.cases[0].splats.clear();
  const Json out = Json::parse(to_json(run));
  EXPECT_EQ(out["cases"][0]["observed"], Json::array({"clean"}));
  EXPECT_TRUE(out["cases"][0]["counters"].is_object());
  EXPECT_TRUE(out["cases"][0]["splats"].is_array());
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
  report::Run run = a_run();
  run.cases[0].splats[0].text = "bad \xff\xfe bytes";
  const Json out = Json::parse(to_json(run));
  EXPECT_NE(out["cases"][0]["splats"][0]["text"].get<std::string>().find("\xef\xbf\xbd"), std::string::npos);
}

}  // namespace
}  // namespace zlt::report
