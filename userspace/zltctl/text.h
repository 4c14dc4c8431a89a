// SPDX-License-Identifier: GPL-2.0-only
//
// The text under debugfs taken apart: lines, fields, numbers, `key=value`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::ctl {

// Pieces between separators; n separators give n + 1 pieces.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// Lines without their ends; a last line needs no end, an empty text has none.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
// Decimal, or hexadecimal after 0x, as the module takes it. Nothing when it is anything else or over 64 bits.
[[nodiscard]] std::optional<uint64_t> to_number(std::string_view text);
// Has characters that fnmatch(3) gives a meaning.
[[nodiscard]] bool is_glob(std::string_view text);

// The `key=value` lines of one debugfs file, with errors that name the file and the key. The text given to `parse`
// must outlive it.
class Fields {
 public:
  // Refuses a line without `=`, a key that comes twice, and another `abi=` than this program's.
  [[nodiscard]] static Result<Fields> parse(const char* file, std::string_view text);

  [[nodiscard]] Result<std::string> text(std::string_view key) const;
  [[nodiscard]] Result<uint64_t> number(std::string_view key) const;
  [[nodiscard]] Result<bool> flag(std::string_view key) const;  // 0 or 1
  // Every key that starts with `prefix`, in the file's order, without the prefix.
  void each(std::string_view prefix,
            const std::function<void(std::string_view key, std::string_view value)>& use) const;

 private:
  explicit Fields(const char* file) : file_(file) {}
  [[nodiscard]] const std::string_view* find(std::string_view key) const;

  const char* file_;
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

// "FILE is not what it should be: WHY; module and zltctl must be of one build".
[[nodiscard]] tl::unexpected<Error> malformed(const char* file, std::string_view why);

}  // namespace zlt::ctl
