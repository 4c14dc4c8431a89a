// SPDX-License-Identifier: GPL-2.0-only
//
// What the module says through debugfs, as values (docs/formats.md). Parsing is pure: text in, value or Error out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/base/result.h"
#include "userspace/protocol/values.h"

namespace zlt::ctl {

using protocol::Bucket;
using protocol::Case;
using protocol::KernelFacts;
using protocol::RunResult;
using protocol::RunStatus;

// `cases`
[[nodiscard]] Result<std::vector<Case>> parse_cases(std::string_view text);

// `status`
[[nodiscard]] Result<RunStatus> parse_status(std::string_view text);

// `result`
struct ResultFile {
  uint64_t runs = 0;
  KernelFacts kernel;
  std::optional<RunResult> last;  // nothing before the first run
};
[[nodiscard]] Result<ResultFile> parse_result(std::string_view text);

// `histogram`
[[nodiscard]] Result<std::vector<Bucket>> parse_histogram(std::string_view text);

}  // namespace zlt::ctl
