// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest makes of whatever comes in: commands good, bad, in pieces, too long, too many.
#include <random>

#include "userspace/tests/zltctl/guest_fixture.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(GuestTest, StopWithNothingToStopIsNoError) {
  begin();
  send("{\"op\":\"stop\"}\n");
  EXPECT_TRUE(pass(10));
  EXPECT_TRUE(pass(10));
  EXPECT_TRUE(events().empty());
}

TEST_F(GuestTest, AStopThatFailsIsAnErrorOfItsOwn) {
  begin();
  module_.gone = ENOENT;
  send("{\"op\":\"stop\",\"id\":\"s\"}\n");
  EXPECT_TRUE(pass(10));
  EXPECT_TRUE(pass(10));
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error"));
  EXPECT_EQ(seen[0]["id"], "s");
}

TEST_F(GuestTest, RefusalsNameWhatIsValid) {
  begin();
  module_.refuse = EINVAL;
  send(R"({"op":"run","id":3,"case":"irqsave/hardirq-raeder"})"
       "\n");
  EXPECT_TRUE(guest_->step());
  module_.refuse = EPERM;
  send(R"({"op":"run","id":4,"case":"irqs-on/hardirq-reader","form":"faithful"})"
       "\n");
  EXPECT_TRUE(guest_->step());
  send(R"({"op":"run","id":5,"case":"irqs-on/hardirq-reader","form":"brave"})"
       "\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error", "error", "error"));
  EXPECT_THAT(std::string(seen[0]["hint"]), HasSubstr("did you mean irqsave/hardirq-reader"));
  EXPECT_THAT(std::string(seen[1]["what"]), HasSubstr("allow_hang=1"));
  EXPECT_THAT(std::string(seen[2]["what"]), HasSubstr("`form` is \"brave\", not one of bounded, faithful"));
}

TEST_F(GuestTest, ListSendsLoadedAgain) {
  begin();
  send("{\"op\":\"list\"}\n");
  EXPECT_TRUE(guest_->step());
  EXPECT_THAT(names(events()), ElementsAre("case", "case", "case", "case", "loaded"));
}

TEST_F(GuestTest, CommandsComeInPiecesAndInBunches) {
  begin();
  for (const char* piece : {"{\"op\"", ":\"li", "st\"}"}) {
    send(piece);
    EXPECT_TRUE(guest_->step());
    EXPECT_TRUE(events().empty());
  }
  send("\n{\"op\":\"list\"}\r\n{\"op\":\"list\"}\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = names(events());
  EXPECT_EQ(std::count(seen.begin(), seen.end(), "loaded"), 3);
}

TEST_F(GuestTest, NonsenseIsAnErrorEach) {
  begin();
  for (const char* nonsense : {"garbage", "[1,2]", "{}", "{\"op\":5}", "{\"op\":\"dance\"}", "\xff\xfe\x01"}) {
    send(nonsense + std::string("\n"));
    EXPECT_TRUE(guest_->step());
    EXPECT_THAT(names(events()), ElementsAre("error")) << nonsense;
  }
}

TEST_F(GuestTest, AnErrorHasTheIdOfTheCommandThatWasNone) {
  begin();
  send(
      "{\"op\":\"dance\\u001b[2J\",\"id\":9}\n{\"op\":\"run\",\"id\":\"x\",\"case\":\"../"
      "..\"}\n[]\n{\"op\":\"stop\",\"id\":-1}\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error", "error", "error", "error"));
  EXPECT_EQ(seen[0]["id"], 9);
  EXPECT_EQ(seen[0]["what"], R"(unknown command "dance\x1b[2J")");
  EXPECT_THAT(std::string(seen[0]["hint"]), HasSubstr("run, stop, list, beat"));
  EXPECT_EQ(seen[1]["id"], "x");
  EXPECT_THAT(std::string(seen[1]["what"]), HasSubstr("`case` is"));
  EXPECT_TRUE(seen[2]["id"].is_null());
  EXPECT_THAT(std::string(seen[3]["what"]), HasSubstr("`id` is -1"));
}

TEST_F(GuestTest, BeatsWhenItIsAsked) {
  begin();
  folder_.write("lockdep_stats", " debug_locks: 1\n");
  send("{\"op\":\"beat\",\"id\":7}\n");
  EXPECT_TRUE(guest_->step());
  folder_.write("lockdep_stats", " debug_locks: 0\n");
  send("{\"op\":\"beat\",\"id\":8}\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("heartbeat", "heartbeat"));
  EXPECT_EQ(seen[0]["id"], 7);
  EXPECT_EQ(seen[0]["debug_locks"], true);
  EXPECT_EQ(seen[0]["status"]["state"], "idle");
  EXPECT_EQ(seen[1]["id"], 8);
  EXPECT_EQ(seen[1]["debug_locks"], false);
}

// As many cases as a catalogue may have, each with a long summary: no line is too long for the wire.
TEST_F(GuestTest, ATableOfManyCasesFitsTheWire) {
  module_.cases = "#case\tform\thazard\texpected\tsummary\n";
  for (int i = 0; i < 400; ++i) {
    module_.cases += "scenario-" + std::to_string(i) + "/a-variant\tbounded\treader-interrupts-writer\tlivelock\t" +
                     std::string(1000, 's') + "\n";
  }
  send("{\"op\":\"list\"}\n");
  EXPECT_TRUE(guest_->step());
  std::deque<Json> seen = events();
  while (seen.empty() || seen.back()["event"] != "loaded") {
    ASSERT_TRUE(guest_->step());
    for (Json& event : events()) {
      EXPECT_LT(event.dump().size(), protocol::kLongestLine);
      seen.push_back(std::move(event));
    }
  }
  EXPECT_EQ(seen.size(), 401U);
  EXPECT_EQ(seen.back()["cases"], 400);
}

TEST_F(GuestTest, ALineOver64KiBIsDroppedWhole) {
  begin();
  const std::string piece(8192, 'x');
  for (int i = 0; i < 9; ++i) {
    send(piece);
    EXPECT_TRUE(guest_->step());
  }
  EXPECT_TRUE(events().empty());
  send("\n{\"op\":\"list\"}\n");
  EXPECT_TRUE(guest_->step());
  const auto seen = events();
  ASSERT_THAT(names(seen), ElementsAre("error", "case", "case", "case", "case", "loaded"));
  EXPECT_THAT(std::string(seen[0]["what"]), HasSubstr("64 KiB"));
}

TEST_F(GuestTest, SurvivesNoise) {
  begin();
  std::mt19937 random(7);
  using namespace std::string_literals;
  const std::string alphabet = "{}[]\":,\n\r\\ oprunlist0123456789x\xff\0"s;
  std::uniform_int_distribution<size_t> pick(0, alphabet.size() - 1);
  for (int i = 0; i < 300; ++i) {
    std::string noise;
    for (int j = 0; j < 200; ++j) noise += alphabet[pick(random)];
    send(noise);
    ASSERT_TRUE(guest_->step());
    events();
  }
  send("\n{\"op\":\"list\"}\n");
  ASSERT_TRUE(guest_->step());
  const auto seen = events();
  EXPECT_EQ(seen.back()["event"], "loaded");
}

TEST_F(GuestTest, AHostThatDoesNotReadCostsNoMemory) {
  begin();
  size_t beats = 0;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(pass(1000));
  for (auto seen = events(); !seen.empty(); seen = events()) {
    beats += seen.size();
    ASSERT_TRUE(guest_->step());
  }
  EXPECT_GT(beats, 100U);
  EXPECT_LT(beats, 10'000U);
}

}  // namespace
}  // namespace zlt::ctl
