// SPDX-License-Identifier: GPL-2.0-only
//
// Addresses in a guest's kernel to names: the kernel's from its System.map, the module's from its own file and the
// address it was loaded at. Guests run with nokaslr, so the map's addresses are the guest's. Copies share the module's
// file, and any thread may ask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "userspace/symbols/elf_symbols.h"
#include "userspace/symbols/system_map.h"

namespace zlt::run {

class Symbols {
 public:
  // The text of a System.map: "ffffffff81000000 T _text" lines; others are ignored.
  void add_system_map(std::string_view text);
  // From a file; one that is not there adds nothing: addresses then stay numbers.
  void add_system_map_file(const std::filesystem::path& file);
  // The functions of a module, by the bytes of its .ko and the address of its .text in the guest. What is no such file
  // adds nothing.
  void add_module(const std::string& ko, std::uint64_t text_address);

  // "function+0x1c", "function+0x1c [zltorture]" in the module, "module+0x…" in modules that are not known; a bare
  // number for everything else.
  [[nodiscard]] std::string name(std::uint64_t address) const;
  // "module/core/reader.h:33" of an instruction of the module that was built with debug information; empty otherwise.
  [[nodiscard]] std::string source(std::uint64_t address) const;

 private:
  [[nodiscard]] std::optional<symbols::Place> in_module(std::uint64_t address) const;

  symbols::SystemMap kernel_;
  std::shared_ptr<const symbols::ElfSymbols> module_;
  std::uint64_t module_text_ = 0;
};

}  // namespace zlt::run
