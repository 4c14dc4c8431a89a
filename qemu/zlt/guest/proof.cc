// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/proof.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/wait.h"

namespace zlt::run {
namespace {

constexpr auto kAtMost = std::chrono::seconds(60);
constexpr std::uint64_t kBeatId = 1;
constexpr std::uint64_t kNodesId = 2;
constexpr std::uint64_t kMarkId = 3;
constexpr const char* kMark = "proof.";
constexpr const char* kMarkLine = "zltorture: proof.";
constexpr LivenessLimits kLiveness{std::chrono::seconds(6), std::chrono::seconds(4), std::chrono::milliseconds(100)};

class Proof {
 public:
  Proof(Guest& guest, bool lockdep) : guest_(guest), lockdep_(lockdep) {
    guest_.control().on_event([this](const Result<protocol::Event>& event) {
      talk_.take(event);
      const auto* beat = event ? std::get_if<protocol::Heartbeat>(&*event) : nullptr;
      beats_ += beat != nullptr && beat->id.none() ? 1 : 0;
    });
  }

  Status run() {
    guest_.console().expect(kMarkLine);
    if (!tell(guest_.control(), talk_, protocol::Beat{kBeatId}) ||
        !tell(guest_.control(), talk_, protocol::AskNodes{kNodesId})) {
      return failure("its control port takes no commands");
    }
    // A guest that has nothing to do sends a heartbeat once a second of its own time.
    if (Status lived = wait("it live for a second", [this] { return beats_ > 0 && answered(); }); !lived) {
      return lived;
    }
    if (!tell(guest_.control(), talk_, protocol::Mark{kMarkId, kMark})) {
      return failure("its control port takes no commands");
    }
    if (Status printed = wait("its console catch up", [this] { return guest_.console().seen(); }); !printed) {
      return printed;
    }
    return talk_.error() ? failure("it said: " + talk_.error()->line) : judge();
  }

 private:
  // The nodes with an error where the kernel has none: an answer all the same.
  bool answered() {
    beat_ = beat_ || talk_.take_reply(kBeatId);
    nodes_ = nodes_ || talk_.take_reply(kNodesId);
    return beat_ && nodes_;
  }

  Status wait(const char* what, const std::function<bool()>& done) {
    const WaitReport report = wait_until(guest_, talk_, {kLiveness, kAtMost}, done, [] {});
    switch (report.end) {
      case WaitEnd::kDone:
        return {};
      case WaitEnd::kStopped:
        return interrupted();
      case WaitEnd::kGone:
        return failure(guest_.why_gone());
      case WaitEnd::kPanicked:
        return failure("its kernel panicked");
      case WaitEnd::kDown:
        return failure(fmt::format("it went down ({})", *guest_.shutdown()));
      case WaitEnd::kNonsense:
        return failure(*talk_.broken());
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
    if (lockdep_ && talk_.debug_locks() == false) {
      return failure("its lockdep is off");
    }
    return {};
  }

  Guest& guest_;
  bool lockdep_;
  Conversation talk_;
  bool beat_ = false;
  bool nodes_ = false;
  unsigned beats_ = 0;  // that came by themselves
};

}  // namespace

Status prove(Guest& guest, bool lockdep) {
  Status out = Proof(guest, lockdep).run();
  guest.control().on_event([](const Result<protocol::Event>&) {});
  return out;
}

}  // namespace zlt::run
