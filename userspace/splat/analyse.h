// SPDX-License-Identifier: GPL-2.0-only
//
// From the lines of a report to its record.
#pragma once

#include <span>
#include <string_view>

#include "userspace/splat/blame.h"
#include "userspace/splat/record.h"
#include "userspace/splat/report.h"

namespace zlt::splat {

[[nodiscard]] Record analyse(const Report& report, Blamer& blamer);

// The parts, one file each. `lines` are those that are no dumps; of stack lines only the locks' parts have use.
void read_stacks(const Report& report, Record& record);
void read_locks(std::span<const std::string_view> lines, Record& record);
void read_context(std::span<const std::string_view> lines, Record& record);
[[nodiscard]] std::string fingerprint(const Record& record, Blamer& blamer);

}  // namespace zlt::splat
