// SPDX-License-Identifier: GPL-2.0-only
//
// What a guest says on its control port. On the wire each has the members `event`, its name, and `t_ms`, milliseconds
// since the guest's boot.
#pragma once

#include <variant>

#include "userspace/protocol/id.h"
#include "userspace/protocol/values.h"
#include "userspace/protocol/wire.h"

namespace zlt::protocol {

struct Hello {
  static constexpr const char kName[] = "hello";
  std::uint64_t proto = kVersion;
  std::string release;
  bool operator==(const Hello&) const = default;
};

// The module is in. Its `cases` came before, an event Case for each.
struct Loaded {
  static constexpr const char kName[] = "loaded";
  KernelFacts kernel;
  std::optional<bool> debug_locks;
  std::uint64_t module_text = 0;  // address of the module's code; 0 where not known
  std::uint64_t cases = 0;
  bool operator==(const Loaded&) const = default;
};

// Waits for a command.
struct Ready {
  static constexpr const char kName[] = "ready";
  std::optional<bool> debug_locks;
  bool operator==(const Ready&) const = default;
};

struct Started {
  static constexpr const char kName[] = "started";
  Id id;
  std::string name;  // of the case
  std::string form = abi::kFormBounded;
  bool operator==(const Started&) const = default;
};

struct Heartbeat {
  static constexpr const char kName[] = "heartbeat";
  Id id;  // of the command `beat`; none when it came by itself
  std::uint64_t n = 0;
  std::optional<RunStatus> status;  // nothing when the module is not there
  std::optional<bool> debug_locks;
  bool operator==(const Heartbeat&) const = default;
};

struct Finished {
  static constexpr const char kName[] = "result";
  Id id;
  RunReport report;
  bool operator==(const Finished&) const = default;
};

struct Nodes {
  static constexpr const char kName[] = "nodes";
  Id id;
  MemoryState memory;
  bool operator==(const Nodes&) const = default;
};

struct RefusedBlock {
  unsigned block = 0;
  std::string error;
  bool operator==(const RefusedBlock&) const = default;
};

struct MemoryDone {
  static constexpr const char kName[] = "memory";
  Id id;
  std::vector<unsigned> done;
  std::vector<RefusedBlock> refused;
  bool operator==(const MemoryDone&) const = default;
};

struct Watched {
  static constexpr const char kName[] = "watch";
  Id id;
  WatchReport watch;
  bool operator==(const Watched&) const = default;
};

struct NewRebuild {
  std::uint64_t number = 0;
  unsigned zonelists = 0;
  bool operator==(const NewRebuild&) const = default;
};

// The answer to `watch` with `after`.
struct Rebuilds {
  static constexpr const char kName[] = "rebuilds";
  Id id;
  std::uint64_t rebuilds = 0;
  std::vector<NewRebuild> last;
  bool operator==(const Rebuilds&) const = default;
};

struct Marked {
  static constexpr const char kName[] = "marked";
  Id id;
  bool operator==(const Marked&) const = default;
};

struct Failed {
  static constexpr const char kName[] = "error";
  Id id;  // none: the guest's own set-up, or a line that is no command
  std::string what;
  std::string hint;
  bool operator==(const Failed&) const = default;
};

struct Bye {
  static constexpr const char kName[] = "bye";
  bool operator==(const Bye&) const = default;
};

using Event = std::variant<Hello, Case, Loaded, Ready, Started, Heartbeat, Finished, Nodes, MemoryDone, Watched,
                           Rebuilds, Marked, Failed, Bye>;

// Whose answer it is; none for what nobody asked for.
[[nodiscard]] Id id_of(const Event& event);
[[nodiscard]] const char* name_of(const Event& event);

// With `event`, without `t_ms`.
[[nodiscard]] Json to_json(const Event& event);
// The error quotes what is not as it should be.
[[nodiscard]] Result<Event> event_from(const Json& json);

}  // namespace zlt::protocol
