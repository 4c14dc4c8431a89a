// SPDX-License-Identifier: GPL-2.0-only
//
// Addresses in a guest's kernel to names: the kernel's from its System.map, the module's from its own file and the
// address it was loaded at. Guests run with nokaslr, so the map's addresses are the guest's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace zlt::run {

struct Symbol {
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // 0 where not known
  std::string name;
};

class Symbols {
 public:
  // The text of a System.map: "ffffffff81000000 T _text" lines; others are ignored.
  void add_system_map(std::string_view text);
  // From a file; one that is not there adds nothing: addresses then stay numbers.
  void add_system_map_file(const std::filesystem::path& file);
  // The functions of a module, by the bytes of its .ko and the address of its .text in the guest.
  void add_module(const std::string& ko, std::uint64_t text_address);

  // "function+0x1c", "function+0x1c [zltorture]" in the module, "module+0x…" in modules that are not known; a bare
  // number for everything else.
  [[nodiscard]] std::string name(std::uint64_t address) const;

 private:
  std::vector<Symbol> kernel_;  // functions, by address
  std::vector<Symbol> module_;
};

}  // namespace zlt::run
