// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/kernel/kernel.h"

#include <fmt/format.h>

#include <array>

#include "qemu/zlt/io/digest.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace fs = std::filesystem;
namespace {

// Documentation/arch/x86/boot.rst: the setup header's magic.
constexpr size_t kMagicOffset = 0x202;
constexpr std::string_view kMagic = "HdrS";

// Each needs those before it (modinfo, Debian's 6.1). Their 6.12 has all but virtio_mem built in.
constexpr std::array kDrivers = {"virtio_ring",           "virtio",     "virtio_pci_legacy_dev",
                                 "virtio_pci_modern_dev", "virtio_pci", "virtio_mem"};

std::vector<fs::path> drivers_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const char* name : kDrivers) {
    const fs::path file = folder / fmt::format("{}.ko", name);
    std::error_code error;
    if (fs::exists(file, error)) {
      out.push_back(file);
    }
  }
  return out;
}

// Checks the image, and adds what is read from it and beside it.
Result<Kernel> complete(Kernel out, const fs::path& release_file, const std::string& hint) {
  const Result<std::string> image = read_file(out.image);
  if (!image) {
    return failure(image.error().what, hint);
  }
  if (image->size() < kMagicOffset + kMagic.size() || image->compare(kMagicOffset, kMagic.size(), kMagic) != 0) {
    return failure(out.image.string() + " is no kernel image", hint);
  }
  out.digest = Digest().add(*image).hex();
  const Result<std::string> release = read_file(release_file);
  if (!release) {
    return failure(release.error().what, hint);
  }
  out.release = release->substr(0, release->find('\n'));
  if (out.release.empty()) {
    return failure(release_file.string() + " is empty", hint);
  }
  return out;
}

}  // namespace

Result<Kernel> load_kernel(const fs::path& entry, const std::string& flavour) {
  const std::string hint = fmt::format("get it again with `zlt kernel fetch {0}` or `zlt kernel build {0}`", flavour);
  std::error_code error;
  const fs::path folder = fs::canonical(entry, error);
  if (error) {
    return failure(fmt::format("no kernel for flavour {} in the cache ({})", flavour, entry.string()), hint);
  }
  Kernel out;
  out.image = folder / "bzImage";
  out.system_map = folder / "System.map";
  out.kdir = folder / "kdir";
  out.config = folder / "config";
  out.drivers = drivers_in(folder / "modules");
  return complete(std::move(out), folder / "release", hint);
}

Result<Kernel> load_build_tree(const fs::path& tree) {
  const std::string hint = "--kernel names a folder in which `make bzImage modules` was run";
  std::error_code error;
  const fs::path folder = fs::canonical(tree, error);
  if (error) {
    return failure("no kernel in " + tree.string(), hint);
  }
  Kernel out;
  out.image = folder / "arch" / "x86" / "boot" / "bzImage";
  out.system_map = folder / "System.map";
  out.kdir = folder;
  out.config = folder / ".config";
  out.drivers = drivers_in(folder / "drivers" / "virtio");
  return complete(std::move(out), folder / "include" / "config" / "kernel.release", hint);
}

}  // namespace zlt::run
