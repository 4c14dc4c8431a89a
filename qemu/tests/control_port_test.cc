// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/control_port.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

constexpr const char* kHello = "{\"event\":\"hello\",\"proto\":2,\"release\":\"6.1\"}\n";

class ControlPortTest : public testing::Test {
 protected:
  void SetUp() override {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    guest_end.reset(fds[0]);
    Result<BoundedLog> log = BoundedLog::create(dir.path() / "events.jsonl", {1U << 20U, 1U << 10U});
    ASSERT_TRUE(log) << log.error().line();
    port.emplace(UniqueFd(fds[1]), pump, std::move(*log));
  }
  void say(const std::string& text) const { ASSERT_TRUE(write_all(guest_end.get(), text)); }
  void listen() {
    port->on_event([this](const Result<protocol::Event>& event) {
      heard.push_back(event ? protocol::name_of(*event) : event.error().line());
    });
  }
  void hear(size_t events) {
    EXPECT_EQ(pump.run_until([&] { return heard.size() >= events; }, Clock::now() + std::chrono::seconds(60)),
              Pump::Wait::kDone);
  }

  test::TempDir dir;
  Stop stop;
  Pump pump{stop};
  UniqueFd guest_end;
  std::optional<ControlPort> port;
  std::vector<std::string> heard;
};

// A guest may speak while QEMU's monitor is still being greeted, before anybody listens to the guest.
TEST_F(ControlPortTest, WhatIsSaidBeforeAnybodyListensIsNotLost) {
  say(kHello);
  EXPECT_EQ(pump.run_for(std::chrono::milliseconds(1)), Pump::Wait::kTimeout);
  listen();
  say("{\"event\":\"ready\",\"debug_locks\":null}\n");
  hear(2);
  EXPECT_EQ(heard, (std::vector<std::string>{"hello", "ready"}));
}

// A guest that was saved in the middle of a line.
TEST_F(ControlPortTest, TheRestOfALineAtTheBeginningIsNothing) {
  listen();
  say("rt of a line\"}\n{\"event\":\"bye\"}\n");
  hear(1);
  EXPECT_EQ(heard, std::vector<std::string>{"bye"});
}

TEST_F(ControlPortTest, WhatIsNoEventIsToldOfAndQuotedSafely) {
  listen();
  say(kHello + std::string("[1]\n{\"event\":7}\n\xff\xfe\x1b[2J\n\n{\"event\":\"dance\"}\n{\"event\":\"bye\"}\n"));
  hear(7);
  ASSERT_EQ(heard.size(), 7U);
  EXPECT_EQ(heard[1], "no JSON object: \"[1]\"");
  EXPECT_NE(heard[2].find("names no event"), std::string::npos);
  EXPECT_EQ(heard[3], "no JSON object: \"\\xff\\xfe\\x1b[2J\"");
  EXPECT_EQ(heard[4], "no JSON object: \"\"");
  EXPECT_NE(heard[5].find("unknown event \"dance\""), std::string::npos);
  EXPECT_EQ(heard[6], "bye");
  EXPECT_TRUE(port->close());
  const std::string log = read_file(dir.path() / "events.jsonl").value_or("");
  EXPECT_NE(log.find("\"text\":\"[1]\""), std::string::npos) << log;
  EXPECT_EQ(log.find('\x1b'), std::string::npos) << log;
}

TEST_F(ControlPortTest, ALineWithoutEndIsToldOf) {
  listen();
  say(kHello);
  for (int i = 0; i < 9; ++i) {
    say(std::string(8192, 'x'));
    EXPECT_EQ(pump.run_for(std::chrono::milliseconds(1)), Pump::Wait::kTimeout);
  }
  say("\n{\"event\":\"bye\"}\n");
  hear(3);
  EXPECT_EQ(heard, (std::vector<std::string>{"hello", "a line of more than 64 KiB", "bye"}));
}

TEST_F(ControlPortTest, BothDirectionsAreLogged) {
  listen();
  say(kHello);
  hear(1);
  EXPECT_TRUE(port->send(protocol::List{}));
  EXPECT_TRUE(port->close());
  const std::string log = read_file(dir.path() / "events.jsonl").value_or("");
  EXPECT_NE(log.find("\"dir\":\"in\""), std::string::npos) << log;
  EXPECT_NE(log.find("\"op\":\"list\""), std::string::npos) << log;
}

TEST_F(ControlPortTest, SendingToNobodyIsSaid) {
  guest_end.reset();
  EXPECT_FALSE(port->send(protocol::List{}));
}

}  // namespace
}  // namespace zlt::run
