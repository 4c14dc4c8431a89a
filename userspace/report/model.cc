// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/report/model.h"

namespace zlt::report {
namespace {

constexpr const char* kClean = "clean";

}  // namespace

Outcomes outcomes_from(const std::vector<std::string>& names) {
  Outcomes out(names.begin(), names.end());
  out.erase(kClean);
  return out;
}

Summary summarise(const Run& run) {
  Summary out;
  for (const CaseRecord& record : run.cases) {
    ++out.cases;
    if (record.infra()) {
      ++out.infra;
    } else if (record.ok) {
      ++out.expected;
    } else {
      ++out.unexpected;
    }
  }
  return out;
}

}  // namespace zlt::report
