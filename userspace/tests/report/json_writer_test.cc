// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "userspace/protocol/json.h"

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
  Splat splat;
  splat.kind = "circular";
  splat.family = "lockdep";
  splat.title = "possible deadlock in f";
  splat.text = "the text";
  splat.outcome = "splat:circular";
  splat.log = "console.log";
  splat.guilty.function = "f";
  splat.fingerprint = "0123456789abcdef";
  splat::Lock lock;
  lock.name = "&zone->lock";
  lock.role = "acquiring";
  splat.locks = {lock};
  splat::ChainLink link;
  link.index = 0;
  link.name = "&zone->lock";
  splat.chain = {link};
  record.splats = {splat};
  protocol::RunReport report;
  report.result.name = record.name;
  report.result.verdict = {"livelock"};
  report.result.reason = "gave up";
  report.result.seed = 7;
  report.result.plan = "0x8f3c000000000001";
  report.result.params = {{"loops", 10}, {"seed", 7}};
  report.result.kernel = {"6.1.0", {{"rt", false}, {"lockdep", true}}};
  report.histogram = {{"reader_wait", 1024, 2048, 7}};
  report.debug_locks = true;
  record.run = report;
  record.artifacts = "irqs-on.hardirq-reader/stock/1";
  run.cases.push_back(record);
  return run;
}

TEST(JsonWriter, HasEveryMemberOfSchema2) {
  const Json out = Json::parse(to_json(a_run()));
  EXPECT_EQ(out["schema"], 2);
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
  EXPECT_EQ(record["splats"][0]["text"], "the text");
  EXPECT_EQ(record["splats"][0]["outcome"], "splat:circular");
  EXPECT_EQ(record["splats"][0]["file"], "console.log");
  EXPECT_EQ(record["splats"][0]["guilty"]["function"], "f");
  EXPECT_EQ(record["splats"][0]["locks"][0]["name"], "&zone->lock");
  EXPECT_EQ(record["splats"][0]["chain"][0]["name"], "&zone->lock");
  EXPECT_EQ(record["splats"][0]["fingerprint"], "0123456789abcdef");
  EXPECT_EQ(record["run"]["result"]["plan"], "0x8f3c000000000001");
  EXPECT_EQ(record["run"]["result"]["params"], (Json{{"loops", 10}, {"seed", "7"}}));
  EXPECT_EQ(record["run"]["result"]["verdict"], Json::array({"livelock"}));
  EXPECT_EQ(record["run"]["histogram"][0],
            (Json{{"name", "reader_wait"}, {"from_ns", 1024}, {"to_ns", 2048}, {"count", 7}}));
  EXPECT_EQ(record["run"]["debug_locks"], true);
  EXPECT_EQ(record["counters"]["turns"], 10);
  EXPECT_EQ(record["artifacts"], "irqs-on.hardirq-reader/stock/1");
  EXPECT_EQ(out["summary"], (Json{{"cases", 1}, {"expected", 1}, {"unexpected", 0}, {"unconfirmed", 0}, {"infra", 0}}));
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

// What the module said of its run comes back out of the file as it went in.
TEST(JsonWriter, ARunIsNotChangedOnTheWay) {
  const report::Run run = a_run();
  const Result<protocol::RunReport> back = protocol::run_report_from(Json::parse(to_json(run))["cases"][0]["run"]);
  ASSERT_TRUE(back) << back.error().line();
  EXPECT_EQ(*back, run.cases[0].run);
}

TEST(JsonWriter, ACaseThatTheModuleNeverSpokeOfHasNoRun) {
  report::Run run = a_run();
  run.cases[0].run.reset();
  EXPECT_FALSE(Json::parse(to_json(run))["cases"][0].contains("run"));
}

TEST(JsonWriter, HasNoControlCharacterButItsLines) {
  report::Run run = a_run();
  const std::string bad =
      "x\x1b[2J\n\xc2\x9b"
      "1A\x7f\xe2\x80\xae";
  run.cases[0].reason = bad;
  run.cases[0].splats[0].text = bad;
  run.cases[0].run->result.reason = bad;
  run.cases[0].facts["vcpu0"] = bad;
  const std::string text = to_json(run);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(Json::parse(text)["cases"][0]["reason"], bad);
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
  report::Run run = a_run();
  run.cases[0].splats[0].text = "bad \xff\xfe bytes";
  const Json out = Json::parse(to_json(run));
  EXPECT_NE(out["cases"][0]["splats"][0]["text"].get<std::string>().find("\xef\xbf\xbd"), std::string::npos);
}

}  // namespace
}  // namespace zlt::report
