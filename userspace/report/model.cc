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

const char* name_of(Standing standing) {
  switch (standing) {
    case Standing::kExpected:
      return "expected";
    case Standing::kUnexpected:
      return "unexpected";
    case Standing::kUnconfirmed:
      return "unconfirmed";
    case Standing::kInfra:
      break;
  }
  return "infra";
}

Standing CaseRecord::standing() const {
  if (infra()) {
    return Standing::kInfra;
  }
  if (ok) {
    return Standing::kExpected;
  }
  return confirmation && !confirmation->confirmed() ? Standing::kUnconfirmed : Standing::kUnexpected;
}

Summary summarise(const Run& run) {
  Summary out;
  for (const CaseRecord& record : run.cases) {
    ++out.cases;
    switch (record.standing()) {
      case Standing::kExpected:
        ++out.expected;
        break;
      case Standing::kUnexpected:
        ++out.unexpected;
        break;
      case Standing::kUnconfirmed:
        ++out.unconfirmed;
        break;
      case Standing::kInfra:
        ++out.infra;
        break;
    }
  }
  return out;
}

}  // namespace zlt::report
