// SPDX-License-Identifier: GPL-2.0-only
//
// Expected against observed, as sets and both ways: what is missing fails, what is too much fails.
#pragma once

#include <string>

#include "userspace/report/model.h"

namespace zlt::run {

// Adds the outcomes of the record's splats to `observed`, decides `ok`, and says in `reason` what is missing or extra.
// `infra` swallows everything else: nothing was found out about the kernel. Reason and facts become one printable line
// each, whoever the words in them are from.
void conclude(report::CaseRecord& record);

}  // namespace zlt::run
