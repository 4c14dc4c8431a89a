// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "module/abi/debugfs.h"
#include "qemu/zlt/forensics/elf_symbols.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace {

// Documentation/arch/x86/x86_64/mm.rst: modules follow the kernel's text mapping, which takes 512 MiB, or 1 GiB in a
// kernel that could be moved about.
constexpr std::uint64_t kModulesBegin = 0xffffffffa0000000U;
constexpr std::uint64_t kModulesEnd = 0xffffffffff000000U;
constexpr std::uint64_t kLongestFunction = 0x100000;

// The last one that begins at or before the address and may still hold it.
const Symbol* find(const std::vector<Symbol>& symbols, std::uint64_t address) {
  const auto after = std::upper_bound(symbols.begin(), symbols.end(), address,
                                      [](std::uint64_t value, const Symbol& symbol) { return value < symbol.address; });
  if (after == symbols.begin()) {
    return nullptr;
  }
  const Symbol& symbol = *std::prev(after);
  const std::uint64_t limit = symbol.size != 0 ? symbol.size : kLongestFunction;
  return address - symbol.address < limit ? &symbol : nullptr;
}

void sort_by_address(std::vector<Symbol>& symbols) {
  std::stable_sort(symbols.begin(), symbols.end(),
                   [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
}

}  // namespace

void Symbols::add_system_map(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::uint64_t address = 0;
    const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), address, 16);
    const auto rest = line.substr(static_cast<size_t>(after - line.data()));
    if (error != std::errc() || rest.size() < 4 || (rest[1] != 't' && rest[1] != 'T')) {
      continue;
    }
    kernel_.push_back({address, 0, std::string(rest.substr(3))});
  }
  sort_by_address(kernel_);
}

void Symbols::add_system_map_file(const std::filesystem::path& file) {
  if (const Result<std::string> text = read_file(file)) {
    add_system_map(*text);
  }
}

void Symbols::add_module(const std::string& ko, std::uint64_t text_address) {
  module_ = text_functions(ko);
  for (Symbol& symbol : module_) {
    symbol.address += text_address;
  }
  sort_by_address(module_);
}

std::string Symbols::name(std::uint64_t address) const {
  if (const Symbol* symbol = find(module_, address)) {
    return fmt::format("{}+{:#x} [{}]", symbol->name, address - symbol->address, abi::kModuleName);
  }
  if (address < kModulesBegin || address >= kModulesEnd) {
    if (const Symbol* symbol = find(kernel_, address)) {
      return fmt::format("{}+{:#x}", symbol->name, address - symbol->address);
    }
    return fmt::format("{:#x}", address);
  }
  return fmt::format("module+{:#x}", address - kModulesBegin);
}

}  // namespace zlt::run
