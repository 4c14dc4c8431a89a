// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/job_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "module/abi/params.h"
#include "qemu/zlt/io/pattern.h"
#include "userspace/base/nearest.h"

namespace zlt::run {
namespace {

// The wanted form; without a wish, the flavour's, or whichever there is.
const CaseInfo* choose_form(const RunOptions& options, const Flavour& flavour, const std::vector<CaseInfo>& cases,
                            const std::string& name) {
  const std::string& form = options.form ? *options.form : flavour.form;
  const CaseInfo* other = nullptr;
  for (const CaseInfo& info : cases) {
    if (info.name == name) {
      if (info.form == form) {
        return &info;
      }
      other = &info;
    }
  }
  return options.form ? nullptr : other;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<CaseInfo>& cases) {
  std::vector<std::string> out;
  for (const CaseInfo& info : cases) {
    if (std::find(out.begin(), out.end(), info.name) == out.end()) {
      out.push_back(info.name);
    }
  }
  return out;
}

Status check_patterns(const RunOptions& options, const std::vector<std::string>& names) {
  std::vector<std::string> patterns = options.cases;
  for (const auto& [pattern, outcomes] : options.expect) {
    patterns.push_back(pattern);
  }
  for (const std::string& pattern : patterns) {
    const bool any =
        std::any_of(names.begin(), names.end(), [&](const std::string& name) { return matches(pattern, name); });
    if (!any) {
      return bad_input(fmt::format("no case matches \"{}\"", pattern),
                       "known are " + joined(nearest_first(pattern, names)));
    }
  }
  return {};
}

void expect_instead(CaseJob& job, const std::map<std::string, report::Outcomes>& overrides, const char* by) {
  const auto take = [&](const report::Outcomes& outcomes) {
    job.expected = outcomes;
    job.expected_by = by;
  };
  for (const auto& [pattern, outcomes] : overrides) {
    if (matches(pattern, job.name)) {
      take(outcomes);
    }
  }
  if (const auto exact = overrides.find(job.name); exact != overrides.end()) {
    take(exact->second);
  }
}

void add_repeats(std::vector<CaseJob>& jobs, CaseJob job, unsigned repeat, std::uint64_t base_seed) {
  for (unsigned n = 1; n <= repeat; ++n) {
    job.repeat = n;
    job.seed = base_seed + n - 1;
    jobs.push_back(job);
  }
}

std::vector<CaseJob> make_jobs(const RunOptions& options, const Flavour& flavour, const std::vector<CaseInfo>& cases,
                               std::uint64_t base_seed) {
  std::vector<CaseJob> out;
  for (const std::string& name : names_of(cases)) {
    const bool wanted = std::any_of(options.cases.begin(), options.cases.end(),
                                    [&](const std::string& pattern) { return matches(pattern, name); });
    const CaseInfo* info = wanted ? choose_form(options, flavour, cases, name) : nullptr;
    if (info == nullptr) {
      continue;
    }
    CaseJob job;
    job.name = name;
    job.form = info->form;
    job.params = options.params;
    if (job.form == abi::kFormFaithful) {
      job.params["allow_hang"] = 1;
    }
    job.expected = info->expected;
    job.expected_by = "module";
    expect_instead(job, flavour.expect, "flavour");
    expect_instead(job, options.expect, "command line");
    add_repeats(out, job, options.repeat, base_seed);
  }
  return out;
}

}  // namespace zlt::run
