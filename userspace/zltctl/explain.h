// SPDX-License-Identifier: GPL-2.0-only
//
// An errno value of the module's files as one line for people: what is wrong, and what to do.
#pragma once

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/module.h"
#include "userspace/zltctl/request.h"

namespace zlt::ctl {

[[nodiscard]] std::string describe_errno(int error);

// A file that could not be opened, read or written.
[[nodiscard]] Error explain_access(const Environment& environment, File file, int error);

// A `run` that was not taken: what of the request is not valid, and what would be.
[[nodiscard]] Error explain_refusal(const Environment& environment, Module& module, const RunRequest& request,
                                    int error);

// No case of this name or pattern: the nearest ones.
[[nodiscard]] Error explain_unknown_case(const std::string& wanted, const std::vector<std::string>& known);

}  // namespace zlt::ctl
