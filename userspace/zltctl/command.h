// SPDX-License-Identifier: GPL-2.0-only
//
// Commands on the control port, as somebody sent them: anything may be missing or of another type.
#pragma once

#include "userspace/zltctl/json.h"
#include "userspace/zltctl/request.h"

namespace zlt::ctl {

// One line. An Error when it is no JSON object.
[[nodiscard]] Result<Json> parse_command(const std::string& line);
// The member's text; empty when it is missing or no text.
[[nodiscard]] std::string text_of(const Json& command, const char* key);
// The member `id`; null when it is missing.
[[nodiscard]] Json id_of(const Json& command);
// What `run` asks for.
[[nodiscard]] Result<RunRequest> request_of(const Json& command);

}  // namespace zlt::ctl
