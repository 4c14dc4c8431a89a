// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/symbols/elf_symbols.h"

#include <cxxabi.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "userspace/base/files.h"
#include "userspace/base/unique_fd.h"

namespace zlt::symbols {
namespace {

struct Symbol {
  std::uint64_t address;
  std::uint64_t size;
};

// The part of a path that begins with a folder of the kernel's or of ours.
std::string_view without_build_folder(std::string_view file) {
  for (const std::string_view top :
       {"/arch/", "/block/", "/certs/", "/crypto/", "/drivers/", "/fs/", "/include/", "/init/", "/io_uring/", "/ipc/",
        "/kernel/", "/lib/", "/mm/", "/module/", "/net/", "/security/", "/sound/", "/virt/"}) {
    const size_t at = file.find(top);
    if (at != std::string_view::npos) return file.substr(at + 1);
  }
  return file.starts_with("./") ? file.substr(2) : file;
}

// "void zlt::visit<zlt::Faithful>(zlt::Reading const&)": what stands before the parameters, without a return type.
std::string readable(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || demangled == nullptr) return name;
  const std::string full = demangled.get();
  const std::string head = full.substr(0, full.rfind('(') == 0 ? full.size() : full.find('('));
  const size_t space = head.rfind(' ', head.find('<'));
  return space == std::string::npos ? head : head.substr(space + 1);
}

}  // namespace

class ElfSymbols::Impl {
 public:
  // libdwfl takes the descriptor over.
  Impl(const std::string& name, const std::string& path, int fd) {
    static char* no_debug_path = nullptr;
    static const Dwfl_Callbacks callbacks{dwfl_build_id_find_elf, dwfl_standard_find_debuginfo,
                                          dwfl_offline_section_address, &no_debug_path};
    dwfl_ = dwfl_begin(&callbacks);
    if (dwfl_ == nullptr) return;
    module_ = dwfl_report_offline(dwfl_, name.c_str(), path.c_str(), fd);
    dwfl_report_end(dwfl_, nullptr, nullptr);
    if (module_ != nullptr) read_symbols();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;
  ~Impl() {
    if (dwfl_ != nullptr) dwfl_end(dwfl_);
  }

  [[nodiscard]] bool good() const { return module_ != nullptr && !symbols_.empty(); }

  std::string source(const std::string& function, std::uint64_t size, std::uint64_t offset, bool exact) {
    const std::lock_guard guard(mutex_);
    const auto known = symbols_.find(function);
    if (known == symbols_.end()) return {};
    const Symbol* symbol = &known->second.front();
    for (const Symbol& candidate : known->second) {
      if (candidate.size == size) symbol = &candidate;
    }
    return line_at(symbol->address + offset - (exact || offset == 0 ? 0 : 1));
  }

  std::optional<Place> in_text(std::uint64_t offset) {
    const std::lock_guard guard(mutex_);
    const std::optional<Symbol> text = text_section();
    if (!text || offset >= text->size) return {};
    GElf_Off into = 0;
    GElf_Sym symbol;
    const char* name = dwfl_module_addrinfo(module_, text->address + offset, &into, &symbol, nullptr, nullptr, nullptr);
    if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_FUNC) return {};
    return Place{readable(name), into, symbol.st_size, line_at(text->address + offset)};
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

  std::string line_at(std::uint64_t address) {
    Dwfl_Line* line = dwfl_module_getsrc(module_, address);
    int number = 0;
    const char* file = line == nullptr ? nullptr : dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
    return file == nullptr ? std::string() : std::string(without_build_folder(file)) + ":" + std::to_string(number);
  }

  // Where libdwfl has put .text.
  std::optional<Symbol> text_section() {
    GElf_Addr bias = 0;
    Elf* elf = dwfl_module_getelf(module_, &bias);
    size_t names = 0;
    if (elf == nullptr || elf_getshdrstrndx(elf, &names) != 0) return {};
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) continue;
      const char* name = elf_strptr(elf, names, header.sh_name);
      if (name != nullptr && std::strcmp(name, ".text") == 0) return Symbol{header.sh_addr + bias, header.sh_size};
    }
    return {};
  }

  std::mutex mutex_;  // libdwfl is for one thread at a time
  Dwfl* dwfl_ = nullptr;
  Dwfl_Module* module_ = nullptr;
  std::unordered_map<std::string, std::vector<Symbol>> symbols_;
};

ElfSymbols::ElfSymbols(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ElfSymbols::~ElfSymbols() = default;

Result<std::shared_ptr<ElfSymbols>> ElfSymbols::open(const std::string& path) {
  auto impl = std::make_unique<Impl>(path.substr(path.rfind('/') + 1), path, -1);
  if (!impl->good()) {
    return bad_input(path + " has no symbols", "give the file that was built with debug information");
  }
  return std::shared_ptr<ElfSymbols>(new ElfSymbols(std::move(impl)));
}

Result<std::shared_ptr<ElfSymbols>> ElfSymbols::of_bytes(const std::string& name, const std::string& bytes) {
  UniqueFd fd(::memfd_create(name.c_str(), MFD_CLOEXEC));
  if (!fd.valid() || !write_all(fd.get(), bytes)) {
    return failure("cannot read " + name + ": " + std::strerror(errno));
  }
  auto impl = std::make_unique<Impl>(name, name, fd.release());
  if (!impl->good()) {
    return bad_input(name + " has no symbols", "give the file that was built with debug information");
  }
  return std::shared_ptr<ElfSymbols>(new ElfSymbols(std::move(impl)));
}

std::string ElfSymbols::source(const std::string& function, std::uint64_t size, std::uint64_t offset,
                               bool exact) const {
  return impl_->source(function, size, offset, exact);
}

std::optional<Place> ElfSymbols::in_text(std::uint64_t offset) const {
  return impl_->in_text(offset);
}

}  // namespace zlt::symbols
