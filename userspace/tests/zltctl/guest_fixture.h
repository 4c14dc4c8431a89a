// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's loop over a socket pair, with a module, a machine and a clock that do what the test says.
#pragma once

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>

#include "userspace/protocol/wire.h"
#include "userspace/tests/zltctl/fake_module.h"
#include "userspace/tests/zltctl/temp_folder.h"
#include "userspace/zltctl/guest.h"

namespace zlt::ctl {

using protocol::Json;

class FakeMachine : public Machine {
 public:
  uint64_t uptime_ms() override { return now_ms; }
  std::vector<Error> set_up() override { return set_up_errors; }
  void reap() override { ++reaped; }
  void power_off() override { off = true; }

  uint64_t now_ms = 5000;
  std::vector<Error> set_up_errors;
  int reaped = 0;
  bool off = false;
};

class GuestTest : public testing::Test {
 protected:
  GuestTest() {
    ::signal(SIGPIPE, SIG_IGN);  // as guest_main does
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) throw std::runtime_error("no socket pair");
    host_.reset(fds[0]);
    environment_.lockdep_stats = folder_.file("lockdep_stats");
    environment_.debugfs = folder_.file("debug");
    environment_.cpus_online = folder_.file("online");
    environment_.release = "6.1.0-56-amd64";
    guest_.emplace(Port(UniqueFd(fds[1])), environment_, module_, machine_);
  }

  // What the host has been sent and has not looked at.
  std::deque<Json> events() {
    char buffer[65536];
    for (ssize_t got = 0; (got = ::recv(host_.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) {
      received_.append(buffer, static_cast<size_t>(got));
    }
    std::deque<Json> out;
    for (size_t end = 0; (end = received_.find('\n')) != std::string::npos; received_.erase(0, end + 1)) {
      out.push_back(Json::parse(received_.substr(0, end)));
      EXPECT_TRUE(out.back().contains("t_ms"));
    }
    return out;
  }
  static std::vector<std::string> names(const std::deque<Json>& events) {
    std::vector<std::string> out;
    out.reserve(events.size());
    for (const Json& event : events) out.push_back(event["event"]);
    return out;
  }
  void send(const std::string& text) {
    ASSERT_EQ(::send(host_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  // Lets time pass and the guest do what is due.
  bool pass(uint64_t ms) {
    machine_.now_ms += ms;
    return guest_->step();
  }
  void begin() {
    guest_->begin();
    events();
  }
  void start_run() {
    send(R"({"op":"run","id":1,"case":"irqsave/hardirq-reader","params":{"loops":10}})"
         "\n");
    ASSERT_TRUE(guest_->step());
    ASSERT_THAT(names(events()), testing::ElementsAre("started"));
  }

  test::TempFolder folder_;
  Environment environment_;
  test::FakeModule module_;
  FakeMachine machine_;
  UniqueFd host_;
  std::string received_;
  std::optional<Guest> guest_;
};

}  // namespace zlt::ctl
