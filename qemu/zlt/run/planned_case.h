// SPDX-License-Identifier: GPL-2.0-only
//
// Plans with the machines they run on, and the jobs they make for a flavour.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/paths.h"
#include "qemu/zlt/plans/plan.h"
#include "qemu/zlt/run/case_job.h"
#include "qemu/zlt/run/options.h"
#include "userspace/base/result.h"

namespace zlt::run {

struct PlannedCase {
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const Topology> topology;
};

struct KernelOptions {
  std::string config;    // the text of .config; empty where it is not known
  bool drivers = false;  // guests get the drivers that are modules
};

// All plans there are, or the one that the options name, each checked against its machine. A bad file is an error that
// names file and line, whether its case was asked for or not.
[[nodiscard]] Result<std::vector<PlannedCase>> planned_cases(const RunOptions& options, const Paths& paths);

// Those that a pattern of the options means.
[[nodiscard]] std::vector<PlannedCase> wanted_plans(const RunOptions& options, const std::vector<PlannedCase>& all);

// The options ask for plans by their full names and for nothing else: no case of the module's is needed.
[[nodiscard]] bool plans_alone(const RunOptions& options, const std::vector<PlannedCase>& all);

// As lines of a case list, for whoever checks patterns or shows cases.
[[nodiscard]] std::vector<CaseInfo> case_infos(const std::vector<PlannedCase>& cases);

// A kernel that lacks what a plan needs is expected to be found `unsupported`.
[[nodiscard]] std::vector<CaseJob> plan_jobs(const RunOptions& options, const Flavour& flavour,
                                             const PlannedCase& planned, const KernelOptions& kernel,
                                             std::uint64_t base_seed);

}  // namespace zlt::run
