// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/elf.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <sstream>

#include "qemu/zlt/io/output_of.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

std::optional<Elf64_Ehdr> header_of(const std::string& file) {
  Elf64_Ehdr header;
  if (file.size() < sizeof header) {
    return std::nullopt;
  }
  std::memcpy(&header, file.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > file.size() ||
      (file.size() - header.e_phoff) / sizeof(Elf64_Phdr) < header.e_phnum) {
    return std::nullopt;
  }
  return header;
}

std::vector<Elf64_Phdr> segments_of(const std::string& file, const Elf64_Ehdr& header) {
  std::vector<Elf64_Phdr> out(header.e_phnum);
  std::memcpy(out.data(), file.data() + header.e_phoff, out.size() * sizeof(Elf64_Phdr));
  return out;
}

}  // namespace

Result<std::vector<fs::path>> needed_files(const fs::path& program) {
  const Result<std::string> file = read_file(program);
  if (!file) {
    return tl::unexpected(file.error());
  }
  const std::optional<Elf64_Ehdr> header = header_of(*file);
  if (!header) {
    return failure(program.string() + " is no 64-bit ELF program");
  }
  std::string interpreter;
  for (const Elf64_Phdr& segment : segments_of(*file, *header)) {
    if (segment.p_type == PT_INTERP && segment.p_filesz > 1 && segment.p_offset < file->size()) {
      interpreter = std::string(file->c_str() + segment.p_offset);
    }
  }
  std::vector<fs::path> out;
  if (interpreter.empty()) {
    return out;
  }
  const Result<std::string> listing = output_of({interpreter, "--list", program.string()}, std::chrono::seconds(30));
  if (!listing) {
    return tl::unexpected(listing.error());
  }
  out.emplace_back(interpreter);
  std::istringstream lines(*listing);
  for (std::string line; std::getline(lines, line);) {
    // "	libkmod.so.2 => /lib/x86_64-linux-gnu/libkmod.so.2 (0x00007f…)"
    const size_t arrow = line.find(" => ");
    if (arrow == std::string::npos) {
      continue;
    }
    const std::string path = line.substr(arrow + 4, line.find(" (", arrow) - arrow - 4);
    if (!path.starts_with('/')) {
      return failure(fmt::format("{} needs {}, which is not there", program.string(), line.substr(0, arrow)));
    }
    out.emplace_back(path);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string loadable_part(std::string file) {
  std::optional<Elf64_Ehdr> header = header_of(file);
  if (!header) {
    return file;
  }
  size_t end = header->e_phoff + size_t{header->e_phnum} * sizeof(Elf64_Phdr);
  for (const Elf64_Phdr& segment : segments_of(file, *header)) {
    end = std::max<size_t>(end, segment.p_offset + segment.p_filesz);
  }
  if (end >= file.size()) {
    return file;
  }
  header->e_shoff = 0;
  header->e_shnum = 0;
  header->e_shstrndx = 0;
  std::memcpy(file.data(), &*header, sizeof *header);
  file.resize(end);
  return file;
}

}  // namespace zlt::run
