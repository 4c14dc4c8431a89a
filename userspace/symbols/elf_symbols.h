// SPDX-License-Identifier: GPL-2.0-only
//
// The functions and source lines of one ELF file: a vmlinux, or a module, whose relocations libdwfl applies. Any thread
// may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "userspace/base/result.h"
#include "userspace/symbols/system_map.h"

namespace zlt::symbols {

class ElfSymbols {
 public:
  // A file with symbols; debug information is welcome and not needed.
  [[nodiscard]] static Result<std::shared_ptr<ElfSymbols>> open(const std::string& path);
  // The content of one. `name`: for libdwfl's messages.
  [[nodiscard]] static Result<std::shared_ptr<ElfSymbols>> of_bytes(const std::string& name, const std::string& bytes);

  ElfSymbols(const ElfSymbols&) = delete;
  ElfSymbols& operator=(const ElfSymbols&) = delete;
  ElfSymbols(ElfSymbols&&) = delete;
  ElfSymbols& operator=(ElfSymbols&&) = delete;
  ~ElfSymbols();

  // "mm/slab.c:12" of an instruction: so many bytes into a function of that name; of several functions of one name it
  // is the one of this size. `exact`: the address is that of the instruction, else one behind a call.
  [[nodiscard]] std::string source(const std::string& function, std::uint64_t size, std::uint64_t offset,
                                   bool exact) const;
  // What lies so many bytes behind the beginning of .text. C++ names are demangled, without their parameters.
  [[nodiscard]] std::optional<Place> in_text(std::uint64_t offset) const;

 private:
  class Impl;
  explicit ElfSymbols(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zlt::symbols
