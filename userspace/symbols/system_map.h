// SPDX-License-Identifier: GPL-2.0-only
//
// The functions that a System.map names: all there is of a kernel that comes without a vmlinux.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "userspace/base/result.h"

namespace zlt::symbols {

// An address as a function and how far into it.
struct Place {
  std::string function;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // of the function; 0 where not known
  std::string source;      // "module/core/reader.cc:12" where there is debug information
};

class SystemMap {
 public:
  // "ffffffff81000000 T _text" lines. Refused: a line of another form, and a text that names no function.
  [[nodiscard]] static Result<SystemMap> parse(std::string_view text);
  // The same, but lines of another form are left out; it may be empty then.
  [[nodiscard]] static SystemMap parse_what_is_one(std::string_view text);

  // The function that begins at or before the address. Nothing before the first, and nothing so far behind one that it
  // cannot be in it any more.
  [[nodiscard]] std::optional<Place> find(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t address;
    std::string name;
  };
  // False: a line of another form.
  bool take(std::string_view line);
  void sort();

  std::vector<Function> functions_;  // by address
};

}  // namespace zlt::symbols
