// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/symbols.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include "userspace/base/files.h"
#include "userspace/symbols/elf_symbols.h"
#include "userspace/symbols/system_map.h"

namespace zlt::splat {
namespace {

// "nf_tables" of "…/nf-tables.ko.debug": as the kernel names a module.
std::string module_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  name.resize(std::min(name.size(), name.find(".ko")));
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

// One file, and whose functions it has.
struct Elf {
  std::shared_ptr<symbols::ElfSymbols> symbols;
  bool module = false;
  std::string name;
  [[nodiscard]] bool is_of(const Frame& frame) const { return module ? frame.module == name : frame.module.empty(); }
};

}  // namespace

class Symbols::Impl {
 public:
  Status add(const std::string& path) {
    const Result<std::string> head = read_head(path);
    if (!head) return tl::unexpected(head.error());
    if (*head != "\177ELF") return add_map(path);
    auto symbols = symbols::ElfSymbols::open(path);
    if (!symbols) return tl::unexpected(symbols.error());
    files_.push_back({std::move(*symbols), path.find(".ko") != std::string::npos, module_name(path)});
    return {};
  }

  void resolve(Frame& frame, bool exact) {
    if (frame.function.empty() && frame.address != 0) name_address(frame);
    if (frame.function.empty() || !frame.source.empty()) return;
    for (const Elf& file : files_) {
      if (!file.is_of(frame)) continue;
      frame.source = file.symbols->source(frame.function, frame.size, frame.offset, exact);
      if (!frame.source.empty()) return;
    }
  }

 private:
  static Result<std::string> read_head(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    char magic[4] = {};
    if (!file.read(magic, sizeof(magic))) {
      return bad_input("cannot read " + path, "give a vmlinux, a .ko or a System.map");
    }
    return std::string(magic, sizeof(magic));
  }

  Status add_map(const std::string& path) {
    const Result<std::string> text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    Result<symbols::SystemMap> map = symbols::SystemMap::parse(*text);
    if (!map) return bad_input(path + " is no ELF file, and " + map.error().what, map.error().hint);
    maps_.push_back(std::move(*map));
    return {};
  }

  void name_address(Frame& frame) const {
    for (const symbols::SystemMap& map : maps_) {
      const auto place = map.find(frame.address);
      if (!place) continue;
      frame.function = place->function.substr(0, place->function.find('.'));
      frame.offset = place->offset;
      frame.size = place->size;
      return;
    }
  }

  std::vector<Elf> files_;
  std::vector<symbols::SystemMap> maps_;
};

Symbols::Symbols() : impl_(std::make_unique<Impl>()) {}
Symbols::~Symbols() = default;

Status Symbols::add(const std::string& path) {
  return impl_->add(path);
}

void Symbols::resolve(Record& record) {
  for (Stack& stack : record.stacks) {
    for (size_t i = 0; i < stack.frames.size(); ++i) impl_->resolve(stack.frames[i], stack.exception && i == 0);
  }
  for (Lock& lock : record.locks) impl_->resolve(lock.at, false);
  impl_->resolve(record.guilty, false);
}

}  // namespace zlt::splat
