// SPDX-License-Identifier: GPL-2.0-only
//
// What is no message is refused and quoted safely, in both directions.
#include <gmock/gmock.h>

#include <algorithm>

#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"

namespace zlt::protocol {
namespace {

using testing::HasSubstr;

// A whole one, to be damaged.
Json good_result() {
  return Json::parse(R"({"event":"result","id":1,"t_ms":5,
    "result":{"case":"a/b","form":"bounded","verdict":["clean"],"expected":["clean"],"ok":true,"stopped":false,
              "reason":"","seed":"7","plan":"0x12","run_ns":5,"kernel":{"release":"6.1","rt":false,"lockdep":true},
              "counters":{"turns":10},"facts":{"preemptible":1},"params":{"loops":10,"seed":"7"}},
    "histogram":[{"name":"reader_wait","from_ns":1,"to_ns":2,"count":3}],"debug_locks":true})");
}

std::string refusal(const Json& json) {
  const Result<Event> event = event_from(json);
  EXPECT_FALSE(event) << json.dump();
  if (event) return "";
  EXPECT_EQ(event.error().kind, ErrorKind::kBadInput);
  std::string line = event.error().line();
  EXPECT_LT(line.size(), 400U) << line;
  EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; }))
      << line;
  return line;
}

TEST(BadEvents, AWholeResultIsTaken) {
  const Result<Event> event = event_from(good_result());
  ASSERT_TRUE(event) << event.error().line();
}

TEST(BadEvents, EveryMemberOfAResultMustBeThere) {
  const Json good = good_result();
  for (const char* key : {"result", "histogram", "debug_locks"}) {
    Json bad = good;
    bad.erase(key);
    EXPECT_THAT(refusal(bad), HasSubstr(key));
  }
  for (const auto& [key, value] : good["result"].items()) {
    Json bad = good;
    bad["result"].erase(key);
    EXPECT_THAT(refusal(bad), HasSubstr("`result." + key + "` is missing"));
  }
}

// Each member with a value of every type that is not its own.
TEST(BadEvents, EveryMemberOfAResultMustBeOfItsType) {
  const Json good = good_result();
  const std::vector<Json> values = {nullptr,
                                    true,
                                    1,
                                    -1,
                                    1.5,
                                    Json("a \x1b[m text"),
                                    Json::array(),
                                    Json::array({1, nullptr, Json::object()}),
                                    Json::object({{"x", Json()}})};
  const auto kind = [](const Json& value) {
    return value.is_number() ? std::string("number") : std::string(value.type_name());
  };
  for (const auto& [key, value] : good["result"].items()) {
    for (const Json& other : values) {
      if (kind(other) == kind(value) && !value.is_structured() && !other.is_number_float() && other != Json(-1))
        continue;
      Json bad = good;
      bad["result"][key] = other;
      EXPECT_THAT(refusal(bad), HasSubstr("result." + key)) << other;
    }
  }
}

TEST(BadEvents, AVerdictIsWhole) {
  for (const char* verdict :
       {"[]", "[1,null,{}]", "\"clean\"", "[\"clean\",\"clean\"]", "[\"clean\",\"panic\"]", "[\"\"]", "[\"Clean\"]",
        "[\"panic\",\"panic\"]", "[\"splat:\\u001b[31m\"]", "{}", "null"}) {
    Json bad = good_result();
    bad["result"]["verdict"] = Json::parse(verdict);
    EXPECT_THAT(refusal(bad), HasSubstr("result.verdict")) << verdict;
  }
}

TEST(BadEvents, NumbersHaveARange) {
  for (const char* number : {"-1", "18446744073709551616", "1e3", "1.0", "\"0x10\"", "\"\"", "\" 1\"", "true"}) {
    Json bad = good_result();
    bad["result"]["counters"]["turns"] = Json::parse(number);
    EXPECT_THAT(refusal(bad), HasSubstr("counters")) << number;
    bad = good_result();
    bad["histogram"][0]["count"] = Json::parse(number);
    EXPECT_THAT(refusal(bad), HasSubstr("histogram[0].count")) << number;
  }
  EXPECT_FALSE(event_from(
      Json::parse(R"({"event":"rebuilds","id":1,"rebuilds":1,"last":[{"number":1,"zonelists":4294967296}]})")));
  EXPECT_FALSE(event_from(Json::parse(R"({"event":"memory","id":1,"done":[4294967296],"refused":[]})")));
}

// 2^32 + 1 is not 1.
TEST(BadEvents, AnIdIsWhatItIs) {
  Json result = good_result();
  result["id"] = (std::uint64_t{1} << 32U) + 1;
  const Result<Event> event = event_from(result);
  ASSERT_TRUE(event);
  EXPECT_EQ(id_of(*event), Id((std::uint64_t{1} << 32U) + 1));
  EXPECT_NE(id_of(*event), Id(1));
  for (const char* id : {"-1", "1.0", "true", "[]", "{}", "18446744073709551616"}) {
    result["id"] = Json::parse(id);
    EXPECT_THAT(refusal(result), HasSubstr("`id`")) << id;
  }
  result["id"] = std::string(1000, 'x');
  EXPECT_THAT(refusal(result), HasSubstr("`id`"));
}

