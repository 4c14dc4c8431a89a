// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/reboot.h"

#include <array>

#include "userspace/splat/line.h"
#include "userspace/splat/text.h"

namespace zlt::splat {
namespace {

constexpr auto kAskedFor = std::to_array<std::string_view>({
    "reboot: Restarting system",
    "reboot: System halted",
    "reboot: Power down",
    "reboot: machine restart",
    "Restarting system",
    "Power down.",
    "machine restart",
    "Rebooting in ",
    "Starting new kernel",
    "Kernel panic - not syncing",
    "---[ end Kernel panic",
    "sysrq: Resetting",
    "sysrq: SysRq : Resetting",
    "SysRq : Resetting",
    "SysRq : Trigger a crash",
});

}  // namespace

Reboot look_for_reboot(std::string_view before) {
  Reboot reboot;
  LineSplitter splitter;
  size_t end = before.size();
  bool found = false;
  while (end > 0) {
    size_t begin = before.rfind('\n', end - 1 == 0 ? 0 : end - 2);
    begin = begin == std::string_view::npos || begin >= end - 1 ? 0 : begin + 1;
    std::string_view raw = before.substr(begin, end - begin);
    if (raw.ends_with('\n')) raw.remove_suffix(1);
    splitter.reset(raw);
    std::string_view text;
    Source source;
    size_t at = 0;
    while (splitter.next(text, source, at)) {
      for (const auto& asked : kAskedFor) {
        if (contains(text, asked)) return {};
      }
      if (is_boot_banner(text)) return {};  // the decompressor's line belongs to the same boot
      if (!found && source.origin != Origin::kPlain) {
        found = true;
        reboot = {true, begin};
      }
    }
    end = begin;
  }
  return reboot;
}

bool is_boot_banner(std::string_view message) {
  message = trim(message);
  if (message.starts_with("Linux version ")) return message.size() > 14 && is_digit(message[14]);
  return message.ends_with("Booting the kernel.") || contains(message, "Booting the kernel (entry_offset");
}

}  // namespace zlt::splat
