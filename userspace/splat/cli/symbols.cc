// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/cli/symbols.h"

#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <unordered_map>
#include <vector>

#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

struct Symbol {
  uint64_t address;
  uint64_t size;
};

// "nf_tables" of "…/nf-tables.ko.debug": as the kernel names a module.
std::string module_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  name.resize(std::min(name.size(), name.find(".ko")));
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

class ElfFile {
 public:
  explicit ElfFile(const std::string& path)
      : is_module_(path.find(".ko") != std::string::npos), name_(module_name(path)) {
    static char* no_debug_path = nullptr;
    static const Dwfl_Callbacks callbacks{dwfl_build_id_find_elf, dwfl_standard_find_debuginfo,
                                          dwfl_offline_section_address, &no_debug_path};
    dwfl_ = dwfl_begin(&callbacks);
    if (dwfl_ == nullptr) return;
    module_ = dwfl_report_offline(dwfl_, name_.c_str(), path.c_str(), -1);
    dwfl_report_end(dwfl_, nullptr, nullptr);
    if (module_ != nullptr) read_symbols();
  }
  ~ElfFile() {
    if (dwfl_ != nullptr) dwfl_end(dwfl_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  [[nodiscard]] bool good() const { return module_ != nullptr && !symbols_.empty(); }

  [[nodiscard]] bool is_of(const Frame& frame) const {
    return is_module_ ? frame.module == name_ : frame.module.empty();
  }

  [[nodiscard]] std::string source(const Frame& frame, bool exact) const {
    const auto known = symbols_.find(frame.function);
    if (known == symbols_.end()) return {};
    // Of several functions of one name, the one of this size.
    const Symbol* symbol = &known->second.front();
    for (const Symbol& candidate : known->second) {
      if (candidate.size == frame.size) symbol = &candidate;
    }
    const uint64_t address = symbol->address + frame.offset - (exact || frame.offset == 0 ? 0 : 1);
    Dwfl_Line* line = dwfl_module_getsrc(module_, address);
    if (line == nullptr) return {};
    int number = 0;
    const char* file = dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
    return file == nullptr ? std::string{} : fmt::format("{}:{}", without_build_folder(file), number);
  }

 private:
  void read_symbols() {
    const int count = dwfl_module_getsymtab(module_);
    for (int i = 0; i < count; ++i) {
      GElf_Sym symbol;
      GElf_Addr address = 0;
      const char* name = dwfl_module_getsym_info(module_, i, &symbol, &address, nullptr, nullptr, nullptr);
      if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_FUNC) continue;
      // Frames come without ".isra.0" and the like.
      symbols_[std::string(name, std::strcspn(name, "."))].push_back({address, symbol.st_size});
    }
  }

  static std::string_view without_build_folder(std::string_view file) {
    for (const std::string_view top :
         {"/arch/", "/block/", "/certs/", "/crypto/", "/drivers/", "/fs/", "/include/", "/init/", "/io_uring/", "/ipc/",
          "/kernel/", "/lib/", "/mm/", "/net/", "/security/", "/sound/", "/virt/"}) {
      const size_t at = file.find(top);
      if (at != std::string_view::npos) return file.substr(at + 1);
    }
    return file.starts_with("./") ? file.substr(2) : file;
  }

  bool is_module_;
  std::string name_;
  Dwfl* dwfl_ = nullptr;
  Dwfl_Module* module_ = nullptr;
  std::unordered_map<std::string, std::vector<Symbol>> symbols_;
};

}  // namespace

class Symbols::Impl {
 public:
  Status add(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    char magic[4] = {};
    if (!file.read(magic, sizeof(magic)))
      return failure("cannot read " + path, "give a vmlinux, a .ko or a System.map");
    if (std::memcmp(magic, "\177ELF", 4) != 0) return add_map(path);
    auto elf = std::make_unique<ElfFile>(path);
    if (!elf->good()) return failure(path + " has no symbols", "give the file that was built with debug information");
    files_.push_back(std::move(elf));
    return {};
  }

  void resolve(Frame& frame, bool exact) {
    if (frame.function.empty() && frame.address != 0) name_address(frame);
    if (frame.function.empty() || !frame.source.empty()) return;
    for (const auto& file : files_) {
      if (!file->is_of(frame)) continue;
      frame.source = file->source(frame, exact);
      if (!frame.source.empty()) return;
    }
  }

 private:
  Status add_map(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
      // "ffffffff81000000 T _text"
      const size_t space = line.find(' ');
      if (space < 8 || space == std::string::npos || line.size() < space + 4 || !is_hex(line[0])) {
        return failure(path + " is no ELF file and no System.map", "give a vmlinux, a .ko or a System.map");
      }
      const char type = line[space + 1];
      if (type == 't' || type == 'T' || type == 'w' || type == 'W') map_[to_hex(line)] = line.substr(space + 3);
    }
    if (map_.empty())
      return failure(path + " names no function", "give the System.map of the kernel that printed the log");
    return {};
  }

  void name_address(Frame& frame) const {
    auto next = map_.upper_bound(frame.address);
    if (next == map_.begin() || next == map_.end()) return;
    const auto at = std::prev(next);
    frame.function = at->second.substr(0, at->second.find('.'));
    frame.offset = frame.address - at->first;
    frame.size = next->first - at->first;
  }

  std::vector<std::unique_ptr<ElfFile>> files_;
  std::map<uint64_t, std::string> map_;
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
