// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/guest/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <set>

#include "qemu/zlt/guest/elf.h"
#include "qemu/zlt/io/digest.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

constexpr auto kKeepUnused = std::chrono::hours(24);  // another zlt may be starting guests from it
constexpr std::array kFolders = {"dev", "proc", "sys", "tmp"};

class Archive {
 public:
  Archive() : archive_(archive_write_new()) {
    archive_write_set_format_cpio_newc(archive_.get());
    archive_write_set_bytes_per_block(archive_.get(), 0);
    archive_write_open(archive_.get(), &out_, nullptr, &Archive::store, nullptr);
  }

  void folder(const std::string& path) { header(path, AE_IFDIR, 0755, 0); }
  void file(const std::string& path, const std::string& content, unsigned mode) {
    header(path, AE_IFREG, mode, content.size());
    archive_write_data(archive_.get(), content.data(), content.size());
  }
  void console() {
    Entry entry = make("dev/console", AE_IFCHR, 0600, 0);
    archive_entry_set_rdevmajor(entry.get(), 5);
    archive_entry_set_rdevminor(entry.get(), 1);
    archive_write_header(archive_.get(), entry.get());
  }
  // Errors stick to the archive: the last one is asked for once, here.
  [[nodiscard]] Result<std::string> finish() {
    if (archive_write_close(archive_.get()) != ARCHIVE_OK || archive_errno(archive_.get()) != 0) {
      const char* text = archive_error_string(archive_.get());
      return failure(fmt::format("cannot make the initramfs: {}", text != nullptr ? text : "libarchive says no more"));
    }
    return std::move(out_);
  }

 private:
  struct FreeArchive {
    void operator()(archive* a) const { archive_write_free(a); }
  };
  struct FreeEntry {
    void operator()(archive_entry* e) const { archive_entry_free(e); }
  };
  using Entry = std::unique_ptr<archive_entry, FreeEntry>;

  static la_ssize_t store(archive* /*a*/, void* out, const void* data, size_t size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  }
  static Entry make(const std::string& path, unsigned type, unsigned mode, size_t size) {
    Entry entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), mode);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    archive_entry_set_mtime(entry.get(), 0, 0);
    return entry;
  }
  void header(const std::string& path, unsigned type, unsigned mode, size_t size) {
    const Entry entry = make(path, type, mode, size);
    archive_write_header(archive_.get(), entry.get());
  }

  std::string out_;
  std::unique_ptr<archive, FreeArchive> archive_;
};

void remove_unused(const fs::path& folder, const std::string& flavour, const fs::path& current) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name.starts_with(flavour + ".") && entry.path() != current;
    if (ours && fs::file_time_type::clock::now() - entry.last_write_time(error) > kKeepUnused) {
      fs::remove(entry.path(), error);
    }
  }
}

}  // namespace

Result<std::string> make_initramfs(const InitramfsInputs& inputs) {
  std::map<std::string, std::string> files;  // by path without the leading slash
  const auto add = [&files](const fs::path& from, const std::string& path) -> Status {
    Result<std::string> content = read_file(from);
    if (!content) {
      return tl::unexpected(content.error());
    }
    files[path] = loadable_part(std::move(*content));
    return {};
  };
  const Result<std::vector<fs::path>> libraries = needed_files(inputs.init);
  if (!libraries) {
    return tl::unexpected(libraries.error());
  }
  Status added = add(inputs.init, "init");
  for (const fs::path& library : *libraries) {
    if (added) {
      added = add(library, library.relative_path().string());
    }
  }
  if (!added) {
    return tl::unexpected(added.error());
  }
  for (size_t n = 0; n < inputs.drivers.size(); ++n) {
    const fs::path& driver = inputs.drivers[n];
    Result<std::string> content = read_file(driver);
    if (!content) {
      return tl::unexpected(content.error());
    }
    files[fmt::format("drivers/{}-{}", n, driver.filename().string())] = std::move(*content);
  }

  std::set<std::string> folders(kFolders.begin(), kFolders.end());
  for (const auto& [path, content] : files) {
    for (fs::path up = fs::path(path).parent_path(); !up.empty(); up = up.parent_path()) {
      folders.insert(up.string());
    }
  }
  Archive archive;
  for (const std::string& folder : folders) {
    archive.folder(folder);
  }
  archive.console();
  for (const auto& [path, content] : files) {
    archive.file(path, content, 0755);
  }
  if (!inputs.module.empty()) {
    archive.file("zltorture.ko", inputs.module, 0644);
  }
  return archive.finish();
}

Result<Initramfs> cached_initramfs(const InitramfsInputs& inputs, const fs::path& folder, const std::string& flavour) {
  const Result<std::string> archive = make_initramfs(inputs);
  if (!archive) {
    return tl::unexpected(archive.error());
  }
  if (Status made = make_folders(folder); !made) {
    return tl::unexpected(made.error());
  }
  Initramfs out;
  out.digest = Digest().add(*archive).hex();
  out.file = folder / (flavour + "." + out.digest + ".cpio");
  std::error_code error;
  if (const Result<std::string> present = read_file(out.file); !present || *present != *archive) {
    out.healed = present.has_value();
    if (Status written = replace_file(out.file, *archive); !written) {
      return tl::unexpected(written.error());
    }
  }
  fs::last_write_time(out.file, fs::file_time_type::clock::now(), error);  // in use: not to be removed
  remove_unused(folder, flavour, out.file);
  return out;
}

}  // namespace zlt::run
