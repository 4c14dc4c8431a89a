// SPDX-License-Identifier: GPL-2.0-only
//
// debugfs `watch` as a value: the kernel's own rebuilds of the zonelists, seen from outside (docs/formats.md).
#pragma once

#include <string_view>

#include "userspace/base/result.h"
#include "userspace/protocol/values.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/module.h"

namespace zlt::ctl {

using protocol::WatchedRebuild;
using protocol::WatchReport;

[[nodiscard]] Result<WatchReport> parse_watch(std::string_view text);
[[nodiscard]] Result<WatchReport> read_watch(const Environment& environment, Module& module);
// A `watch` that was not taken, with errno's value: what is missing.
[[nodiscard]] Error explain_watch(const Environment& environment, Module& module, int error);

}  // namespace zlt::ctl
