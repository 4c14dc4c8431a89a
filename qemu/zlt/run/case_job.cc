// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/case_job.h"

#include <fmt/format.h>

#include <algorithm>

#include "module/abi/params.h"

namespace zlt::run {

std::string CaseJob::autorun() const {
  if (plan != nullptr) {
    return {};  // nobody is there to plug
  }
  std::string out = fmt::format("{},{}={}", name, abi::kFormKey, form);
  for (const auto& [key, value] : params) {
    out += fmt::format(",{}={}", key, value);
  }
  return out + fmt::format(",seed={}", seed);
}

std::string CaseJob::folder() const {
  std::string out = name;
  std::replace(out.begin(), out.end(), '/', '.');
  return form == abi::kFormBounded ? out : out + "+" + form;
}

report::CaseRecord infra_record(const CaseJob& job, const std::string& reason) {
  report::CaseRecord out;
  out.name = job.name;
  out.form = job.form;
  out.repeat = job.repeat;
  out.seed = job.seed;
  out.expected = job.expected;
  out.expected_by = job.expected_by;
  out.observed = {"infra"};
  out.reason = reason;
  return out;
}

}  // namespace zlt::run
