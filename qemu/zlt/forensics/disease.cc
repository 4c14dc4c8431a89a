// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/disease.h"

#include <fmt/format.h>

namespace zlt::run {
namespace {

constexpr double kMostOfIt = 0.5;

}  // namespace

std::optional<Disease> stopped_clock(const std::string& run_state) {
  if (run_state == "running") {
    return std::nullopt;
  }
  return Disease{&kStoppedClock, "QEMU says it is " + run_state};
}

std::optional<Disease> host_cpu(const HostTimes& at_progress, const HostTimes& now) {
  const double share = stolen_share(at_progress, now);
  if (share < kMostOfIt) {
    return std::nullopt;
  }
  return Disease{&kHostCpu, fmt::format("{:.0f} % of it was stolen", share * 100)};
}

std::optional<Disease> host_memory(const std::string& why_gone, const HostTimes& begin, const HostTimes& now) {
  if (why_gone.find("SIGKILL") == std::string::npos || now.oom_kills <= begin.oom_kills) {
    return std::nullopt;
  }
  return Disease{&kHostMemory, why_gone};
}

void blame_disease(report::CaseRecord& record, const Disease& disease) {
  const std::string saw = record.infra() || record.observed.empty() ? "" : report::text_of(record.observed);
  const std::string before = saw + (saw.empty() || record.reason.empty() ? "" : ", ") + record.reason;
  record.disease = disease.known->name;
  record.reason = fmt::format("{}: {}{}{}", disease.known->name, disease.known->what,
                              disease.detail.empty() ? "" : " (" + disease.detail + ")",
                              before.empty() ? "" : "; without that it would be " + before);
  record.observed = {"infra"};
  record.ok = false;
}

}  // namespace zlt::run
