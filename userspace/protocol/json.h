// SPDX-License-Identifier: GPL-2.0-only
//
// The values of values.h as JSON, outside of a message: for files, and for programs that print JSON.
#pragma once

#include "userspace/protocol/values.h"
#include "userspace/protocol/wire.h"

namespace zlt::protocol {

[[nodiscard]] Json to_json(const Case& value);
[[nodiscard]] Json to_json(const RunStatus& value);
[[nodiscard]] Json to_json(const KernelFacts& value);
[[nodiscard]] Json to_json(const Bucket& value);
[[nodiscard]] Json to_json(const RunResult& value);
[[nodiscard]] Json to_json(const RunReport& value);
[[nodiscard]] Json to_json(const MemoryState& value);
[[nodiscard]] Json to_json(const WatchReport& value);

template <typename T>
[[nodiscard]] Json to_json(const std::vector<T>& values) {
  Json out = Json::array();
  for (const T& each : values) out.push_back(to_json(each));
  return out;
}

[[nodiscard]] Result<Case> case_from(const Json& json);
[[nodiscard]] Result<KernelFacts> kernel_facts_from(const Json& json);
[[nodiscard]] Result<RunReport> run_report_from(const Json& json);

}  // namespace zlt::protocol