TEST(BadEvents, NamesAreIdentifiers) {
  for (const char* name :
       {"../..", "..", "a", "a/", "/b", "a/b/c", "a/..", "A/b", "a/b\n", "a b/c", "", "a/b;reboot", "a/\xc2\x9b"}) {
    Json bad = good_result();
    bad["result"]["case"] = name;
    EXPECT_THAT(refusal(bad), HasSubstr("result.case")) << name;
    EXPECT_FALSE(event_from({{"event", "case"},
                             {"case", name},
                             {"form", "bounded"},
                             {"hazard", "-"},
                             {"expected", {"clean"}},
                             {"summary", ""}}));
    EXPECT_FALSE(event_from({{"event", "started"}, {"id", 1}, {"case", name}, {"form", "bounded"}}));
  }
  EXPECT_FALSE(
      event_from({{"event", "started"}, {"id", 1}, {"case", "a/" + std::string(70, 'b')}, {"form", "bounded"}}));
  for (const char* form : {"../..", "", "Bounded", "bounded ", "brave", ".."}) {
    EXPECT_FALSE(event_from({{"event", "started"}, {"id", 1}, {"case", "a/b"}, {"form", form}})) << form;
  }
}

TEST(BadEvents, AnUnknownTypeIsQuotedAndTheKnownOnesAreNamed) {
  EXPECT_THAT(refusal({{"event", "dance\x1b[2J\n"}}),
              testing::AllOf(HasSubstr(R"(unknown event "dance\x1b[2J\n")"), HasSubstr("heartbeat")));
  for (const char* none : {R"({"event":7})", "{}", R"({"event":null})", R"({"event":["ready"]})", "[]", "7", "null"}) {
    EXPECT_FALSE(event_from(Json::parse(none))) << none;
  }
}

TEST(BadEvents, OtherEventsAreReadAsStrictly) {
  for (
      const char* bad :
      {R"({"event":"hello","proto":"1","release":"6.1"})",
       R"({"event":"hello","proto":1})",
       R"({"event":"loaded","kernel":7,"debug_locks":null,"module_text":"","cases":1})",
       R"({"event":"loaded","kernel":{"release":"6.1","rt":1,"lockdep":false},"debug_locks":null,"module_text":"","cases":1})",
       R"({"event":"loaded","kernel":{"release":"6.1","rt":true,"lockdep":false},"debug_locks":0,"module_text":"","cases":1})",
       R"({"event":"loaded","kernel":{"release":"6.1","rt":true,"lockdep":false},"debug_locks":null,"module_text":"12","cases":1})",
       R"({"event":"loaded","kernel":{"release":"6.1","rt":true,"lockdep":false},"debug_locks":null,"module_text":"","cases":4097})",
       R"({"event":"loaded","kernel":{"release":"6.1","rt":true,"lockdep":false},"debug_locks":null,"module_text":"","cases":[]})",
       R"({"event":"ready"})",
       R"({"event":"ready","debug_locks":"yes"})",
       R"({"event":"heartbeat","n":1,"debug_locks":true})",
       R"({"event":"heartbeat","n":1,"status":[1,2],"debug_locks":true})",
       R"({"event":"heartbeat","n":1,"status":{"abi":1,"state":"asleep","case":"","form":"","turn":0,"steps":0,"loops":0,"runs":0},"debug_locks":true})",
       R"({"event":"heartbeat","n":1,"status":{"abi":2,"state":"idle","case":"","form":"","turn":0,"steps":0,"loops":0,"runs":0},"debug_locks":true})",
       R"({"event":"heartbeat","n":-1,"status":null,"debug_locks":true})",
       R"({"event":"error","id":1,"what":7,"hint":""})",
       R"({"event":"error","id":1})",
       R"({"event":"marked","id":[]})",
       R"({"event":"nodes","id":1,"memory":{"nodes":[]}})",
       R"({"event":"memory","id":1,"done":[-1],"refused":[]})",
       R"({"event":"memory","id":1,"done":[],"refused":[7]})",
       R"({"event":"nodes","id":1,"memory":{"policy":"","block_bytes":1,"free_kb":1,"slab_kb":1,"virtio_mem":false,"nodes":[
{"node":1,"online":true,"has_memory":true,"has_cpu":true,"total_kb":1,"free_kb":1,"zones":{}},
{"node":1,"online":false,"has_memory":true,"has_cpu":true,"total_kb":1,"free_kb":1,"zones":{}}]}})",
       R"({"event":"watch","id":1,"watch":{"state":"on"}})"}) {
    EXPECT_FALSE(event_from(Json::parse(bad))) << bad;
  }
}

