// SPDX-License-Identifier: GPL-2.0-only
//
// The guest mode as a program, over a pseudo-terminal: `zltctl guest`, and zltctl-init.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "userspace/tests/zltctl/fake_debugfs.h"
#include "userspace/tests/zltctl/process.h"

namespace zlt::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class GuestProgram : public testing::TestWithParam<bool> {
 protected:
  GuestProgram() : host_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (::grantpt(host_.get()) != 0 || ::unlockpt(host_.get()) != 0) throw std::runtime_error("no pseudo-terminal");
    port_ = ::ptsname(host_.get());
  }
  [[nodiscard]] static std::string program() { return GetParam() ? ZLTCTL_INIT : ZLTCTL; }
  [[nodiscard]] static std::vector<std::string> arguments(const std::vector<std::string>& more) {
    std::vector<std::string> out = GetParam() ? std::vector<std::string>() : std::vector<std::string>{"guest"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }

  // The next event that is no heartbeat.
  json next() {
    for (;;) {
      const size_t end = received_.find('\n');
      if (end != std::string::npos) {
        json event = json::parse(received_.substr(0, end));
        received_.erase(0, end + 1);
        if (event["event"] != "heartbeat") return event;
        continue;
      }
      char buffer[4096];
      const ssize_t got = ::read(host_.get(), buffer, sizeof buffer);
      if (got <= 0) return {};
      received_.append(buffer, static_cast<size_t>(got));
    }
  }
  void send(const std::string& line) {
    const std::string text = line + "\n";
    ASSERT_EQ(::write(host_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  FakeDebugfs debugfs_;
  UniqueFd host_;
  std::string port_;
  std::string received_;
};

TEST_P(GuestProgram, ServesRunsUntilItIsToldToLeave) {
  Process process(program(), arguments({"--port", port_, "--debugfs", debugfs_.path()}));
  EXPECT_EQ(next()["event"], "hello");
  json loaded = next();
  unsigned cases = 0;
  for (; loaded["event"] == "case"; loaded = next()) ++cases;
  EXPECT_EQ(loaded["event"], "loaded");
  EXPECT_EQ(loaded["cases"], cases);
  EXPECT_GT(cases, 0U);
  EXPECT_EQ(next()["event"], "ready");
  send("garbage");
  EXPECT_EQ(next()["event"], "error");
  send(R"({"op":"run","id":9,"case":"irqsave/hardirq-reader","params":{"loops":10}})");
  EXPECT_EQ(next()["event"], "started");
  const json result = next();
  EXPECT_EQ(result["event"], "result");
  EXPECT_EQ(result["id"], 9);
  EXPECT_EQ(result["result"]["verdict"], json({"clean"}));
  send(R"({"op":"poweroff"})");
  EXPECT_EQ(next()["event"], "bye");
  EXPECT_EQ(process.wait().status, 0);
}

TEST_P(GuestProgram, LeavesWhenTheHostHangsUp) {
  Process process(program(), arguments({"--port", port_, "--debugfs", debugfs_.path()}));
  EXPECT_EQ(next()["event"], "hello");
  host_.reset();
  EXPECT_EQ(process.wait().status, 0);
}

TEST_P(GuestProgram, SaysThatThereIsNoPort) {
  const auto outcome = Process::run(program(), arguments({"--port", debugfs_.path() + "/none"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("cannot open the control port"));
}

TEST_P(GuestProgram, RefusesArgumentsItDoesNotKnow) {
  EXPECT_EQ(Process::run(program(), arguments({"--speed", "5"})).status, 2);
  EXPECT_EQ(Process::run(program(), arguments({"more"})).status, 2);
}

INSTANTIATE_TEST_SUITE_P(Both, GuestProgram, testing::Bool(),
                         [](const auto& both) { return both.param ? std::string("Init") : std::string("Zltctl"); });

}  // namespace
}  // namespace zlt::test
