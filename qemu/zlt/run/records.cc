// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "qemu/zlt/run/confirm.h"

namespace zlt::run {

Cell cell_of(const Repeats& repeats, unsigned repeat) {
  using report::Standing;
  const report::CaseRecord& shown = repeats.shown;
  const Standing standing = shown.standing();
  Cell out;
  out.text = standing == Standing::kExpected      ? "ok "
             : standing == Standing::kUnexpected  ? "FAIL "
             : standing == Standing::kUnconfirmed ? "unconfirmed "
                                                  : "";
  out.tone = standing == Standing::kExpected     ? Tone::kGood
             : standing == Standing::kUnexpected ? Tone::kBad
                                                 : Tone::kWarning;
  out.text += report::text_of(shown.observed);
  if (shown.confirmation && shown.confirmation->wanted > 0 && !shown.infra() && !shown.ok) {
    out.text += fmt::format(" (again {} of {})", shown.confirmation->agreed, shown.confirmation->wanted);
  }
  if (repeat > 1) {
    out.text += fmt::format(" {}/{}", repeats.good, repeats.done);
  }
  return out;
}

void Records::list(const std::string& case_name) {
  const std::lock_guard guard(mutex_);
  if (std::find(order_.begin(), order_.end(), case_name) == order_.end()) {
    order_.push_back(case_name);
  }
}

Repeats Records::add(report::CaseRecord record) {
  const std::lock_guard guard(mutex_);
  records_.push_back(std::move(record));
  const report::CaseRecord& latest = records_.back();
  const report::CaseRecord* shown = &latest;
  Repeats out;
  for (const report::CaseRecord& other : records_) {
    if (other.name == latest.name && other.flavour == latest.flavour) {
      ++out.done;
      out.good += other.ok ? 1 : 0;
      shown = shown->ok && !other.ok ? &other : shown;
    }
  }
  out.shown = *shown;
  return out;
}

bool Records::empty() const {
  const std::lock_guard guard(mutex_);
  return records_.empty();
}

std::string Records::confirmed_before(const report::CaseRecord& record) const {
  const std::lock_guard guard(mutex_);
  for (const report::CaseRecord& other : records_) {
    const bool same = other.name == record.name && other.flavour == record.flavour && agree(other, record);
    if (same && other.confirmation && other.confirmation->wanted > 0 && other.confirmation->confirmed()) {
      return fmt::format("#{}", other.repeat);
    }
  }
  return {};
}

std::vector<std::string> Records::cases_without(const std::string& flavour) const {
  const std::lock_guard guard(mutex_);
  std::vector<std::string> out;
  for (const report::CaseRecord& record : records_) {
    if (record.flavour != flavour && std::find(out.begin(), out.end(), record.name) == out.end()) {
      out.push_back(record.name);
    }
  }
  std::erase_if(out, [&](const std::string& name) {
    return std::any_of(records_.begin(), records_.end(),
                       [&](const report::CaseRecord& each) { return each.name == name && each.flavour == flavour; });
  });
  return out;
}

std::vector<report::CaseRecord> Records::take_sorted(const std::vector<Flavour>& flavours) {
  const std::lock_guard guard(mutex_);
  const auto place = [&](const report::CaseRecord& record) {
    const auto column = std::find_if(flavours.begin(), flavours.end(),
                                     [&](const Flavour& each) { return each.name == record.flavour; });
    const auto row = std::find(order_.begin(), order_.end(), record.name);
    return std::tuple(row - order_.begin(), column - flavours.begin(), record.repeat);
  };
  std::stable_sort(records_.begin(), records_.end(),
                   [&](const report::CaseRecord& a, const report::CaseRecord& b) { return place(a) < place(b); });
  return std::move(records_);
}

}  // namespace zlt::run
