// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest was told and what it has said over its control port so far (docs/formats.md), kept as plain data.
// Nothing a guest sends is trusted: what is no message, answers no question, or contradicts what came before, breaks
// the conversation, and nothing that was heard counts any more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/io/json_get.h"
#include "userspace/protocol/command.h"
#include "userspace/protocol/event.h"
#include "userspace/report/model.h"

namespace zlt::run {

class ControlPort;

// One line of the module's case list.
using CaseInfo = protocol::Case;

struct Loaded {
  report::FlavourRecord kernel;
  std::optional<bool> debug_locks;  // lockdep is alive; unknown without lockdep
  std::uint64_t module_text = 0;    // where the module's code lies; 0: not told
  std::vector<CaseInfo> cases;

  [[nodiscard]] const CaseInfo* find(const std::string& name, const std::string& form) const;
};

// For whoever keeps it, and back.
[[nodiscard]] Json json_of(const Loaded& loaded);
[[nodiscard]] Result<Loaded> loaded_from(const Json& json);

struct GuestError {
  std::optional<std::uint64_t> id;  // of the command; none: the guest's own set-up failed
  std::string line;
};

class Conversation {
 public:
  // What was sent. Only what was asked can be answered, once.
  void told(const protocol::Command& command);
  // What came: an event, or why it was none.
  void take(const Result<protocol::Event>& event);

  // Why nothing that this guest says can be believed, once that is so.
  [[nodiscard]] const std::optional<std::string>& broken() const { return broken_; }

  [[nodiscard]] bool hello() const { return hello_; }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool bye() const { return bye_; }
  [[nodiscard]] const std::optional<Loaded>& loaded() const { return loaded_; }
  [[nodiscard]] Json loaded_event() const { return loaded_ ? json_of(*loaded_) : Json(); }
  // Of a run, of the guest's set-up, or of a command without an answer of its own.
  [[nodiscard]] const std::optional<GuestError>& error() const { return error_; }
  // The answer to a command other than `run`, or its `error`. Once.
  [[nodiscard]] std::optional<protocol::Event> take_reply(std::uint64_t id);
  [[nodiscard]] bool started(std::uint64_t id) const { return started_ == id; }
  [[nodiscard]] const protocol::RunReport* result(std::uint64_t id) const {
    return result_ && run_ && run_->id == protocol::Id(id) ? &*result_ : nullptr;
  }
  // Lockdep is alive, as last heard.
  [[nodiscard]] std::optional<bool> debug_locks() const { return debug_locks_; }
  // Turns the module has finished in the present run, as last heard.
  [[nodiscard]] std::uint64_t turn() const { return turn_; }
  [[nodiscard]] std::uint64_t loops() const { return loops_; }

  // Grows with every event: the guest's user space lives.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // Grows only when something happened: a heartbeat that says the same as the one before does not count.
  [[nodiscard]] std::uint64_t news() const { return news_; }

 private:
  void hear(const protocol::Hello& event);
  void hear(const protocol::Case& event);
  void hear(const protocol::Loaded& event);
  void hear(const protocol::Ready& event);
  void hear(const protocol::Started& event);
  void hear(const protocol::Heartbeat& event);
  void hear(const protocol::Finished& event);
  void hear(const protocol::Failed& event);
  void hear(const protocol::Bye& event);
  // What is nothing but the answer to a command.
  template <typename Answer>
  void hear(const Answer& event) {
    keep_reply(event);
  }
  void keep_reply(const protocol::Event& event);
  void break_off(const std::string& why);

  bool hello_ = false;
  bool ready_ = false;
  bool bye_ = false;
  std::optional<std::string> broken_;
  std::vector<CaseInfo> cases_;  // of the list that is being told
  std::optional<Loaded> loaded_;
  std::optional<GuestError> error_;
  std::map<std::uint64_t, const char*> asked_;  // by id, the event that answers
  std::map<std::uint64_t, protocol::Event> replies_;
  std::optional<protocol::RunCase> run_;  // as it was commanded
  std::optional<std::uint64_t> started_;
  std::optional<protocol::RunReport> result_;
  std::optional<bool> debug_locks_;
  std::uint64_t turn_ = 0;
  std::uint64_t loops_ = 0;
  std::optional<protocol::RunStatus> last_status_;
  std::uint64_t events_ = 0;
  std::uint64_t news_ = 0;
};

// Sends a command and remembers it. False: the port takes nothing.
[[nodiscard]] bool tell(ControlPort& port, Conversation& talk, const protocol::Command& command);

}  // namespace zlt::run