TEST(BadEvents, ATextHasABound) {
  Json bad = good_result();
  bad["result"]["reason"] = std::string(5000, 'x');
  EXPECT_THAT(refusal(bad), HasSubstr("4096"));
}

TEST(BadLines, AreRefusedAndQuoted) {
  for (const std::string& bad :
       {std::string("garbage"), std::string(), std::string("[1,2]"), std::string("{}}"), std::string("\xff\xfe\x01"),
        std::string("{\"a\":"), std::string("null"), std::string("{\"a\":1}{\"b\":2}"), std::string(60000, '{')}) {
    const Result<Json> json = parse_line(bad);
    ASSERT_FALSE(json) << bad;
    EXPECT_LT(json.error().line().size(), 300U);
  }
}

// Whoever copies, compares or prints a tree does so by recursion.
TEST(BadLines, NothingIsNestedWithoutEnd) {
  std::string deep = R"({"event":"bye","x":)" + std::string(30000, '[') + std::string(30000, ']') + "}";
  const Result<Json> json = parse_line(deep);
  ASSERT_FALSE(json);
  EXPECT_THAT(json.error().what, HasSubstr("nested too deeply"));
  std::string objects;
  for (int i = 0; i < 5000; ++i) objects += R"({"a":)";
  EXPECT_FALSE(parse_line(objects + "1" + std::string(5000, '}')));
  EXPECT_TRUE(parse_line(R"({"a":{"b":[{"c":[[1]]}]}})"));
}

TEST(BadLines, AMemberStandsOnceInItsObject) {
  const Result<Json> json = parse_line(R"({"event":"result","verdict":["clean"],"verdict":["panic"]})");
  ASSERT_FALSE(json);
  EXPECT_THAT(json.error().what, HasSubstr("\"verdict\" comes twice"));
  EXPECT_FALSE(parse_line(R"({"a":[{"b":1,"c":{},"b":2}]})"));
  EXPECT_TRUE(parse_line(R"({"a":{"b":1},"b":[{"b":1},{"b":2}]})"));
}

TEST(BadCommands, AreRefusedAndQuoted) {
  for (const char* bad : {R"({"op":5})",
                          R"({"op":"dance"})",
                          "{}",
                          R"({"op":"run","id":1})",
                          R"({"op":"run","case":7})",
                          R"({"op":"run","case":"../.."})",
                          R"({"op":"run","case":"a/b","form":"brave"})",
                          R"({"op":"run","case":"a/b","form":7})",
                          R"({"op":"run","case":"a/b","params":[]})",
                          R"({"op":"run","case":"a/b","params":{"loops":-1}})",
                          R"({"op":"run","case":"a/b","params":{"loops":1.5}})",
                          R"({"op":"run","case":"a/b","params":{"loops":{}}})",
                          R"({"op":"run","case":"a/b","params":{"a b":1}})",
                          R"({"op":"run","id":-1,"case":"a/b"})",
                          R"({"op":"list","id":[]})",
                          R"({"op":"watch","set":"maybe"})",
                          R"({"op":"watch","after":-1})",
                          R"({"op":"memory"})",
                          R"({"op":"memory","node":1})",
                          R"({"op":"memory","state":"offline"})",
                          R"({"op":"memory","node":-1,"state":"offline"})",
                          R"({"op":"memory","node":4294967297,"state":"offline"})",
                          R"({"op":"memory","node":1,"state":"broken"})",
                          R"({"op":"memory","policy":"broken"})",
                          R"({"op":"memory","policy":"online","node":1,"state":"online"})",
                          R"({"op":"memory","node":1,"state":"offline","blocks":[4294967296]})",
                          R"({"op":"memory","node":1,"state":"offline","blocks":"all"})",
                          R"({"op":"mark"})",
                          R"({"op":"mark","text":7})"}) {
    const Result<Command> command = command_from(Json::parse(bad));
    ASSERT_FALSE(command) << bad;
    EXPECT_EQ(command.error().kind, ErrorKind::kBadInput);
  }
  EXPECT_THAT(command_from(Json::parse(R"({"op":"dance"})")).error().line(),
              HasSubstr("unknown command \"dance\"; valid: run, stop"));
}

TEST(BadCommands, TheIdIsFoundAllTheSame) {
  EXPECT_EQ(id_in(Json::parse(R"({"op":"dance","id":7})")), Id(7));
  EXPECT_EQ(id_in(Json::parse(R"({"op":5,"id":"x"})")), Id("x"));
  EXPECT_TRUE(id_in(Json::parse(R"({"op":5,"id":[1]})")).none());
  EXPECT_TRUE(id_in(Json::parse("[1]")).none());
}

}  // namespace
}  // namespace zlt::protocol
