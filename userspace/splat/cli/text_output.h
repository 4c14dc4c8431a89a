// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "userspace/splat/record.h"

namespace zlt::splat {

// A few lines for people. `name` is the log's; control bytes and broken UTF-8 of the log never reach the terminal.
[[nodiscard]] std::string to_text(const Record& record, const std::string& name, bool color);

// Why it is this kind, which lines it took, and what was undone to read them.
[[nodiscard]] std::string explanation(const Record& record);

// `text` with control bytes other than newline and tab made visible; carriage returns go.
[[nodiscard]] std::string printable(const std::string& text);

}  // namespace zlt::splat
