// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest may say on its control port to be believed more than it is: none of it is, each lie is told of, and
// nothing of it reaches the terminal or the file system as it came.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qemu/tests/sandbox.h"
#include "userspace/base/files.h"
#include "userspace/base/printable.h"
#include "userspace/protocol/event.h"

namespace zlt::test {
namespace {

namespace fs = std::filesystem;
using run::get_string;
using run::get_strings;
using run::Json;
using run::member;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What a guest says of a case that it ran, as a whole.
Json a_result(const std::string& name) {
  protocol::Finished out{1, {}};
  out.report.result.name = name;
  out.report.result.plan = "0x1";
  out.report.result.kernel = {"6.1.0-fake", {{"rt", false}, {"lockdep", false}}};
  Json json = protocol::to_json(protocol::Event(out));
  json["t_ms"] = 7;
  return json;
}

// The fake's script is JSON, and some lies are no UTF-8.
std::string hex(const std::string& line) {
  std::string out = "hex:";
  for (const char c : line) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

struct Lie {
  std::vector<std::string> lines;
  std::string why;  // what zlt says of it
};

// A result with one thing changed.
template <typename Change>
std::string changed(const std::string& name, Change change) {
  Json json = a_result(name);
  change(json);
  return json.dump();
}

std::vector<Lie> lies(const std::string& name) {
  const std::string good = a_result(name).dump();
  const auto verdict = [&](const char* text) {
    return changed(name, [text](Json& json) { json["result"]["verdict"] = Json::parse(text); });
  };
  const auto set = [&](const char* key, const Json& value) {
    return changed(name, [&](Json& json) { json["result"][key] = value; });
  };
  const auto without = [&](const char* key) { return changed(name, [key](Json& json) { json["result"].erase(key); }); };
  const auto id = [&](const char* text) {
    return changed(name, [text](Json& json) { json["id"] = Json::parse(text); });
  };
  std::vector<Lie> out = {
      {{verdict("[]")}, "`result.verdict` is"},
      {{verdict("[1,null,{}]")}, "`result.verdict` is"},
      {{verdict("\"clean\"")}, "`result.verdict` is"},
      {{verdict("[\"clean\",\"panic\"]")}, "`result.verdict` is"},
      {{verdict("[\"clean\",\"clean\"]")}, "`result.verdict` is"},
      {{verdict("[\"splat:\\u001b[2J\"]")}, "`result.verdict` is"},
      {{verdict("[\"ok\\nclean\"]")}, "`result.verdict` is"},
      {{without("verdict")}, "`result.verdict` is missing"},
      {{without("case")}, "`result.case` is missing"},
      {{without("ok")}, "`result.ok` is missing"},
      {{without("kernel")}, "`result.kernel` is missing"},
      {{set("case", "../../escaped")}, "`result.case` is"},
      {{set("case", "z/other")}, "a result of z/other (bounded) where"},
      {{set("form", "../..")}, "`result.form` is"},
      {{set("form", "faithful")}, "(faithful) where"},
      {{set("ok", "yes")}, "`result.ok` is"},
      {{set("ok", 1)}, "`result.ok` is"},
      {{set("run_ns", -1)}, "`result.run_ns` is"},
      {{set("run_ns", 1e30)}, "`result.run_ns` is"},
      {{set("seed", 7)}, "`result.seed` is"},
      {{set("seed", "18446744073709551616")}, "`result.seed` is"},
      {{set("reason", std::string(5000, 'x'))}, "at most 4096 bytes"},
      {{set("counters", {{"turns", -1}})}, "`result.counters.turns` is"},
      {{set("counters", {{"a\x1b[2J", 1}})}, "not a name"},
      {{set("counters", Json::array())}, "`result.counters` is"},
      {{set("params", nullptr)}, "`result.params` is"},
      {{id("4294967297")}, "command 4294967297, which was not asked"},
      {{id("2")}, "command 2, which was not asked"},
      {{id("null")}, "command null, which was not asked"},
      {{id("\"1\"")}, "command \"1\", which was not asked"},
      {{id("-1")}, "`id` is -1"},
      {{id("1.0")}, "`id` is 1.0"},
      {{id("[1]")}, "`id` is [1]"},
      {{good, verdict("[\"panic\"]")}, "a second result of " + name + ", panic after clean"},
      {{verdict("[\"panic\"]"), good}, "a second result of " + name + ", clean after panic"},
      {{good, good}, "a second result"},
      {{good, R"({"event":"error","id":1,"what":"no","hint":""})"}, "an error of " + name + " after its result"},
      {{R"({"event":"result"})"}, "`result` is missing"},
      {{R"({"event":"result","id":1,"result":[]})"}, "`result` is [], not an object"},
      {{R"({"event":"result","id":1,"result":{},"result":{}})"}, "\"result\" comes twice"},
      {{R"({"event":7})"}, "names no event"},
      {{R"({"event":"dance\u001b[2J"})"}, R"(unknown event "dance\x1b[2J")"},
      {{R"({})"}, "names no event"},
      {{"[1]"}, "no JSON object: \"[1]\""},
      {{"\xff\xfe{]"}, R"(no JSON object: "\xff\xfe{]")"},
      {{"\x1b[2J\x1b[Hstock: a/b: ok clean"}, R"(no JSON object: "\x1b[2J)"},
      {{""}, "no JSON object: \"\""},
      {{R"({"event":"bye","x":)" + std::string(20000, '[') + std::string(20000, ']') + "}"}, "nested too deeply"},
      {{std::string(70000, 'x')}, "a line of more than 64 KiB"},
      {{R"({"event":"started","id":1,"case":"z/other","form":"bounded"})"}, "started z/other (bounded)"},
      {{R"({"event":"started","id":1,"case":"a/..","form":"bounded"})"}, "`case` is"},
      {{R"({"event":"heartbeat","n":"x","status":null,"debug_locks":null})"}, "`n` is"},
      {{R"({"event":"heartbeat","n":1,"debug_locks":null})"}, "`status` is missing"},
      {{R"({"event":"heartbeat","n":1,"status":null,"debug_locks":"off"})"}, "`debug_locks` is"},
      {{R"({"event":"heartbeat","id":5,"n":1,"status":null,"debug_locks":true})"}, "`heartbeat` for command 5"},
      {{R"({"event":"marked","id":100})"}, "`marked` for command 100, which was not asked"},
      {{R"({"event":"nodes","id":100,"memory":7})"}, "`memory` is 7"},
      {{R"({"event":"case","case":"z/z\n","form":"bounded","hazard":"-","expected":["clean"],"summary":""})"},
       "`case` is"},
      {{R"({"event":"loaded","kernel":{"release":"x","rt":false,"lockdep":false},"debug_locks":null,"module_text":"","cases":5})"},
       "told of 5 cases, and told of 0"},
      {{R"({"event":"error","id":1,"what":["x"],"hint":""})"}, "`what` is"},
      {{R"({"event":"hello","proto":1,"release":"6.1"})"}, "version 1"},
  };
  return out;
}

void expect_printable(const std::string& output) {
  for (const char c : output) {
    EXPECT_TRUE(c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20) << printable(output);
  }
  EXPECT_THAT(output, Not(HasSubstr("\xc2\x9b")));
}

class GuestLies : public SandboxTest {
 protected:
  // All names below the results folder, to see what was written where.
  std::vector<std::string> folders() {
    std::vector<std::string> out;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(box.root())) {
      if (entry.is_directory()) {
        out.push_back(fs::relative(entry.path(), box.root()).string());
      }
    }
    return out;
  }
};

TEST_F(GuestLies, NoneIsBelievedAndEachIsToldOf) {
  const size_t count = lies("a/b").size();
  EXPECT_GE(count, 60U);
  for (size_t n = 0; n < count; ++n) {
    const std::string name = "lie/n" + std::to_string(n);
    box.script["cases"][name] = fake_case({"clean"}, {"clean"}, "say");
    box.script["cases"][name]["lines"] = Json::array();
    const Lie lie = lies(name)[n];
    for (const std::string& line : lie.lines) {
      box.script["cases"][name]["lines"].push_back(hex(line));
    }
  }
  const Ran ran = box.run({"--jobs", "4"});
  EXPECT_EQ(ran.status, 2) << ran.output;
  expect_printable(ran.output);
  for (size_t n = 0; n < count; ++n) {
    const std::string name = "lie/n" + std::to_string(n);
    const Lie lie = lies(name)[n];
    const Json record = box.record(name);
    EXPECT_THAT(get_strings(record, "observed"), ElementsAre("infra")) << lie.lines.front().substr(0, 200);
    EXPECT_THAT(get_string(record, "reason"), HasSubstr(lie.why)) << lie.lines.front().substr(0, 200);
    EXPECT_LT(get_string(record, "reason").size(), 400U);
    EXPECT_EQ(get_string(record, "reason"), printable(get_string(record, "reason")));
  }
}

// The names of a table become folders, rows of a table and words of a shell.
TEST_F(GuestLies, NoCaseHasANameThatLeavesItsFolder) {
  for (const char* name : {"../..", "..", "a/..", "a/b\\nrm -rf /", "a b/c", "$(reboot)/x", "A/b", "a/b/c", ""}) {
    box.script["boot"] = "say";
    box.script["lines"] = {
        R"({"event":"hello","proto":2,"release":"6.1.0-fake"})",
        std::string(R"({"event":"case","case":")") + name +
            R"(","form":"bounded","hazard":"-","expected":["clean"],"summary":"s"})",
        R"({"event":"loaded","kernel":{"release":"6.1.0-fake","rt":false,"lockdep":false},"debug_locks":null,"module_text":"","cases":1})",
        R"({"event":"ready","debug_locks":null})"};
    const Ran ran = box.run({});
    EXPECT_EQ(ran.status, 2) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("the guest's control port: case: `case` is")) << name;
    expect_printable(ran.output);
    EXPECT_FALSE(fs::exists(box.results() / "latest"));
  }
}

TEST_F(GuestLies, NoFormIsAWayOut) {
  box.script["boot"] = "say";
  box.script["lines"] = {
      R"({"event":"hello","proto":2,"release":"6.1.0-fake"})",
      R"({"event":"case","case":"a/b","form":"../../..","hazard":"-","expected":["clean"],"summary":"s"})"};
  const std::vector<std::string> before = folders();
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("`form` is \"../../..\""));
  for (const std::string& folder : folders()) {
    EXPECT_TRUE(std::find(before.begin(), before.end(), folder) != before.end() || folder.starts_with("results") ||
                folder.starts_with("cache") || folder.starts_with("tmp"))
        << folder;
  }
}

// Each text that a guest can send, through every way out.
TEST_F(GuestLies, NoTextReachesTheTerminalAsItCame) {
  const std::string bad =
      "x\nstock: a/b: ok clean\x1b[2J\x1b]0;t\x07\xc2\x9b"
      "1A\r\x7f\xe2\x80\xae";
  box.script["cases"]["a/result"] = fake_case({"clean"}, {"livelock"});
  box.script["cases"]["a/result"]["reason"] = bad;
  box.script["cases"]["a/error"] = fake_case({"clean"}, {"clean"}, "say");
  box.script["cases"]["a/error"]["lines"] = {
      Json({{"event", "error"}, {"id", 1}, {"what", bad}, {"hint", bad}}).dump()};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 1) << ran.output;
  expect_printable(ran.output);
  EXPECT_THAT(ran.output, Not(HasSubstr("\nstock: a/b: ok clean")));
  const std::string results = read_file(box.results() / "latest" / "results.json").value_or("");
  expect_printable(results);
  EXPECT_THAT(get_string(box.record("a/error"), "reason"), HasSubstr("the guest refused: x\\nstock"));
  expect_printable(
      read_file(box.results() / "latest" / get_string(box.record("a/result"), "artifacts") / "events.jsonl")
          .value_or("none"));
}

