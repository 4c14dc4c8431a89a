// SPDX-License-Identifier: GPL-2.0-only
//
// From a function's name and an offset in it to file and line, with the debug information of vmlinux and modules; from
// a bare address to a name, with System.map.
#pragma once

#include <memory>
#include <string>

#include "userspace/base/result.h"
#include "userspace/splat/record.h"

namespace zlt::splat {

class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  // An ELF file with symbols (debug information or not), or a System.map.
  [[nodiscard]] Status add(const std::string& path);
  // Fills in `source` of every frame it knows, and `function` of those that have an address only.
  void resolve(Record& record);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zlt::splat
