// SPDX-License-Identifier: GPL-2.0-only
//
// A plan's hands in its guest: monitor commands, questions to the guest's init, and waits for what proves a step. Each
// wait has a limit; what ended it otherwise is kept, and everything after that fails at once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/forensics/patient_wait.h"
#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "qemu/zlt/plans/memory_model.h"
#include "qemu/zlt/plans/memory_view.h"

namespace zlt::run {

struct QmpEvent {
  std::string name;
  Json data;
};

// All that was seen of the kernel between two looks at it.
struct Sighting {
  MemoryView memory;
  Rebuilds printed;                // from "Built N zonelists" on the console
  std::optional<Rebuilds> probed;  // from the module's `watch`; none where it cannot watch
};

class PlanGuest {
 public:
  // `limit`: for each wait. `symbols` of the guest's kernel, or null.
  PlanGuest(Guest& guest, Conversation& talk, Duration limit, const Symbols* symbols);
  PlanGuest(const PlanGuest&) = delete;
  PlanGuest& operator=(const PlanGuest&) = delete;
  PlanGuest(PlanGuest&&) = delete;
  PlanGuest& operator=(PlanGuest&&) = delete;
  ~PlanGuest();

  // How the guest ended, or the program was stopped, when it did; then nothing else works any more.
  [[nodiscard]] const std::optional<Ended>& end() const { return end_; }

  // A command of the monitor. QEMU's refusal is quoted.
  [[nodiscard]] Result<Json> monitor(const std::string& command, const Json& arguments);
  // A command of the guest's init, and the event that answers it. The guest's refusal is an error of that kind.
  template <typename Answer>
  [[nodiscard]] Result<Answer> ask(protocol::Command command) {
    const char* name = protocol::name_of(command);
    return as<Answer>(answer(send(std::move(command)), name));
  }
  // A command that has no answer of its own.
  [[nodiscard]] Status tell(const protocol::Command& command);
  // Serves the guest until done(). The error says that `what` never came.
  [[nodiscard]] Status wait(const std::string& what, const std::function<bool()>& done);

  // Events of the monitor since forget_events().
  [[nodiscard]] const std::vector<QmpEvent>& events() const { return events_; }
  void forget_events() { events_.clear(); }

  // Turns the module's watch on. The error says why it cannot; that is no reason not to go on.
  [[nodiscard]] Status start_watch();
  // Looks at the kernel: everything that it printed before the look is in it. Refused: the kernel has no nodes.
  [[nodiscard]] Result<Sighting> look();
  // The whole of `watch`; nothing where there is none.
  [[nodiscard]] std::optional<protocol::WatchReport> watched();

  [[nodiscard]] Guest& guest() { return guest_; }
  [[nodiscard]] Conversation& talk() { return talk_; }
  // The console has a report, whole or not.
  [[nodiscard]] bool complained();
  // When the console had the first whole report, from the guest's exec.
  [[nodiscard]] std::optional<double> first_splat_s() const { return first_splat_s_; }

 private:
  void on_line(std::string_view line);
  void date_first_splat();
  [[nodiscard]] Result<std::uint64_t> send(protocol::Command command);  // its number
  [[nodiscard]] Result<protocol::Event> answer(const Result<std::uint64_t>& id, const char* op);
  // The conversation has seen to it that a command is answered by its own event.
  template <typename Answer>
  [[nodiscard]] static Result<Answer> as(Result<protocol::Event> event) {
    return event ? Result<Answer>(std::get<Answer>(std::move(*event))) : tl::unexpected(event.error());
  }
  [[nodiscard]] Rebuilds new_rebuilds(const protocol::Rebuilds& report);

  Guest& guest_;
  Conversation& talk_;
  Duration limit_;
  PatientWait patient_;
  std::optional<Ended> end_;
  std::uint64_t next_id_ = 100;  // a run has a smaller one
  std::vector<QmpEvent> events_;
  Rebuilds printed_;
  bool watching_ = false;
  std::uint64_t rebuilds_known_ = 0;
  unsigned marks_ = 0;
  std::string mark_;
  bool mark_seen_ = false;
  std::optional<double> first_splat_s_;
};

}  // namespace zlt::run
