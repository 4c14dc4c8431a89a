// SPDX-License-Identifier: GPL-2.0-only
//
// Loading and unloading with the parameters looked at first, and a refusal told in one line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"
#include "userspace/zltctl/loader.h"

namespace zlt::ctl {

using Params = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] Status load_file(const Environment& environment, FileLoader& loader, const std::string& path,
                               const Params& params);
[[nodiscard]] Status load_installed(const Environment& environment, Loader& loader, const Params& params);
[[nodiscard]] Status unload(const Environment& environment, Loader& loader);

}  // namespace zlt::ctl
