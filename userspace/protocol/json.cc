// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/json.h"

#include "userspace/protocol/describe.h"

namespace zlt::protocol {
namespace {

template <typename T>
Json written(const T& value) {
  Writer io;
  describe(io, value);
  return io.take();
}

template <typename T>
Result<T> read(const Json& json) {
  if (!json.is_object()) return bad_input("no object");
  T out;
  Status status;
  Reader io(json, "", status);
  describe(io, out);
  if (!status) return tl::unexpected(status.error());
  return out;
}

}  // namespace

Json to_json(const Case& value) {
  return written(value);
}
Json to_json(const RunStatus& value) {
  return written(value);
}
Json to_json(const KernelFacts& value) {
  return written(value);
}
Json to_json(const Bucket& value) {
  return written(value);
}
Json to_json(const RunResult& value) {
  return written(value);
}
Json to_json(const RunReport& value) {
  return written(value);
}
Json to_json(const MemoryState& value) {
  return written(value);
}
Json to_json(const WatchReport& value) {
  return written(value);
}

Result<Case> case_from(const Json& json) {
  return read<Case>(json);
}
Result<KernelFacts> kernel_facts_from(const Json& json) {
  return read<KernelFacts>(json);
}
Result<RunReport> run_report_from(const Json& json) {
  return read<RunReport>(json);
}

}  // namespace zlt::protocol
