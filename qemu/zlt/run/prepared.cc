// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/prepared.h"

#include <fmt/format.h>

#include "qemu/zlt/guest/initramfs.h"
#include "userspace/base/files.h"

namespace zlt::run {

KernelOptions Prepared::kernel_options() const {
  const Result<std::string> text = read_file(kernel.config);
  return {text ? *text : std::string(), !kernel.drivers.empty()};
}

Result<Prepared> prepare(const Flavour& flavour, const RunOptions& options, const Paths& paths, const Stop& stop,
                         const MakeVoice& voice) {
  Result<Kernel> kernel =
      options.kernel.empty() ? need_kernel(paths, flavour, stop, voice) : load_build_tree(options.kernel);
  if (!kernel) {
    return tl::unexpected(kernel.error());
  }
  Result<std::string> module = need_module(paths, *kernel, stop, voice);
  if (!module) {
    return tl::unexpected(module.error());
  }
  const Result<Initramfs> initramfs =
      cached_initramfs({paths.init, *module, kernel->drivers}, paths.cache / "initramfs", flavour.name);
  if (!initramfs) {
    return tl::unexpected(initramfs.error());
  }
  if (initramfs->healed) {
    voice.say(fmt::format("{} was damaged and is made again", initramfs->file.string()));
  }
  Prepared out;
  out.flavour = flavour;
  out.kernel = std::move(*kernel);
  out.module = std::move(*module);
  out.initramfs_digest = initramfs->digest;
  out.machine.qemu = options.qemu;
  out.machine.kernel = out.kernel.image;
  out.machine.initramfs = initramfs->file;
  std::vector<std::string> words = flavour.cmdline;
  words.insert(words.end(), options.append.begin(), options.append.end());
  out.machine.append = kernel_command_line(words);
  out.symbols.add_system_map_file(out.kernel.system_map);
  return out;
}

}  // namespace zlt::run
