// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/oracle.h"

#include <algorithm>
#include <iterator>

#include "userspace/base/printable.h"

namespace zlt::run {
namespace {

report::Outcomes without(const report::Outcomes& all, const report::Outcomes& these) {
  report::Outcomes out;
  std::set_difference(all.begin(), all.end(), these.begin(), these.end(), std::inserter(out, out.end()));
  return out;
}

}  // namespace

void conclude(report::CaseRecord& record) {
  record.reason = printable(record.reason);
  for (auto& [name, fact] : record.facts) {
    fact = printable(fact);
  }
  if (record.infra()) {
    record.observed = {"infra"};
    record.ok = false;
    return;
  }
  for (const report::Splat& splat : record.splats) {
    record.observed.insert(splat.outcome);
  }
  const report::Outcomes missing = without(record.expected, record.observed);
  const report::Outcomes extra = without(record.observed, record.expected);
  record.ok = missing.empty() && extra.empty();
  std::string what;
  if (!missing.empty()) {
    what = "missing " + report::text_of(missing);
  }
  if (!extra.empty()) {
    what += (what.empty() ? "" : ", ") + ("unexpected " + report::text_of(extra));
  }
  if (!what.empty()) {
    record.reason = record.reason.empty() ? what : what + ": " + record.reason;
  }
}

}  // namespace zlt::run
