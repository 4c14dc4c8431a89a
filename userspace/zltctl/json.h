// SPDX-License-Identifier: GPL-2.0-only
//
// The values of formats.h as JSON: the members of the guest's events and of `zltctl --json` (docs/formats.md).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "userspace/zltctl/formats.h"

namespace zlt::ctl {

using Json = nlohmann::json;

[[nodiscard]] Json to_json(const Case& item);
[[nodiscard]] Json to_json(const std::vector<Case>& cases);
[[nodiscard]] Json to_json(const RunStatus& status);
[[nodiscard]] Json to_json(const KernelFacts& kernel);
// `result` of the event: with the kernel's facts.
[[nodiscard]] Json to_json(const RunResult& result, const KernelFacts& kernel);
[[nodiscard]] Json to_json(const std::vector<Bucket>& histogram);

// One line without its end; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string line_of(const Json& value);

}  // namespace zlt::ctl
