// SPDX-License-Identifier: GPL-2.0-only
//
// What can be told of a kernel module from its bytes, for a module that the kernel refused with ENOEXEC or EINVAL.
#pragma once

#include <string>
#include <string_view>

namespace zlt::ctl {

struct KoFile {
  bool elf = false;      // a 64-bit relocatable ELF object; a compressed module is none
  bool whole = false;    // and its section headers, which come last, are all there
  std::string vermagic;  // "6.1.0-56-amd64 SMP preempt mod_unload modversions "; empty when there is none
  [[nodiscard]] std::string built_for() const { return vermagic.substr(0, vermagic.find(' ')); }
};

[[nodiscard]] KoFile inspect_ko(std::string_view bytes);

}  // namespace zlt::ctl
