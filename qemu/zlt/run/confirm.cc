// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/confirm.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "qemu/zlt/forensics/disease.h"

namespace zlt::run {
namespace {

report::Rerun rerun_of(const report::CaseRecord& record, bool agrees) {
  return {record.origin, record.observed, agrees, record.reason, record.artifacts};
}

bool expected(const report::CaseRecord& record) {
  return record.standing() == report::Standing::kExpected;
}

// The first run told nothing about the kernel, and all that came after it told the same.
void take_verdict(report::CaseRecord& record, const std::vector<report::CaseRecord>& reruns) {
  const report::CaseRecord& last = reruns.back();
  const bool same = std::all_of(reruns.begin(), reruns.end(), [&](const report::CaseRecord& each) {
    return !each.infra() && each.observed == last.observed;
  });
  if (!same) {
    return;
  }
  const std::string before = record.reason;
  report::Confirmation confirmation = std::move(*record.confirmation);
  const report::Rerun first = rerun_of(record, false);
  record = last;
  record.artifacts = first.artifacts;
  record.reason += (record.reason.empty() ? "" : "; ") + fmt::format("the first guest told nothing: {}", before);
  confirmation.agreed = confirmation.wanted;
  confirmation.runs.insert(confirmation.runs.begin(), first);
  record.confirmation = std::move(confirmation);
}

}  // namespace

report::Outcomes surprises(const report::CaseRecord& record) {
  report::Outcomes out;
  for (const std::string& seen : record.observed) {
    if (!record.expected.contains(seen)) {
      out.insert(seen);
    }
  }
  for (const std::string& missing : record.expected) {
    if (!record.observed.contains(missing)) {
      out.insert("no " + missing);
    }
  }
  return out;
}

bool agree(const report::CaseRecord& a, const report::CaseRecord& b) {
  if (a.infra() || b.infra()) {
    return false;
  }
  const report::Outcomes of_a = surprises(a);
  const report::Outcomes of_b = surprises(b);
  return std::any_of(of_a.begin(), of_a.end(), [&](const std::string& each) { return of_b.contains(each); });
}

bool doubtful(const report::CaseRecord& record) {
  return !expected(record) && !record.settled;
}

Status confirm(report::CaseRecord& record, unsigned wanted, const Again& again) {
  std::vector<report::CaseRecord> reruns;
  report::Confirmation confirmation;
  confirmation.wanted = wanted;
  for (unsigned n = 0; n < wanted; ++n) {
    Result<report::CaseRecord> ran = again(n + 2, n % 2 == 0 ? From::kBoot : From::kNewSnapshot);
    if (!ran) {
      return tl::unexpected(ran.error());
    }
    const bool agrees = agree(record, *ran);
    confirmation.agreed += agrees ? 1 : 0;
    confirmation.runs.push_back(rerun_of(*ran, agrees));
    reruns.push_back(std::move(*ran));
  }
  record.confirmation = std::move(confirmation);
  if (record.infra()) {
    take_verdict(record, reruns);
    return {};
  }
  const bool only_it = !record.origin.snapshot.empty() && std::all_of(reruns.begin(), reruns.end(), expected);
  if (only_it) {
    Result<report::CaseRecord> ran = again(wanted + 2, From::kOldSnapshot);
    if (!ran) {
      return tl::unexpected(ran.error());
    }
    const bool of_the_old = ran->origin.snapshot == record.origin.snapshot && ran->origin.made == record.origin.made;
    const bool agrees = of_the_old && agree(record, *ran);
    record.confirmation->runs.push_back(rerun_of(*ran, agrees));
    if (agrees) {
      blame_disease(record, {&kStalePage, "snapshot of " + record.origin.made});
    }
  }
  return {};
}

}  // namespace zlt::run
