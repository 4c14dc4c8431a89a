// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/protocol/command.h"

#include "userspace/protocol/variant_json.h"

namespace zlt::protocol {

Id id_of(const Command& command) {
  return Messages<Command>::id_of(command);
}

const char* name_of(const Command& command) {
  return Messages<Command>::name_of(command);
}

Json to_json(const Command& command) {
  return Messages<Command>::to_json(command, "op");
}

Result<Command> command_from(const Json& json) {
  return Messages<Command>::from(json, "op", "command");
}

}  // namespace zlt::protocol
