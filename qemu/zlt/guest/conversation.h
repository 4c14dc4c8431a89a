// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest has told over its control port so far (docs/formats.md), kept as plain data. Nothing a guest sends is
// trusted: members of the wrong type count as missing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/io/json_get.h"
#include "userspace/report/model.h"

namespace zlt::run {

// One line of the module's case list.
struct CaseInfo {
  std::string name;
  std::string form;
  std::string hazard;
  report::Outcomes expected;
  std::string summary;
};

struct Loaded {
  report::FlavourRecord kernel;
  std::optional<bool> debug_locks;  // lockdep is alive; unknown without lockdep
  std::uint64_t module_text = 0;    // where the module's code lies; 0: not told
  std::vector<CaseInfo> cases;

  [[nodiscard]] const CaseInfo* find(const std::string& name, const std::string& form) const;
};

struct RunResult {
  report::Outcomes verdict;
  std::string reason;
  std::uint64_t seed = 0;
  double run_s = 0;
  std::map<std::string, std::uint64_t> counters;
  std::optional<bool> debug_locks;
};

struct GuestError {
  std::optional<unsigned> id;  // of the command; none: the guest's own set-up failed
  std::string line;
};

class Conversation {
 public:
  void take(const std::string& name, const Json& event);

  [[nodiscard]] bool hello() const { return hello_; }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool bye() const { return bye_; }
  [[nodiscard]] const std::optional<Loaded>& loaded() const { return loaded_; }
  // As it came, for whoever keeps it.
  [[nodiscard]] const Json& loaded_event() const { return loaded_event_; }
  void forget_loaded() { loaded_.reset(); }
  [[nodiscard]] const std::optional<GuestError>& error() const { return error_; }
  // The answer to a command other than `run`: `nodes`, `memory`, `watch`, `marked`, or an `error` with its id. Once.
  [[nodiscard]] std::optional<Json> take_reply(unsigned id);
  [[nodiscard]] bool started(unsigned id) const { return started_ == id; }
  [[nodiscard]] const RunResult* result(unsigned id) const { return result_id_ == id && result_ ? &*result_ : nullptr; }
  // Turns the module has finished in the present run, as last heard.
  [[nodiscard]] std::uint64_t turn() const { return turn_; }
  [[nodiscard]] std::uint64_t loops() const { return loops_; }

  // Grows with every event: the guest's user space lives.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // Grows only when something happened: a heartbeat that says the same as the one before does not count.
  [[nodiscard]] std::uint64_t news() const { return news_; }

 private:
  void take_heartbeat(const Json& event);
  void keep_reply(const Json& event);

  bool hello_ = false;
  bool ready_ = false;
  bool bye_ = false;
  std::optional<Loaded> loaded_;
  Json loaded_event_;
  std::optional<GuestError> error_;
  std::map<unsigned, Json> replies_;
  std::optional<unsigned> started_;
  std::optional<unsigned> result_id_;
  std::optional<RunResult> result_;
  std::uint64_t turn_ = 0;
  std::uint64_t loops_ = 0;
  Json last_status_;
  std::uint64_t events_ = 0;
  std::uint64_t news_ = 0;
};

// From a `loaded` event.
[[nodiscard]] Loaded loaded_from(const Json& event);

}  // namespace zlt::run