TEST_F(GuestLies, NoTextOfABootDoesEither) {
  const std::string bad =
      "x\nstock: a/b: ok clean\x1b[2J\xc2\x9b"
      "1A";
  box.script["boot"] = "say";
  box.script["lines"] = {R"({"event":"hello","proto":2,"release":"6.1.0-fake"})",
                         Json({{"event", "error"}, {"id", nullptr}, {"what", bad}, {"hint", bad}}).dump()};
  const Ran ran = box.run({});
  EXPECT_EQ(ran.status, 2);
  expect_printable(ran.output);
  EXPECT_THAT(ran.output, HasSubstr(R"(x\nstock: a/b: ok clean\x1b[2J\u009b1A)"));
}

TEST_F(GuestLies, NothingIsLostOnTheWayToTheResults) {
  box.script["cases"] = {{"a/case", fake_case({"clean", "splat:sleeping-atomic"}, {"clean"})}};
  box.script["cases"]["a/case"]["splat"] =
      "[    5.1] BUG: sleeping function called from invalid context at kernel/locking/spinlock_rt.c:48\n"
      "[    5.1] in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 9, name: zlt\n"
      "[    5.1] Call Trace:\n[    5.1]  <TASK>\n[    5.1]  dump_stack_lvl+0x34/0x48\n"
      "[    5.1]  __might_resched.cold+0xaa/0xbe\n[    5.1]  guilty_function+0x1/0x20\n[    5.1]  </TASK>\n";
  const Ran ran = box.run({"--seed", "11"});
  const Json record = box.record("a/case");
  const Json& run = member(record, "run");
  EXPECT_EQ(member(member(run, "result"), "plan"), "0x8f3c") << ran.output;
  EXPECT_EQ(member(member(run, "result"), "seed"), "11");
  EXPECT_EQ(member(member(run, "result"), "params"), Json({{"loops", 10}}));
  EXPECT_EQ(member(run, "histogram"),
            Json::array({{{"name", "reader_wait"}, {"from_ns", 1024}, {"to_ns", 2048}, {"count", 7}}}));
  const Json& splats = member(record, "splats");
  ASSERT_EQ(splats.size(), 1U);
  EXPECT_EQ(get_string(splats[0], "kind"), "sleeping-atomic");
  EXPECT_EQ(get_string(splats[0], "outcome"), "splat:sleeping-atomic");
  EXPECT_EQ(get_string(member(splats[0], "guilty"), "function"), "guilty_function");
  EXPECT_EQ(get_string(splats[0], "fingerprint").size(), 16U);
  EXPECT_EQ(get_string(splats[0], "file"), "console.log");
  EXPECT_TRUE(member(splats[0], "stacks").is_array());
}

}  // namespace
}  // namespace zlt::test
