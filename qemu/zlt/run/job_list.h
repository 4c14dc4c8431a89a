// SPDX-License-Identifier: GPL-2.0-only
//
// From what a person asked for and what a guest offers to the cases to run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/run/case_job.h"
#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

// Every pattern of --case and --expect must mean one of these cases. The error names the nearest ones.
[[nodiscard]] Status check_patterns(const RunOptions& options, const std::vector<std::string>& names);
// Each once, in their order.
[[nodiscard]] std::vector<std::string> names_of(const std::vector<CaseInfo>& cases);

// What one source of overrides, keyed by case or pattern, expects of the job instead; a case's own name counts more
// than a pattern. `by` names the source.
void expect_instead(CaseJob& job, const std::map<std::string, report::Outcomes>& overrides, const char* by);

// Adds the job `repeat` times. Repeat k gets the seed base + k - 1.
void add_repeats(std::vector<CaseJob>& jobs, CaseJob job, unsigned repeat, std::uint64_t base_seed);

// The jobs of one flavour: cases in the guest's order, each `repeat` times.
[[nodiscard]] std::vector<CaseJob> make_jobs(const RunOptions& options, const Flavour& flavour,
                                             const std::vector<CaseInfo>& cases, std::uint64_t base_seed);

}  // namespace zlt::run
