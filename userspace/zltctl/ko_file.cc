// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/ko_file.h"

#include <elf.h>

#include <cstring>

namespace zlt::ctl {

KoFile inspect_ko(std::string_view bytes) {
  KoFile out;
  Elf64_Ehdr header{};
  out.elf = bytes.starts_with(ELFMAG);
  if (bytes.size() >= sizeof header) {
    std::memcpy(&header, bytes.data(), sizeof header);
    const uint64_t table = uint64_t{header.e_shnum} * header.e_shentsize;
    out.elf = out.elf && header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_type == ET_REL;
    out.whole = out.elf && header.e_shnum > 0 && table <= bytes.size() && header.e_shoff <= bytes.size() - table;
  }
  // .modinfo is a row of NUL-terminated key=value strings; finding one needs no section table.
  constexpr std::string_view kKey("\0vermagic=", 10);
  size_t begin = bytes.find(kKey);
  if (begin == std::string_view::npos) return out;
  begin += kKey.size();
  const size_t end = bytes.find('\0', begin);
  if (end != std::string_view::npos) out.vermagic = bytes.substr(begin, end - begin);
  return out;
}

}  // namespace zlt::ctl
