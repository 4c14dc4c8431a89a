// SPDX-License-Identifier: GPL-2.0-only
//
// Drives one ready guest through one case, and always comes back with what was seen: whatever the guest does, or does
// not do, ends in a record.
#pragma once

#include <filesystem>
#include <string>

#include "qemu/zlt/forensics/case_body.h"
#include "qemu/zlt/forensics/symbols.h"
#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "qemu/zlt/run/case_job.h"
#include "userspace/report/model.h"

namespace zlt::run {

struct CaseSettings {
  Duration total = std::chrono::seconds(120);  // for the case, progress or not
  bool check_lockdep = false;                  // the flavour has lockdep: it must be alive at the start
  const Symbols* symbols = nullptr;            // of the guest's kernel and module
  std::filesystem::path evidence;              // folder for what a dead guest leaves
  bool keep_dump = false;                      // its memory too
  CaseBody* body = nullptr;                    // none: a case of the module's
};

// Fills observed, reason, run_s, splats, counters and facts. Returns an error only when the program is to stop.
[[nodiscard]] Result<report::CaseRecord> run_case(Guest& guest, Conversation& talk, const CaseJob& job,
                                                  const CaseSettings& settings, const OnProgress& on_progress);

}  // namespace zlt::run
