// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's commands that hot-plug is driven with.
#include "userspace/tests/zltctl/fake_sysfs.h"
#include "userspace/tests/zltctl/guest_fixture.h"

namespace zlt::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GuestMemory : public GuestTest {
 protected:
  GuestMemory() {
    test::write_sysfs(folder_, environment_);
    begin();
  }
  // What the command is answered with, however many steps its work in the background takes.
  Json answer(const Json& command) {
    send(command.dump() + "\n");
    std::deque<Json> seen;
    while (seen.empty() && guest_->step()) seen = events();
    EXPECT_EQ(seen.size(), 1U);
    return seen.empty() ? Json() : seen.front();
  }
};

TEST_F(GuestMemory, TellsOfNodes) {
  const Json event = answer({{"op", "nodes"}, {"id", 3}});
  EXPECT_EQ(event["event"], "nodes");
  EXPECT_EQ(event["id"], 3);
  EXPECT_EQ(event["memory"]["policy"], "online_movable");
  EXPECT_EQ(event["memory"]["nodes"][1]["zones"], Json({{"Movable", 32768}}));
  EXPECT_EQ(event["memory"]["nodes"][2]["online"], false);
}

TEST_F(GuestMemory, SetsThePolicy) {
  const Json event = answer({{"op", "memory"}, {"id", 1}, {"policy", "online_kernel"}});
  EXPECT_EQ(event["event"], "memory");
  EXPECT_EQ(event["done"], Json::array());
  EXPECT_THAT(read_file(folder_.file("sys/devices/system/memory/auto_online_blocks")).value_or(""),
              testing::StartsWith("online_kernel"));
}

TEST_F(GuestMemory, SaysThatThePolicyCannotBeSet) {
  std::filesystem::remove(folder_.file("sys/devices/system/memory/auto_online_blocks"));
  const Json event = answer({{"op", "memory"}, {"id", 1}, {"policy", "online_kernel"}});
  EXPECT_EQ(event["event"], "error");
  EXPECT_THAT(std::string(event["what"]), HasSubstr("No such file"));
}

TEST_F(GuestMemory, BringsBlocksOnlineAndSaysWhichWereRefused) {
  test::write_block(folder_, 34, 1, "offline");
  const std::string broken = folder_.file("sys/devices/system/memory/memory34/state");
  // A block whose state can be read but not be opened to write, whoever asks: a folder reads as nothing.
  std::filesystem::remove(broken);
  std::filesystem::create_directory(broken);
  const Json event = answer({{"op", "memory"}, {"id", 8}, {"node", 1}, {"state", "offline"}});
  EXPECT_EQ(event["id"], 8);
  EXPECT_EQ(event["done"], Json({32}));
  EXPECT_EQ(event["refused"], Json({{{"block", 34}, {"error", "Is a directory"}}}));
}

TEST_F(GuestMemory, AnswersWhenThereIsNothingToDo) {
  const Json event = answer({{"op", "memory"}, {"id", 8}, {"node", 0}, {"state", "online"}});
  EXPECT_EQ(event["done"], Json::array());
  EXPECT_EQ(event["refused"], Json::array());
}

TEST_F(GuestMemory, WatchesOnCommand) {
  const Json event = answer({{"op", "watch"}, {"id", 5}, {"set", "on"}});
  EXPECT_EQ(event["event"], "watch");
  EXPECT_EQ(event["watch"]["rebuilds"], 2);
  EXPECT_EQ(answer({{"op", "watch"}, {"id", 6}})["id"], 6);
}

TEST_F(GuestMemory, TellsOfRebuildsThatAreNew) {
  const Json event = answer({{"op", "watch"}, {"id", 5}, {"after", 1}});
  EXPECT_EQ(event["event"], "rebuilds");
  EXPECT_EQ(event["rebuilds"], 2);
  const Json& one = event["last"];
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], Json({{"number", 2}, {"zonelists", 2}}));
  EXPECT_EQ(answer({{"op", "watch"}, {"id", 5}, {"after", 2}})["last"], Json::array());
  EXPECT_EQ(answer({{"op", "watch"}, {"id", 5}, {"after", 0}})["last"].size(), 2U);
}

TEST_F(GuestMemory, MarksTheKernelsLog) {
  environment_.kernel_log = folder_.file("kmsg");
  folder_.write("kmsg", "");
  EXPECT_EQ(answer({{"op", "mark"}, {"id", 5}, {"text", "step 1\n<0>!"}})["event"], "marked");
  EXPECT_EQ(read_file(environment_.kernel_log).value_or(""), "<5>zltorture: step 1?<0>!\n");
  environment_.kernel_log = folder_.file("none");
  const Json event = answer({{"op", "mark"}, {"id", 5}, {"text", "x"}});
  EXPECT_THAT(std::string(event["what"]), HasSubstr("kernel's log"));
}

TEST_F(GuestMemory, SaysThatThereIsNoWatching) {
  module_.watched = "unsupported";
  module_.refuse_watch = EOPNOTSUPP;
  const Json event = answer({{"op", "watch"}, {"id", 5}, {"set", "on"}});
  EXPECT_EQ(event["event"], "error");
  EXPECT_THAT(std::string(event["what"]), HasSubstr("no kprobes in this kernel"));
}

TEST_F(GuestMemory, RefusesNonsense) {
  EXPECT_THAT(std::string(answer({{"op", "watch"}, {"set", "loud"}})["what"]),
              HasSubstr("`set` is \"loud\", not one of on, off"));
  EXPECT_THAT(std::string(answer({{"op", "memory"}, {"policy", 7}})["what"]), HasSubstr("`policy` is 7"));
  EXPECT_THAT(std::string(answer({{"op", "memory"}, {"node", 9}, {"state", "online"}})["what"]),
              HasSubstr("not possible"));
}

TEST_F(GuestMemory, DoesOneThingAfterTheOther) {
  send("{\"op\":\"memory\",\"id\":1,\"policy\":\"offline\"}\n{\"op\":\"memory\",\"id\":2,\"policy\":\"online\"}\n");
  std::deque<Json> seen;
  while (seen.size() < 2 && guest_->step()) {
    for (Json& event : events()) seen.push_back(std::move(event));
  }
  EXPECT_THAT(names(seen), ElementsAre("memory", "memory"));
  EXPECT_EQ(seen[1]["id"], 2);
  EXPECT_THAT(read_file(folder_.file("sys/devices/system/memory/auto_online_blocks")).value_or(""),
              testing::StartsWith("online"));
}

}  // namespace
}  // namespace zlt::ctl
