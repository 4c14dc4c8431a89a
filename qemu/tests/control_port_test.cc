// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/control_port.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "qemu/tests/temp_dir.h"

namespace zlt::run {
namespace {

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
    port->on_event([this](const std::string& name, const Json& /*event*/) { heard.push_back(name); });
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
  say("{\"event\":\"hello\"}\n");
  EXPECT_EQ(pump.run_for(std::chrono::milliseconds(1)), Pump::Wait::kTimeout);
  listen();
  say("{\"event\":\"ready\"}\n");
  hear(2);
  EXPECT_EQ(heard, (std::vector<std::string>{"hello", "ready"}));
}

TEST_F(ControlPortTest, WhatIsNoEventIsDropped) {
  listen();
  say("rt of a line\n[1]\n{\"event\":7}\n\xff\xfe\n{\"event\":\"bye\"}\n");
  hear(1);
  EXPECT_EQ(heard, std::vector<std::string>{"bye"});
}

TEST_F(ControlPortTest, BothDirectionsAreLogged) {
  listen();
  say("{\"event\":\"hello\"}\n");
  hear(1);
  EXPECT_TRUE(port->send({{"op", "list"}}));
  EXPECT_TRUE(port->close());
  const std::string log = read_file(dir.path() / "events.jsonl").value_or("");
  EXPECT_NE(log.find("\"dir\":\"in\""), std::string::npos) << log;
  EXPECT_NE(log.find("\"op\":\"list\""), std::string::npos) << log;
}

TEST_F(ControlPortTest, SendingToNobodyIsSaid) {
  guest_end.reset();
  EXPECT_FALSE(port->send({{"op", "list"}}));
}

}  // namespace
}  // namespace zlt::run
