// SPDX-License-Identifier: GPL-2.0-only
//
// Drives one ready guest through one case, and always comes back with what was seen: whatever the guest does, or does
// not do, ends in a record.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "qemu/zlt/case_job.h"
#include "qemu/zlt/conversation.h"
#include "qemu/zlt/guest.h"
#include "qemu/zlt/symbols.h"
#include "qemu/zlt/watch.h"
#include "userspace/report/model.h"

namespace zlt::run {

// A case that is driven from the host instead of by one command to the module.
class CaseBody {
 public:
  CaseBody() = default;
  CaseBody(const CaseBody&) = delete;
  CaseBody& operator=(const CaseBody&) = delete;
  CaseBody(CaseBody&&) = delete;
  CaseBody& operator=(CaseBody&&) = delete;
  virtual ~CaseBody() = default;
  // kDone: it ran to its end, and the record says what was seen. Another end is judged as that of a module's case is.
  [[nodiscard]] virtual WatchReport drive(report::CaseRecord& record) = 0;
};

struct CaseSettings {
  Duration total = std::chrono::seconds(120);  // for the case, progress or not
  bool check_lockdep = false;                  // the flavour has lockdep: it must be alive at the start
  const Symbols* symbols = nullptr;            // of the guest's kernel and module
  std::filesystem::path evidence;              // folder for what a dead guest leaves
  bool keep_dump = false;                      // its memory too
  CaseBody* body = nullptr;                    // none: a case of the module's
};

// One short line for people, several times a second: "turn 3/10".
using OnProgress = std::function<void(const std::string& text)>;

// Fills observed, reason, run_s, splats, counters and facts. Returns an error only when the program is to stop.
[[nodiscard]] Result<report::CaseRecord> run_case(Guest& guest, Conversation& talk, const CaseJob& job,
                                                  const CaseSettings& settings, const OnProgress& on_progress);

}  // namespace zlt::run
