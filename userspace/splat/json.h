// SPDX-License-Identifier: GPL-2.0-only
//
// A record as JSON: one object on one line, members in a fixed order, what is not known left out. docs/splat.md says
// what the members mean.
#pragma once

#include <string>

#include "userspace/splat/record.h"

namespace zlt::splat {

// What may stand in the object besides the record.
struct JsonExtras {
  bool text = false;     // the report's own lines, prefixes removed
  bool explain = false;  // why it is this kind, and which lines it took
  std::string file;      // which log it is from
  std::string lines;     // of the log, as they are
};

[[nodiscard]] std::string to_json_line(const Record& record, const JsonExtras& extras = {});

}  // namespace zlt::splat
