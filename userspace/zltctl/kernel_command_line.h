// SPDX-License-Identifier: GPL-2.0-only
//
// What the kernel's command line says to a guest's init.
#pragma once

#include <optional>
#include <string_view>

#include "userspace/zltctl/load.h"
#include "userspace/zltctl/request.h"

namespace zlt::ctl {

// `zltorture.KEY=VALUE`: parameters to load the module with.
[[nodiscard]] Params module_params(std::string_view command_line);
// `zlt.autorun=CASE,key=value,…`: a case to run without being told to.
[[nodiscard]] Result<std::optional<RunRequest>> autorun(std::string_view command_line);

// `zlt.shrink_slabs=MS`: shrink every slab cache again and again, with such a pause. What makes the slab allocator's
// fast path miss: a case's verdict must not depend on that.
[[nodiscard]] Result<std::optional<unsigned>> shrink_slabs(std::string_view command_line);

}  // namespace zlt::ctl
