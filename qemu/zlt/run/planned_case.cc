// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/planned_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "module/abi/params.h"
#include "qemu/zlt/io/pattern.h"
#include "qemu/zlt/run/job_list.h"

namespace zlt::run {
namespace {

Result<PlannedCase> with_machine(Plan plan, const RunOptions& options, const Paths& paths) {
  if (!options.machine.empty()) {
    plan.machine = options.machine;
  }
  Result<Topology> topology = find_topology(paths.machines(), plan.machine);
  if (!topology) {
    const std::string where = options.machine.empty() ? plan.file.string() + ": " : "";
    return bad_input(where + topology.error().what, topology.error().hint);
  }
  if (Status good = check_plan(plan, *topology); !good) {
    return tl::unexpected(good.error());
  }
  return PlannedCase{std::make_shared<Plan>(std::move(plan)), std::make_shared<Topology>(std::move(*topology))};
}

bool has(const std::string& config, const std::string& option, char value) {
  const std::string line = fmt::format("\nCONFIG_{}={}\n", option, value);
  return ("\n" + config).find(line) != std::string::npos;
}

bool supported(const PlannedCase& planned, const KernelOptions& kernel) {
  for (const char* option : {"NUMA", "MEMORY_HOTPLUG", "MEMORY_HOTREMOVE"}) {
    if (!has(kernel.config, option, 'y')) {
      return false;
    }
  }
  if (planned.topology->virtio_mem.empty()) {
    return true;
  }
  const std::vector<const char*> options = {"VIRTIO_MEM", "VIRTIO_PCI"};
  return std::all_of(options.begin(), options.end(), [&](const char* option) {
    return has(kernel.config, option, 'y') || (kernel.drivers && has(kernel.config, option, 'm'));
  });
}

}  // namespace

Result<std::vector<PlannedCase>> planned_cases(const RunOptions& options, const Paths& paths) {
  Result<std::vector<Plan>> plans = std::vector<Plan>();
  if (options.plan.empty()) {
    plans = load_plans(paths.plans());
  } else {
    const Result<std::filesystem::path> file = find_data_file(paths.plans(), "plan", options.plan);
    Result<Plan> plan = file ? load_plan(*file) : tl::unexpected(file.error());
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    plans->push_back(std::move(*plan));
  }
  if (!plans) {
    return tl::unexpected(plans.error());
  }
  std::vector<PlannedCase> out;
  for (Plan& plan : *plans) {
    Result<PlannedCase> planned = with_machine(std::move(plan), options, paths);
    if (!planned) {
      return tl::unexpected(planned.error());
    }
    out.push_back(std::move(*planned));
  }
  return out;
}

std::vector<PlannedCase> wanted_plans(const RunOptions& options, const std::vector<PlannedCase>& all) {
  std::vector<PlannedCase> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const PlannedCase& each) {
    return std::any_of(options.cases.begin(), options.cases.end(),
                       [&](const std::string& pattern) { return matches(pattern, each.plan->case_name()); });
  });
  return out;
}

bool plans_alone(const RunOptions& options, const std::vector<PlannedCase>& all) {
  return !options.cases.empty() &&
         std::all_of(options.cases.begin(), options.cases.end(), [&](const std::string& name) {
           return std::any_of(all.begin(), all.end(),
                              [&](const PlannedCase& each) { return each.plan->case_name() == name; });
         });
}

std::vector<CaseInfo> case_infos(const std::vector<PlannedCase>& cases) {
  std::vector<CaseInfo> out;
  out.reserve(cases.size());
  for (const PlannedCase& each : cases) {
    out.push_back({each.plan->case_name(), abi::kFormBounded, "-", {}, each.plan->summary});
  }
  return out;
}

std::vector<CaseJob> plan_jobs(const RunOptions& options, const Flavour& flavour, const PlannedCase& planned,
                               const KernelOptions& kernel, std::uint64_t base_seed) {
  CaseJob job;
  job.name = planned.plan->case_name();
  job.form = abi::kFormBounded;
  job.plan = planned.plan;
  job.expected_by = "plan";
  if (!kernel.config.empty() && !supported(planned, kernel)) {
    job.expected = {"unsupported"};
    job.expected_by = "the kernel's configuration";
  } else {
    expect_instead(job, flavour.expect, "flavour");
  }
  expect_instead(job, options.expect, "command line");
  std::vector<CaseJob> out;
  add_repeats(out, job, options.repeat, base_seed);
  return out;
}

}  // namespace zlt::run
