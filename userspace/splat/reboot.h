// SPDX-License-Identifier: GPL-2.0-only
//
// Tells a boot that follows a running kernel, and that nobody asked for, from any other boot.
#pragma once

#include <cstddef>
#include <string_view>

namespace zlt::splat {

struct Reboot {
  bool unexpected = false;
  size_t last_line = 0;  // offset in `before` of the last line of the kernel that was running
};

// `before` is what the log holds in front of a boot banner, whole lines, a few KiB are enough; `banner` is its line. A
// kernel was running if its clock went back, or if firmware or a boot loader printed behind it.
[[nodiscard]] Reboot look_for_reboot(std::string_view before, std::string_view banner);

// Whether a message is a boot banner.
[[nodiscard]] bool is_boot_banner(std::string_view message);

}  // namespace zlt::splat
