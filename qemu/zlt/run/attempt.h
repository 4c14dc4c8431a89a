// SPDX-License-Identifier: GPL-2.0-only
//
// One case in one guest of its own, from its start to its record.
#pragma once

#include <filesystem>

#include "qemu/zlt/forensics/case_body.h"
#include "qemu/zlt/run/case_job.h"
#include "qemu/zlt/run/guest_source.h"

namespace zlt::run {

// The guest's files are in `folder`, which is made. Fills wall_s and origin too. An error only when interrupted, or
// when our own files cannot be written; a guest that never came up is a record of `infra`. Several threads may call it.
[[nodiscard]] Result<report::CaseRecord> attempt(GuestSource& source, const CaseJob& job, From from,
                                                 const std::filesystem::path& folder, const RunOptions& options,
                                                 const Stop& stop, const OnProgress& on_progress);

}  // namespace zlt::run
