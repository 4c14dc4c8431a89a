// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/conversation.h"

#include <gtest/gtest.h>

namespace zlt::run {
namespace {

class ConversationTest : public testing::Test {
 protected:
  void hear(const char* text) {
    const Json event = Json::parse(text);
    talk.take(get_string(event, "event"), event);
  }
  Conversation talk;
};

TEST_F(ConversationTest, HelloLoadedReady) {
  EXPECT_FALSE(talk.ready());
  hear(R"({"event":"hello","proto":1})");
  hear(R"({"event":"loaded","kernel":{"release":"6.1","rt":true,"lockdep":false},"debug_locks":null,
           "cases":[{"case":"a/b","form":"bounded","hazard":"h","expected":["clean"],"summary":"s"},
                    {"case":"a/b","form":"faithful","expected":["livelock","splat:circular"]},
                    {"form":"without a name"}, 7]})");
  hear(R"({"event":"ready"})");
  EXPECT_TRUE(talk.hello());
  EXPECT_TRUE(talk.ready());
  ASSERT_TRUE(talk.loaded());
  EXPECT_TRUE(talk.loaded()->kernel.rt);
  EXPECT_FALSE(talk.loaded()->debug_locks);
  ASSERT_EQ(talk.loaded()->cases.size(), 2U);
  ASSERT_NE(talk.loaded()->find("a/b", "faithful"), nullptr);
  EXPECT_EQ(talk.loaded()->find("a/b", "faithful")->expected, (report::Outcomes{"livelock", "splat:circular"}));
  EXPECT_TRUE(talk.loaded()->find("a/b", "bounded")->expected.empty());
  EXPECT_EQ(talk.loaded()->find("a/c", "bounded"), nullptr);
}

TEST_F(ConversationTest, AResultIsThatOfItsCommand) {
  hear(R"({"event":"result","id":3,"debug_locks":true,"result":{"verdict":["livelock"],"reason":"r",
           "seed":"18446744073709551615","run_ns":2000000,"counters":{"turns":10,"odd":"x"}}})");
  EXPECT_EQ(talk.result(4), nullptr);
  const RunResult* result = talk.result(3);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(result->verdict, report::Outcomes{"livelock"});
  EXPECT_EQ(result->reason, "r");
  EXPECT_DOUBLE_EQ(result->run_s, 0.002);
  EXPECT_EQ(result->counters.at("turns"), 10U);
  EXPECT_EQ(result->debug_locks, true);
}

TEST_F(ConversationTest, A64BitSeedSurvives) {
  hear(R"({"event":"result","id":1,"result":{"verdict":["clean"],"seed":"18446744073709551615"}})");
  EXPECT_EQ(talk.result(1)->seed, UINT64_MAX);
}

TEST_F(ConversationTest, AResultWithoutAVerdictIsOurFailure) {
  hear(R"({"event":"result","id":1,"result":{"verdict":"clean"}})");
  EXPECT_TRUE(talk.result(1)->verdict.contains("infra"));
}

TEST_F(ConversationTest, OnlyHeartbeatsThatSaySomethingNewAreNews) {
  hear(R"({"event":"heartbeat","n":1,"status":{"turn":1,"loops":10}})");
  const std::uint64_t news = talk.news();
  hear(R"({"event":"heartbeat","n":2,"status":{"turn":1,"loops":10}})");
  EXPECT_EQ(talk.news(), news);
  EXPECT_EQ(talk.events(), 2U);
  hear(R"({"event":"heartbeat","n":3,"status":{"turn":2,"loops":10}})");
  EXPECT_GT(talk.news(), news);
  EXPECT_EQ(talk.turn(), 2U);
  EXPECT_EQ(talk.loops(), 10U);
}

TEST_F(ConversationTest, ErrorsOfCommandsAndOfTheGuestItself) {
  hear(R"({"event":"error","id":null,"what":"no module","hint":"load it"})");
  ASSERT_TRUE(talk.error());
  EXPECT_FALSE(talk.error()->id);
  EXPECT_EQ(talk.error()->line, "no module; load it");
  hear(R"({"event":"error","id":1})");
  EXPECT_EQ(talk.error()->id, 1U);
}

TEST_F(ConversationTest, MembersOfTheWrongTypeAreMissing) {
  hear(R"({"event":"loaded","kernel":7,"cases":"many","debug_locks":"x"})");
  ASSERT_TRUE(talk.loaded());
  EXPECT_TRUE(talk.loaded()->cases.empty());
  hear(R"({"event":"result","id":-1,"result":[]})");
  EXPECT_EQ(talk.result(1), nullptr);
  hear(R"({"event":"heartbeat","status":[1,2]})");
  EXPECT_EQ(talk.turn(), 0U);
}

}  // namespace
}  // namespace zlt::run
