// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest is told on its control port. On the wire each has the member `op`, its name, and may have an `id`.
#pragma once

#include <variant>

#include "userspace/protocol/id.h"
#include "userspace/protocol/values.h"
#include "userspace/protocol/wire.h"

namespace zlt::protocol {

struct RunCase {
  static constexpr const char kName[] = "run";
  Id id;
  std::string name;  // of the case
  std::string form = abi::kFormBounded;
  std::map<std::string, std::string> params;  // whether they are valid, the guest says
  bool operator==(const RunCase&) const = default;
};

struct StopRun {
  static constexpr const char kName[] = "stop";
  Id id;
  bool operator==(const StopRun&) const = default;
};

struct List {
  static constexpr const char kName[] = "list";
  Id id;
  bool operator==(const List&) const = default;
};

// A heartbeat at once.
struct Beat {
  static constexpr const char kName[] = "beat";
  Id id;
  bool operator==(const Beat&) const = default;
};

struct Watch {
  static constexpr const char kName[] = "watch";
  Id id;
  std::string set;                     // on, off; empty: only look
  std::optional<std::uint64_t> after;  // only the rebuilds after that number
  bool operator==(const Watch&) const = default;
};

struct AskNodes {
  static constexpr const char kName[] = "nodes";
  Id id;
  bool operator==(const AskNodes&) const = default;
};

// Either a policy for memory to come, or a state for blocks that are there.
struct SetMemory {
  static constexpr const char kName[] = "memory";
  Id id;
  std::string policy;
  std::optional<unsigned> node;
  std::string state;
  std::optional<std::vector<unsigned>> blocks;  // none: all of the node
  bool operator==(const SetMemory&) const = default;
};

struct Mark {
  static constexpr const char kName[] = "mark";
  Id id;
  std::string text;
  bool operator==(const Mark&) const = default;
};

struct PowerOff {
  static constexpr const char kName[] = "poweroff";
  Id id;
  bool operator==(const PowerOff&) const = default;
};

using Command = std::variant<RunCase, StopRun, List, Beat, Watch, AskNodes, SetMemory, Mark, PowerOff>;

[[nodiscard]] Id id_of(const Command& command);
[[nodiscard]] const char* name_of(const Command& command);

[[nodiscard]] Json to_json(const Command& command);
// The error quotes what is not as it should be.
[[nodiscard]] Result<Command> command_from(const Json& json);

}  // namespace zlt::protocol
