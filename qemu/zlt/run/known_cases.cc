// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/known_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "qemu/zlt/run/job_list.h"
#include "qemu/zlt/run/planned_case.h"
#include "userspace/base/files.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace {

std::vector<std::string> listed_cases(const Paths& paths) {
  const Result<std::string> text = read_plain_file(paths.cases());
  std::istringstream lines(text ? *text : "");
  std::vector<std::string> out;
  for (std::string line; std::getline(lines, line);) {
    out.push_back(line);
  }
  return out;
}

Status check_meanwhile(const Plan& plan, const std::vector<PlanStep>& steps, const std::vector<std::string>& cases) {
  for (const PlanStep& step : steps) {
    const bool known =
        step.kind != PlanStep::Kind::kParallel || std::find(cases.begin(), cases.end(), step.case_name) != cases.end();
    if (!known) {
      return bad_input(fmt::format("{}:{}: there is no case {}", plan.file.string(), step.line, quote(step.case_name)),
                       "known are " + joined(nearest_first(step.case_name, cases)));
    }
    if (Status below = check_meanwhile(plan, step.steps, cases); !below) {
      return below;
    }
  }
  return {};
}

}  // namespace

Status check_cases(const RunOptions& options, const Paths& paths) {
  const Result<std::vector<PlannedCase>> planned = planned_cases(options, paths);
  if (!planned) {
    return tl::unexpected(planned.error());
  }
  std::vector<std::string> names = listed_cases(paths);
  if (names.empty()) {
    return {};
  }
  for (const PlannedCase& each : wanted_plans(options, *planned)) {
    if (Status known = check_meanwhile(*each.plan, each.plan->steps, names); !known) {
      return known;
    }
  }
  for (const PlannedCase& each : *planned) {
    names.push_back(each.plan->case_name());
  }
  return check_patterns(options, names);
}

}  // namespace zlt::run
