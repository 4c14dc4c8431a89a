// SPDX-License-Identifier: GPL-2.0-only
//
// One case to run in one guest, decided before any guest is started.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "userspace/report/model.h"

namespace zlt::run {

struct Plan;

struct CaseJob {
  std::string name;
  std::string form;
  unsigned repeat = 1;  // from 1
  std::uint64_t seed = 0;
  std::map<std::string, std::uint64_t> params;  // as given; the seed is apart
  report::Outcomes expected;
  std::string expected_by;
  std::shared_ptr<const Plan> plan;  // a hot-plug plan of the host's; none: a case of the module's

  // The words of a run (none for a plan), for the guest's command line: "CASE,form=bounded,loops=10,seed=7".
  [[nodiscard]] std::string autorun() const;
  // "irqs-on.hardirq-reader+faithful": the case's folder in the results.
  [[nodiscard]] std::string folder() const;
};

// What is left to say of a case whose guest never got to it.
[[nodiscard]] report::CaseRecord infra_record(const CaseJob& job, const std::string& reason);

}  // namespace zlt::run
