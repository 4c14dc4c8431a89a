// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/symbols.h"

#include <fmt/format.h>

#include "module/abi/debugfs.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace {

// Documentation/arch/x86/x86_64/mm.rst: modules follow the kernel's text mapping, which takes 512 MiB, or 1 GiB in a
// kernel that could be moved about.
constexpr std::uint64_t kModulesBegin = 0xffffffffa0000000U;
constexpr std::uint64_t kModulesEnd = 0xffffffffff000000U;

}  // namespace

void Symbols::add_system_map(std::string_view text) {
  kernel_ = symbols::SystemMap::parse_what_is_one(text);
}

void Symbols::add_system_map_file(const std::filesystem::path& file) {
  if (const Result<std::string> text = read_file(file)) {
    add_system_map(*text);
  }
}

void Symbols::add_module(const std::string& ko, std::uint64_t text_address) {
  if (auto module = symbols::ElfSymbols::of_bytes(abi::kModuleName, ko)) {
    module_ = std::move(*module);
    module_text_ = text_address;
  }
}

std::optional<symbols::Place> Symbols::in_module(std::uint64_t address) const {
  return module_ != nullptr && address >= module_text_ ? module_->in_text(address - module_text_) : std::nullopt;
}

std::string Symbols::name(std::uint64_t address) const {
  if (const auto place = in_module(address)) {
    return fmt::format("{}+{:#x} [{}]", place->function, place->offset, abi::kModuleName);
  }
  if (address >= kModulesBegin && address < kModulesEnd) {
    return fmt::format("module+{:#x}", address - kModulesBegin);
  }
  const auto place = kernel_.find(address);
  return place ? fmt::format("{}+{:#x}", place->function, place->offset) : fmt::format("{:#x}", address);
}

std::string Symbols::source(std::uint64_t address) const {
  const auto place = in_module(address);
  return place ? place->source : std::string();
}

}  // namespace zlt::run
