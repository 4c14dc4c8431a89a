// SPDX-License-Identifier: GPL-2.0-only
//
// The monitor's client against a scripted peer, well-behaved and not.
#include "qemu/zlt/guest/qmp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "userspace/base/files.h"

namespace zlt::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kAmple = seconds(60);
constexpr const char* kGreeting =
    R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": []}})"
    "\r\n";

// The other end. Plays its lines in order: an answer for every command it reads, its id put in for ID.
class Peer {
 public:
  Peer() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    client = UniqueFd(fds[0]);
    fd = UniqueFd(fds[1]);
  }
  ~Peer() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void say(const std::string& text) const { EXPECT_TRUE(write_all(fd.get(), text)); }
  void play(std::vector<std::string> answers) {
    thread_ = std::thread([this, answers = std::move(answers)] {
      LineSplitter lines(1U << 20U);
      for (const std::string& answer : answers) {
        const size_t had = commands_.size();
        while (commands_.size() == had) {
          char buffer[4096];
          const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
          if (n <= 0) {
            return;
          }
          lines.feed({buffer, static_cast<size_t>(n)});
          while (const auto line = lines.next()) {
            commands_.push_back(line->text);
          }
        }
        const Json command = Json::parse(commands_.back());
        std::string text = answer;
        if (const size_t at = text.find("ID"); at != std::string::npos) {
          text.replace(at, 2, command["id"].dump());
        }
        say(text + "\r\n");
      }
    });
  }
  std::vector<std::string> commands() {
    thread_.join();
    return commands_;
  }

  UniqueFd client;
  UniqueFd fd;

 private:
  std::thread thread_;
  std::vector<std::string> commands_;
};

class QmpTest : public testing::Test {
 protected:
  Stop stop;
  Pump pump{stop};
  Peer peer;
};

TEST_F(QmpTest, NegotiatesAndKnowsTheVersion) {
  Qmp qmp(std::move(peer.client), pump);
  peer.say(kGreeting);
  peer.play({R"({"return": {}, "id": ID})"});
  ASSERT_TRUE(qmp.handshake(kAmple));
  EXPECT_EQ(qmp.version(), "7.2.22");
  EXPECT_THAT(peer.commands(), ElementsAre(HasSubstr("qmp_capabilities")));
}

TEST_F(QmpTest, SendsArgumentsAndReturnsTheValue) {
  Qmp qmp(std::move(peer.client), pump);
  peer.play({R"({"return": "text", "id": ID})"});
  const Result<std::string> text = qmp.human("info registers -a", kAmple);
  ASSERT_TRUE(text) << text.error().line();
  EXPECT_EQ(*text, "text");
  EXPECT_THAT(peer.commands(), ElementsAre(AllOf(HasSubstr("human-monitor-command"), HasSubstr("registers -a"))));
}

TEST_F(QmpTest, QuotesARefusal) {
  Qmp qmp(std::move(peer.client), pump);
  peer.play({R"({"id": ID, "error": {"class": "GenericError", "desc": "Device 'x' not found"}})"});
  const Result<Json> reply = qmp.execute("device_del", {{"id", "x"}}, kAmple);
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().what, AllOf(HasSubstr("device_del"), HasSubstr("Device 'x' not found")));
}

TEST_F(QmpTest, ARefusalOfAnotherShapeIsQuotedToo) {
  Qmp qmp(std::move(peer.client), pump);
  peer.play({R"({"id": ID, "error": ["odd"]})"});
  const Result<Json> reply = qmp.execute("stop", {}, kAmple);
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().what, HasSubstr("odd"));
}

TEST_F(QmpTest, HandsEventsOnWhileItWaits) {
  Qmp qmp(std::move(peer.client), pump);
  std::vector<std::string> events;
  qmp.on_event([&](const std::string& name, const Json& data) { events.push_back(name + get_string(data, "reason")); });
  peer.say(R"({"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}, "timestamp": {}})"
           "\n");
  peer.say(R"({"event": "STOP", "timestamp": {}})"
           "\n");
  peer.play({R"({"return": {}, "id": ID})"});
  ASSERT_TRUE(qmp.execute("query-status", {}, kAmple));
  EXPECT_THAT(events, ElementsAre("SHUTDOWNguest-reset", "STOP"));
}

TEST_F(QmpTest, IgnoresWhatIsNoMessage) {
  Qmp qmp(std::move(peer.client), pump);
  peer.say(
      "\xff\xfe nonsense\n[]\n7\n\n{\"event\": 7}\n{\"id\": \"x\"}\n{\"return\": 1}\n{\"id\": 99, \"return\": 1}\n");
  peer.say(std::string(size_t{5} << 20U, '{').substr(0, 100000) + "\n");
  peer.play({R"({"return": 5, "id": ID})"});
  const Result<Json> reply = qmp.execute("query", {}, kAmple);
  ASSERT_TRUE(reply) << reply.error().line();
  EXPECT_EQ(*reply, 5);
}

TEST_F(QmpTest, TheGreetingMayComeInPieces) {
  Qmp qmp(std::move(peer.client), pump);
  const std::string greeting = kGreeting;
  std::thread slow([&] {
    for (const char c : greeting) {
      peer.say(std::string(1, c));
    }
    peer.play({R"({"return": {}, "id": ID})"});
  });
  EXPECT_TRUE(qmp.handshake(kAmple));
  slow.join();
}

TEST_F(QmpTest, APeerThatNeverGreetsIsGivenUp) {
  Qmp qmp(std::move(peer.client), pump);
  const Status done = qmp.handshake(milliseconds(20));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, AllOf(HasSubstr("stopped answering"), HasSubstr("greeting")));
}

TEST_F(QmpTest, AReplyThatNeverComesIsGivenUpAndALateOneIgnored) {
  Qmp qmp(std::move(peer.client), pump);
  const Result<Json> never = qmp.execute("query-cpus-fast", {}, milliseconds(20));
  ASSERT_FALSE(never);
  EXPECT_THAT(never.error().what, HasSubstr("a reply to query-cpus-fast"));
  peer.say("{\"return\": \"late\", \"id\": 1}\n{\"return\": \"next\", \"id\": 2}\n");
  const Result<Json> next = qmp.execute("query-status", {}, kAmple);
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, "next");
}

TEST_F(QmpTest, APeerThatClosesIsNoticed) {
  Qmp qmp(std::move(peer.client), pump);
  peer.say(kGreeting);
  peer.fd.reset();
  const Status done = qmp.handshake(kAmple);
  ASSERT_FALSE(done);
  EXPECT_TRUE(qmp.closed());
}

TEST_F(QmpTest, APeerThatReadsNothingIsGivenUp) {
  Qmp qmp(std::move(peer.client), pump);
  const Result<Json> reply = qmp.execute("echo", {{"data", std::string(size_t{16} << 20U, 'x')}}, milliseconds(50));
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().what, HasSubstr("takes no more commands"));
}

TEST_F(QmpTest, AStopEndsAWait) {
  Qmp qmp(std::move(peer.client), pump);
  std::thread other([&] { stop.request(); });
  const Result<Json> reply = qmp.execute("query-status", {}, kAmple);
  other.join();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().what, "interrupted");
}

}  // namespace
}  // namespace zlt::run
