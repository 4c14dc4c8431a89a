// SPDX-License-Identifier: GPL-2.0-only
//
// Every message there and back: as a line of the wire and as the same value again.
#include <gtest/gtest.h>

#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"
#include "userspace/protocol/json.h"
#include "userspace/tests/protocol/samples.h"

namespace zlt::protocol {
namespace {

using test::a_report;
using test::every_command;
using test::every_event;

TEST(RoundTrip, EveryEventComesBackAsItWas) {
  std::vector<bool> seen(std::variant_size_v<Event>);
  for (const Event& event : every_event()) {
    seen[event.index()] = true;
    const std::string line = line_of(to_json(event));
    const Result<Json> json = parse_line(line);
    ASSERT_TRUE(json) << line << json.error().line();
    const Result<Event> back = event_from(*json);
    ASSERT_TRUE(back) << line << back.error().line();
    EXPECT_EQ(*back, event) << line;
    EXPECT_EQ(id_of(*back), id_of(event));
  }
  EXPECT_EQ(seen, std::vector<bool>(std::variant_size_v<Event>, true)) << "an event that no line here has";
}

TEST(RoundTrip, EveryCommandComesBackAsItWas) {
  std::vector<bool> seen(std::variant_size_v<Command>);
  for (const Command& command : every_command()) {
    seen[command.index()] = true;
    const std::string line = line_of(to_json(command));
    const Result<Json> json = parse_line(line);
    ASSERT_TRUE(json) << line << json.error().line();
    const Result<Command> back = command_from(*json);
    ASSERT_TRUE(back) << line << back.error().line();
    EXPECT_EQ(*back, command) << line;
    EXPECT_EQ(id_of(*back), id_of(command));
  }
  EXPECT_EQ(seen, std::vector<bool>(std::variant_size_v<Command>, true)) << "a command that no line here has";
}

TEST(RoundTrip, AReportOfARunOutsideOfAMessageToo) {
  const Result<RunReport> back = run_report_from(to_json(a_report()));
  ASSERT_TRUE(back) << back.error().line();
  EXPECT_EQ(*back, a_report());
}

TEST(RoundTrip, NoMessageHasALineOfItsOwnInside) {
  for (const Event& event : every_event()) EXPECT_EQ(line_of(to_json(event)).find('\n'), std::string::npos);
}

TEST(RoundTrip, MembersThatNobodyKnowsDoNotMatter) {
  for (const Event& event : every_event()) {
    Json json = to_json(event);
    json["t_ms"] = 17;
    json["more"] = {{"than", "asked"}};
    const Result<Event> back = event_from(json);
    ASSERT_TRUE(back) << back.error().line();
    EXPECT_EQ(*back, event);
  }
}

TEST(RoundTrip, ANumberMayBeATextWhereParametersAreGiven) {
  const Result<Command> command =
      command_from(Json::parse(R"({"op":"run","case":"a/b","params":{"loops":10,"seed":"7"}})"));
  ASSERT_TRUE(command) << command.error().line();
  EXPECT_EQ(std::get<RunCase>(*command).params, (std::map<std::string, std::string>{{"loops", "10"}, {"seed", "7"}}));
  EXPECT_TRUE(id_of(*command).none());
}

TEST(RoundTrip, BytesThatAreNoUtf8AreReplaced) {
  const Result<Json> json = parse_line(line_of(to_json(Event(Failed{{}, "\xff\xfe", ""}))));
  ASSERT_TRUE(json);
  EXPECT_TRUE(event_from(*json));
}

}  // namespace
}  // namespace zlt::protocol
