// SPDX-License-Identifier: GPL-2.0-only
//
// What every fuzz target asks for, and the file that some need.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "userspace/base/files.h"
#include "userspace/base/temp_folder.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace zlt::fuzz {

inline void require(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "fuzz: not so: %s\n", what);
    std::abort();
  }
}

// An error is one line that may be shown, whatever came in.
inline void require_a_line(const Error& error) {
  const std::string line = error.line();
  require(!line.empty(), "an error says something");
  require(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
          "an error is one printable line");
}

// A folder for as long as the process lives; libFuzzer has many processes and one TMPDIR.
inline const std::filesystem::path& folder() {
  static const Result<TempFolder> made = TempFolder::create();
  require(made.has_value(), "a folder can be made");
  return made->path();
}

inline void put(const std::filesystem::path& file, std::string_view text) {
  require(make_folders(file.parent_path()).has_value() && write_file(file, text).has_value(), "a file can be written");
}

}  // namespace zlt::fuzz
