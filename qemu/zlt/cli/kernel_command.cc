// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/cli/kernel_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <functional>
#include <optional>

#include "qemu/zlt/cli/cli.h"
#include "qemu/zlt/io/leftovers.h"
#include "qemu/zlt/io/signals.h"
#include "qemu/zlt/kernel/flavour.h"
#include "qemu/zlt/kernel/make_kernel.h"
#include "qemu/zlt/kernel/paths.h"
#include "userspace/base/printable.h"
#include "userspace/base/table.h"

namespace zlt::run {
namespace {

// Does `each` for the flavours that were named, stopping at the first failure.
Exit for_each_flavour(const KernelWords& words, const std::function<Status(const Paths&, const Flavour&)>& each) {
  const Result<Paths> paths = find_paths(words.data);
  if (!paths) {
    return complain(paths.error());
  }
  const auto flavours = load_flavours(paths->flavours());
  if (!flavours) {
    return complain(flavours.error());
  }
  for (const std::string& name : words.flavours) {
    const Result<Flavour> flavour = find_flavour(*flavours, name);
    const Status done = flavour ? each(*paths, *flavour) : Status(tl::unexpected(flavour.error()));
    if (!done) {
      return complain(done.error());
    }
  }
  return Exit::kExpected;
}

Status print_kernel(const Paths& paths, const Flavour& flavour) {
  const Stop never;
  const Result<Kernel> kernel = cached_kernel(paths, flavour, never);
  if (!kernel) {
    return tl::unexpected(kernel.error());
  }
  fmt::print("{}\n", kernel->image.parent_path().string());
  return {};
}

}  // namespace

Exit kernel_list_command(const KernelWords& words) {
  const Result<Paths> paths = find_paths(words.data);
  if (!paths) {
    return complain(paths.error());
  }
  const auto flavours = load_flavours(paths->flavours());
  if (!flavours) {
    return complain(flavours.error());
  }
  const Stop never;
  Table table;
  std::optional<Error> trouble;
  for (const auto& [name, flavour] : *flavours) {
    const Result<Kernel> kernel = cached_kernel(*paths, flavour, never);
    const bool absent = !kernel && kernel.error().kind == ErrorKind::kRefused;
    if (!kernel && !absent) {
      trouble = kernel.error();
    }
    table.add({{name}, {kernel ? kernel->release : absent ? "not in the cache" : "cannot tell"}, {flavour.summary}});
  }
  fmt::print("{}", table.text(Terminal::of(STDOUT_FILENO)));
  return trouble ? complain(*trouble) : Exit::kExpected;
}

Exit kernel_make_command(const KernelWords& words) {
  Signals signals;
  Stop stop;
  Exit out = Exit::kFailure;
  const auto make = [&](const Paths& paths, const Flavour& flavour) -> Status {
    // its scripts say all of it, damage too
    const MakeVoice voice = {[](const std::string& line) { fmt::print(stderr, "{}\n", printable(line)); },
                             [](const std::string& /*line*/) {}};
    remove_leftovers(paths.cache);
    const Result<Kernel> kernel = need_kernel(paths, flavour, stop, voice);
    return kernel ? print_kernel(paths, flavour) : Status(tl::unexpected(kernel.error()));
  };
  signals.run([&] { out = for_each_flavour(words, make); }, [] {}, stop);
  return out;
}

Exit kernel_path_command(const KernelWords& words) {
  return for_each_flavour(words, print_kernel);
}

}  // namespace zlt::run
