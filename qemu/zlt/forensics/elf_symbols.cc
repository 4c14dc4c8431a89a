// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/elf_symbols.h"

#include <cxxabi.h>
#include <elf.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace zlt::run {
namespace {

// `count` records at an offset, if the file has them.
template <typename T>
std::optional<std::vector<T>> records(const std::string& file, std::uint64_t offset, std::uint64_t count) {
  if (offset > file.size() || (file.size() - offset) / sizeof(T) < count) {
    return std::nullopt;
  }
  std::vector<T> out(count);
  std::memcpy(out.data(), file.data() + offset, count * sizeof(T));
  return out;
}

std::string_view text_at(const std::string& file, const Elf64_Shdr& table, std::uint64_t index) {
  if (table.sh_offset > file.size() || index >= table.sh_size || table.sh_size > file.size() - table.sh_offset) {
    return {};
  }
  const std::string_view rest = std::string_view(file).substr(table.sh_offset + index, table.sh_size - index);
  return rest.substr(0, rest.find('\0'));
}

std::string readable(std::string_view name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      ::abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || demangled == nullptr) {
    return std::string(name);
  }
  const std::string full = demangled.get();
  // "void zlt::visit<zlt::Faithful>(zlt::Reading const&)": what stands before the parameters, without a return type
  const std::string head = full.substr(0, full.rfind('(') == 0 ? full.size() : full.find('('));
  const size_t space = head.rfind(' ', head.find('<'));
  return space == std::string::npos ? head : head.substr(space + 1);
}

}  // namespace

std::vector<Symbol> text_functions(const std::string& object) {
  std::vector<Symbol> out;
  const auto header = records<Elf64_Ehdr>(object, 0, 1);
  if (!header || std::memcmp(header->front().e_ident, ELFMAG, SELFMAG) != 0 ||
      header->front().e_shentsize != sizeof(Elf64_Shdr)) {
    return out;
  }
  const auto sections = records<Elf64_Shdr>(object, header->front().e_shoff, header->front().e_shnum);
  if (!sections || header->front().e_shstrndx >= sections->size()) {
    return out;
  }
  const Elf64_Shdr& names = (*sections)[header->front().e_shstrndx];
  for (const Elf64_Shdr& table : *sections) {
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= sections->size()) {
      continue;
    }
    const auto symbols = records<Elf64_Sym>(object, table.sh_offset, table.sh_size / sizeof(Elf64_Sym));
    for (const Elf64_Sym& symbol : symbols.value_or(std::vector<Elf64_Sym>())) {
      const bool function = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
      if (function && symbol.st_shndx < sections->size() &&
          text_at(object, names, (*sections)[symbol.st_shndx].sh_name) == ".text") {
        out.push_back(
            {symbol.st_value, symbol.st_size, readable(text_at(object, (*sections)[table.sh_link], symbol.st_name))});
      }
    }
  }
  return out;
}

}  // namespace zlt::run
