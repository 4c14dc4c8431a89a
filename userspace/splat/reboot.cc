// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/splat/reboot.h"

#include <algorithm>
#include <array>
#include <optional>

#include "userspace/splat/decoder.h"
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

// What only firmware and boot loaders print.
constexpr auto kFirmware = std::to_array<std::string_view>({
    "SeaBIOS",
    "iPXE",
    "U-Boot",
    "GRUB",
    "BdsDxe",
    "UEFI firmware",
    "OpenSBI",
    "SLOF",
    "Booting from ",
    "Starting kernel ...",
    "Hit any key to stop autoboot",
    "Uncompressing Linux",
    "Decompressing Linux",
    "Loading Environment from",
    "Flattened Device Tree",
    "Loading Device Tree to",
    "Using Device Tree in place",
    "Kernel image @",
    "BL31:",
    "BL1:",
    "coreboot-",
    "Loading Linux ",
    "Loading initial ramdisk",
    "ISOLINUX",
    "SYSLINUX",
    "Trying to load:",
    "PAL-code",
    "skiboot",
    "Petitboot",
});

// How many lines a kernel prints in front of its banner at most.
constexpr size_t kPrologue = 16;

bool is_firmware(std::string_view text) {
  for (const auto& word : kFirmware) {
    if (contains(text, word)) return true;
  }
  return false;
}

// "4,1283,44318264,-;text"
std::optional<int64_t> kmsg_time(std::string_view raw) {
  const std::string_view head = raw.substr(0, std::min(raw.find(';'), size_t{160}));
  const size_t flags = head.rfind(',');
  const size_t time = flags == std::string_view::npos ? flags : head.rfind(',', flags - 1);
  if (time == std::string_view::npos || head.size() == raw.size() || time + 1 == flags) return {};
  const std::string_view digits = head.substr(time + 1, flags - time - 1);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return to_number(digits);
}

// Microseconds of the kernel's own stamp in `raw`, if it has one: six digits behind the point, which boot loaders that
// stamp their lines too seldom print.
std::optional<int64_t> time_of(std::string_view raw) {
  if (const std::optional<int64_t> time = kmsg_time(raw)) return time;
  for (size_t at = raw.find('['); at < 200; at = raw.find('[', at + 1)) {
    std::string_view stamp = raw.substr(at);
    const size_t point = stamp.find('.');
    if (stamp_length(stamp, false) == 0 || stamp.substr(0, point + 8).find_first_not_of("0123456789[. ") < point + 7)
      continue;
    stamp.remove_prefix(std::min(stamp.find_first_not_of("[ "), stamp.size()));
    return to_number(stamp) * 1000000 + to_number(stamp.substr(stamp.find('.') + 1));
  }
  return {};
}

// The first line of what `raw` says.
std::string_view decoded(std::string_view raw, Decoder& decoder) {
  RawLine line;
  line.text = raw;
  decoder.reset();
  if (!decoder.take(line) && !decoder.rest(line)) return raw;
  return line.text.substr(0, line.text.find('\n'));
}

// The lines from one step back of the clock to the next.
struct Run {
  bool kernel = false;    // lines with the kernel's stamp
  bool firmware = false;  // a line without a stamp that firmware printed, behind them
  bool loader = false;    // a boot loader printed the stamps
  int64_t last = 0;
  size_t untimed = 0;  // lines of the kernel that do not say when
  size_t last_line = 0;
};

bool is_asked_for(std::string_view raw) {
  for (const auto& asked : kAskedFor) {
    if (contains(raw, asked)) return true;
  }
  return false;
}

// Where the last line begins that says that a boot was asked for: nothing in front of it matters.
size_t last_asked_for(std::string_view before) {
  for (size_t end = before.size(); end > 0;) {
    const size_t newline = end < 2 ? std::string_view::npos : before.rfind('\n', end - 2);
    const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    if (is_asked_for(before.substr(begin, end - begin))) return begin;
    end = begin;
  }
  return 0;
}

}  // namespace

Reboot look_for_reboot(std::string_view before, std::string_view banner) {
  Run run;
  Reboot found;
  const auto close = [&] {
    if (run.kernel && !run.loader) found = {true, run.last_line};
    run = {};
  };
  LineSplitter splitter;
  Decoder decoder;
  for (size_t begin = last_asked_for(before); begin < before.size();) {
    const size_t end = std::min(before.find('\n', begin), before.size());
    const std::string_view raw = decoded(before.substr(begin, end - begin), decoder);
    const std::optional<int64_t> time = time_of(raw);
    splitter.reset(raw);
    std::string_view text;
    Source source;
    size_t at = 0;
    bool forget = false;
    bool kernel = false;
    while (splitter.next(text, source, at)) {
      for (const auto& asked : kAskedFor) forget = forget || contains(text, asked);
      forget = forget || is_boot_banner(text);  // the decompressor's line belongs to the same boot
      kernel = kernel || source.origin != Origin::kPlain;
    }
    if (forget) {
      run = {};
      found = {};
      begin = end + 1;
      continue;
    }
    const bool firmware = is_firmware(raw);
    // A stamp of another precision is a boot loader's.
    const size_t open = raw.find('[');
    const bool loader = !time && open != std::string_view::npos && stamp_length(raw.substr(open), false) > 0;
    if (kernel && !time && !firmware && !loader) {
      if (run.kernel && run.firmware) close();
      run.kernel = true;
      run.firmware = false;
      run.last_line = begin;
      ++run.untimed;
    } else if (time) {
      if (run.kernel && *time < run.last) close();
      if (run.kernel && run.firmware) close();
      run.kernel = true;
      run.firmware = false;
      run.loader = run.loader || firmware;
      run.last = *time;
      run.last_line = begin;
    } else if (firmware) {
      run.firmware = true;
    }
    begin = end + 1;
  }
  const int64_t now = time_of(decoded(banner, decoder)).value_or(0);
  if (run.kernel && (run.firmware || now < run.last || run.untimed > kPrologue)) close();
  return found;
}

bool is_boot_banner(std::string_view message) {
  constexpr std::string_view kBanner = "Linux version ";
  if (const size_t at = message.find(kBanner); at != std::string_view::npos) {
    // Behind nothing, or what a vendor or a collector puts in front of each line.
    const std::string_view head = trim(message.substr(0, at));
    const bool free = head.empty() || std::string_view("]|>)").find(head.back()) != std::string_view::npos;
    return free && at + kBanner.size() < message.size() && is_digit(message[at + kBanner.size()]);
  }
  return contains(message, "Booting the kernel.") || contains(message, "Booting the kernel (entry_offset");
}

}  // namespace zlt::splat
