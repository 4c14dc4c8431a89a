// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/proof.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/wait.h"

namespace zlt::run {
namespace {

constexpr std::uint64_t kLifeMs = 1000;
constexpr auto kAtMost = std::chrono::seconds(60);
constexpr unsigned kNodesId = 1;
constexpr unsigned kMarkId = 2;
constexpr const char* kMark = "proof.";
constexpr const char* kMarkLine = "zltorture: proof.";
constexpr LivenessLimits kLiveness{std::chrono::seconds(6), std::chrono::seconds(4), std::chrono::milliseconds(100)};

class Proof {
 public:
  Proof(Guest& guest, bool lockdep) : guest_(guest), lockdep_(lockdep) {
    guest_.control().on_event([this](const std::string& name, const Json& event) {
      talk_.take(name, event);
      const std::uint64_t at = get_number(event, "t_ms");
      first_ms_ = first_ms_ == 0 ? at : first_ms_;
      last_ms_ = at;
    });
  }

  Status run() {
    guest_.console().expect(kMarkLine);
    if (!guest_.control().send({{"op", "list"}}) || !guest_.control().send({{"op", "nodes"}, {"id", kNodesId}})) {
      return failure("its control port takes no commands");
    }
    if (Status lived = wait("it live for a second", [this] { return last_ms_ >= first_ms_ + kLifeMs && answered(); });
        !lived) {
      return lived;
    }
    if (!guest_.control().send({{"op", "mark"}, {"id", kMarkId}, {"text", kMark}})) {
      return failure("its control port takes no commands");
    }
    if (Status printed = wait("its console catch up", [this] { return guest_.console().seen(); }); !printed) {
      return printed;
    }
    if (talk_.error()) {
      return failure("it said: " + talk_.error()->line);
    }
    return judge();
  }

 private:
  bool answered() {
    if (!nodes_) {
      nodes_ = talk_.take_reply(kNodesId);  // an error where the kernel has no nodes: an answer all the same
    }
    return talk_.loaded() && nodes_;
  }

  Status wait(const char* what, const std::function<bool()>& done) {
    const WaitReport report = wait_until(guest_, talk_, {kLiveness, kAtMost}, done, [] {});
    switch (report.end) {
      case WaitEnd::kDone:
        return {};
      case WaitEnd::kStopped:
        return failure("interrupted");
      case WaitEnd::kGone:
        return failure(guest_.why_gone());
      case WaitEnd::kPanicked:
        return failure("its kernel panicked");
      case WaitEnd::kDown:
        return failure(fmt::format("it went down ({})", *guest_.shutdown()));
      case WaitEnd::kDead:
      case WaitEnd::kTimeout:
        break;
    }
    return failure(fmt::format("nobody saw {}", what));
  }

  Status judge() {
    guest_.console().splats().finish();
    if (const auto& splats = guest_.console().splats().splats(); !splats.empty()) {
      return failure("its kernel reported: " + splats.front().title);
    }
    if (lockdep_ && talk_.loaded()->debug_locks == false) {
      return failure("its lockdep is off");
    }
    return {};
  }

  Guest& guest_;
  bool lockdep_;
  Conversation talk_;
  std::optional<Json> nodes_;
  std::uint64_t first_ms_ = 0;
  std::uint64_t last_ms_ = 0;
};

}  // namespace

Status prove(Guest& guest, bool lockdep) {
  Status out = Proof(guest, lockdep).run();
  guest.control().on_event([](const std::string&, const Json&) {});
  return out;
}

}  // namespace zlt::run
