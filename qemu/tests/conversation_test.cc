// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/conversation.h"

#include <gmock/gmock.h>

namespace zlt::run {
namespace {

using testing::HasSubstr;

protocol::Finished a_result(std::uint64_t id, const std::string& name = "a/b") {
  protocol::Finished out{id, {}};
  out.report.result.name = name;
  out.report.result.verdict = {"livelock"};
  out.report.result.seed = UINT64_MAX;
  out.report.result.plan = "0x1";
  out.report.result.counters = {{"turns", 10}};
  out.report.debug_locks = true;
  return out;
}

class ConversationTest : public testing::Test {
 protected:
  void hear(const protocol::Event& event) { talk.take(event); }
  void hear_text(const char* text) { talk.take(protocol::event_from(Json::parse(text))); }
  std::string broken() const { return talk.broken().value_or("nothing is broken"); }
  void whole() const { EXPECT_FALSE(talk.broken()) << *talk.broken(); }
  static protocol::Loaded loaded(std::uint64_t cases) {
    return {{"6.1", {{"rt", true}, {"lockdep", false}}}, std::nullopt, 0xffffffffc0000000, cases};
  }
  Conversation talk;
};

TEST_F(ConversationTest, HelloCasesLoadedReady) {
  EXPECT_FALSE(talk.ready());
  hear(protocol::Hello{});
  hear(CaseInfo{"a/b", "bounded", "h", {}, "s"});
  hear(CaseInfo{"a/b", "faithful", "h", {"livelock", "splat:circular"}, "s"});
  EXPECT_FALSE(talk.loaded());
  hear(loaded(2));
  hear(protocol::Ready{true});
  whole();
  EXPECT_TRUE(talk.hello());
  EXPECT_TRUE(talk.ready());
  ASSERT_TRUE(talk.loaded());
  EXPECT_TRUE(talk.loaded()->kernel.rt);
  EXPECT_FALSE(talk.loaded()->debug_locks);
  EXPECT_EQ(talk.debug_locks(), true);
  ASSERT_EQ(talk.loaded()->cases.size(), 2U);
  ASSERT_NE(talk.loaded()->find("a/b", "faithful"), nullptr);
  EXPECT_EQ(talk.loaded()->find("a/b", "faithful")->expected, (report::Outcomes{"livelock", "splat:circular"}));
  EXPECT_TRUE(talk.loaded()->find("a/b", "bounded")->expected.empty());
  EXPECT_EQ(talk.loaded()->find("a/c", "bounded"), nullptr);
}

TEST_F(ConversationTest, WhatWasLoadedIsKeptAndComesBack) {
  hear(CaseInfo{"a/b", "faithful", "h", {"livelock"}, "µ"});
  hear(loaded(1));
  const Result<Loaded> back = loaded_from(talk.loaded_event());
  ASSERT_TRUE(back) << back.error().line();
  EXPECT_EQ(back->kernel.release, "6.1");
  EXPECT_EQ(back->module_text, 0xffffffffc0000000U);
  EXPECT_EQ(back->cases, talk.loaded()->cases);
  for (const char* damaged : {"null", "{}", "7", R"({"event":"ready","debug_locks":true})"}) {
    EXPECT_FALSE(loaded_from(Json::parse(damaged))) << damaged;
  }
  for (const char* member : {"table", "kernel", "cases"}) {
    Json damaged = talk.loaded_event();
    damaged.erase(member);
    EXPECT_FALSE(loaded_from(damaged)) << member;
  }
}

TEST_F(ConversationTest, ACaseListIsWholeOrNothing) {
  hear(CaseInfo{"a/b", "bounded", "h", {}, "s"});
  hear(loaded(3));
  EXPECT_FALSE(talk.loaded());
  EXPECT_THAT(broken(), HasSubstr("told of 3 cases, and told of 1"));
}

TEST_F(ConversationTest, ACaseIsToldOnce) {
  hear(CaseInfo{"a/b", "bounded", "h", {}, "s"});
  hear(CaseInfo{"a/b", "bounded", "h", {"panic"}, "s"});
  EXPECT_THAT(broken(), HasSubstr("a/b (bounded) twice"));
}

TEST_F(ConversationTest, AnotherProtocolIsNoConversation) {
  hear(protocol::Hello{1, "6.1"});
  EXPECT_THAT(broken(), HasSubstr("version 1"));
}

TEST_F(ConversationTest, AResultIsThatOfItsCommand) {
  talk.told(protocol::RunCase{3, "a/b", "bounded", {}});
  hear(protocol::Started{3, "a/b", "bounded"});
  EXPECT_TRUE(talk.started(3));
  hear(a_result(3));
  whole();
  EXPECT_EQ(talk.result(4), nullptr);
  ASSERT_NE(talk.result(3), nullptr);
  EXPECT_EQ(talk.result(3)->result.verdict, report::Outcomes{"livelock"});
  EXPECT_EQ(talk.result(3)->result.seed, UINT64_MAX);
  EXPECT_EQ(talk.debug_locks(), true);
}

TEST_F(ConversationTest, AResultOfAnotherCaseIsNone) {
  talk.told(protocol::RunCase{3, "a/b", "bounded", {}});
  hear(a_result(3, "a/c"));
  EXPECT_EQ(talk.result(3), nullptr);
  EXPECT_THAT(broken(), HasSubstr("a result of a/c (bounded) where a/b (bounded) was asked for"));
}

TEST_F(ConversationTest, AResultOfAnotherFormIsNone) {
  talk.told(protocol::RunCase{3, "a/b", "faithful", {}});
  hear(a_result(3));
  EXPECT_THAT(broken(), HasSubstr("a/b (faithful) was asked for"));
}

TEST_F(ConversationTest, AResultThatNobodyAskedForIsNone) {
  hear(a_result(1));
  EXPECT_THAT(broken(), HasSubstr("not asked"));
}

// 2^32 + 1 is not 1.
TEST_F(ConversationTest, AnIdIsComparedWhole) {
  talk.told(protocol::RunCase{1, "a/b", "bounded", {}});
  hear(a_result((std::uint64_t{1} << 32U) + 1));
  EXPECT_EQ(talk.result(1), nullptr);
  EXPECT_THAT(broken(), HasSubstr("command 4294967297"));
}

TEST_F(ConversationTest, AResultIsTakenOnce) {
  talk.told(protocol::RunCase{1, "a/b", "bounded", {}});
  hear(a_result(1));
  protocol::Finished other = a_result(1);
  other.report.result.verdict = {};
  hear(other);
  EXPECT_THAT(broken(), HasSubstr("a second result of a/b, clean after livelock"));
  EXPECT_EQ(talk.result(1)->result.verdict, report::Outcomes{"livelock"});
}

TEST_F(ConversationTest, ARunEndsInAResultOrAnErrorNotInBoth) {
  talk.told(protocol::RunCase{1, "a/b", "bounded", {}});
  hear(protocol::Failed{1, "no CPU", ""});
  whole();
  hear(a_result(1));
  EXPECT_THAT(broken(), HasSubstr("a result of a/b after the error \"no CPU\""));
  talk = {};
  talk.told(protocol::RunCase{1, "a/b", "bounded", {}});
  hear(a_result(1));
  hear(protocol::Failed{{}, "something else", ""});
  whole();
  hear(protocol::Failed{1, "no CPU", ""});
  EXPECT_THAT(broken(), HasSubstr("an error of a/b after its result"));
}

TEST_F(ConversationTest, OnlyWhatWasCommandedStarts) {
  talk.told(protocol::RunCase{1, "a/b", "bounded", {}});
  hear(protocol::Started{1, "a/c", "bounded"});
  EXPECT_THAT(broken(), HasSubstr("started a/c"));
}

TEST_F(ConversationTest, AnAnswerIsTakenOnceAndOnlyByWhoAsked) {
  talk.told(protocol::AskNodes{100});
  EXPECT_FALSE(talk.take_reply(100));
  hear(protocol::Nodes{100, {}});
  whole();
  ASSERT_TRUE(talk.take_reply(100));
  EXPECT_FALSE(talk.take_reply(100));
  hear(protocol::Nodes{100, {}});
  EXPECT_THAT(broken(), HasSubstr("`nodes` for command 100, which was not asked of it, or answered already"));
}

TEST_F(ConversationTest, AnAnswerIsOfTheKindThatWasAskedFor) {
  talk.told(protocol::AskNodes{100});
  hear(protocol::Marked{100});
  EXPECT_THAT(broken(), HasSubstr("`marked` for command 100, which `nodes` answers"));
}

TEST_F(ConversationTest, ARefusalIsAnAnswerAndNobodyElsesError) {
  talk.told(protocol::Watch{100, "on", std::nullopt});
  hear(protocol::Failed{100, "no kprobes", ""});
  whole();
  EXPECT_FALSE(talk.error());
  ASSERT_TRUE(talk.take_reply(100));
}

TEST_F(ConversationTest, AHeartbeatThatWasAskedForIsAnAnswer) {
  talk.told(protocol::Beat{2});
  hear(protocol::Heartbeat{{}, 1, std::nullopt, true});
  EXPECT_FALSE(talk.take_reply(2));
  hear(protocol::Heartbeat{2, 2, std::nullopt, false});
  EXPECT_TRUE(talk.take_reply(2));
  EXPECT_EQ(talk.debug_locks(), false);
  whole();
}

TEST_F(ConversationTest, OnlyHeartbeatsThatSaySomethingNewAreNews) {
  const auto beat = [](std::uint64_t n, std::uint64_t turn) {
    return protocol::Heartbeat{{}, n, protocol::RunStatus{"running", "a/b", "bounded", turn, 0, 10, 0}, std::nullopt};
  };
  hear(beat(1, 1));
  const std::uint64_t news = talk.news();
  hear(beat(2, 1));
  EXPECT_EQ(talk.news(), news);
  EXPECT_EQ(talk.events(), 2U);
  hear(beat(3, 2));
  EXPECT_GT(talk.news(), news);
  EXPECT_EQ(talk.turn(), 2U);
  EXPECT_EQ(talk.loops(), 10U);
}

TEST_F(ConversationTest, ErrorsOfCommandsAndOfTheGuestItself) {
  hear(protocol::Failed{{}, "no module", "load it"});
  ASSERT_TRUE(talk.error());
  EXPECT_FALSE(talk.error()->id);
  EXPECT_EQ(talk.error()->line, "no module; load it");
  hear(protocol::Failed{1, "", ""});
  EXPECT_EQ(talk.error()->id, 1U);
  EXPECT_EQ(talk.error()->line, "no reason given");
}

TEST_F(ConversationTest, WhatIsNoMessageBreaksItOff) {
  hear_text(R"({"event":"heartbeat","status":[1,2]})");
  EXPECT_THAT(broken(), HasSubstr("heartbeat: `n` is missing"));
  hear_text(R"({"event":"dance"})");
  EXPECT_THAT(broken(), HasSubstr("heartbeat")) << "the first reason stays";
}

}  // namespace
}  // namespace zlt::run
