// SPDX-License-Identifier: GPL-2.0-only
//
// The corpus of kernel logs in data/splat: NAME.log, its golden records NAME.json (made by scripts/goldens), and what
// people say is in it: the lines of EXPECTED.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "userspace/splat/record.h"

namespace zlt::splat {

[[nodiscard]] const std::string& corpus_folder();
[[nodiscard]] std::vector<std::string> corpus_names();
[[nodiscard]] std::string read_whole(const std::string& path);
[[nodiscard]] std::string corpus_log(const std::string& name);

// What EXPECTED says: for each log its reports in order, as (kind, title). A log with none is listed too.
using Expected = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::map<std::string, Expected> corpus_expected();

// The golden form of the records of a log.
[[nodiscard]] std::string golden(std::string_view log);

// Records of a log that is fed in pieces of `size` bytes, notes left out.
[[nodiscard]] std::vector<Record> scan_in_pieces(std::string_view log, size_t size);

}  // namespace zlt::splat
