// SPDX-License-Identifier: GPL-2.0-only
//
// Confirmed before accused: an unexpected verdict is not the last word. The case runs again, with the same seed and
// parameters, in guests that have nothing in common with the first one's: booted without any snapshot, then from a new
// snapshot, and so on in turn. What all of them say is confirmed; what they do not is `unconfirmed`, and stays visible:
// a race that is really there is as rare as a fault of ours.
#pragma once

#include <functional>
#include <string>

#include "qemu/zlt/run/guest_source.h"
#include "userspace/base/result.h"
#include "userspace/report/model.h"

namespace zlt::run {

// What is unexpected about a verdict: outcomes that are too much, and "no OUTCOME" for those that are missing.
[[nodiscard]] report::Outcomes surprises(const report::CaseRecord& record);

// Both were unexpected, and have a surprise in common.
[[nodiscard]] bool agree(const report::CaseRecord& a, const report::CaseRecord& b);

// Whether to run it again: it is unexpected, or `infra` for a reason that another guest may not have. What the command
// line or the case itself is to blame for comes out the same each time.
[[nodiscard]] bool doubtful(const report::CaseRecord& record);

// Runs the case once more from there; `n` counts from 2. An error ends everything: interrupted.
using Again = std::function<Result<report::CaseRecord>(unsigned n, From from)>;

// Runs a doubtful record's case `wanted` times again and adds what came of it. An `infra` whose repetitions all agree
// on a verdict about the kernel gives way to that verdict. An unexpected one whose repetitions are all as expected, and
// which comes again from its old snapshot and only from there, is that snapshot's fault, and becomes `infra`.
[[nodiscard]] Status confirm(report::CaseRecord& record, unsigned wanted, const Again& again);

}  // namespace zlt::run
