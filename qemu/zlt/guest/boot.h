// SPDX-License-Identifier: GPL-2.0-only
//
// Brings a started guest to where it takes commands.
#pragma once

#include "qemu/zlt/guest/conversation.h"
#include "qemu/zlt/guest/guest.h"
#include "userspace/base/result.h"

namespace zlt::run {

// The module's first words on the console: what Console::expect() gets for a guest that boots.
inline constexpr const char* kLoadedLine = "zltorture: loaded on ";

// Waits for `ready`: the kernel is up and the module in; and for the console to have caught up with it, if it expects
// kLoadedLine. The failure says how far it came. `total` bounds the whole
// boot; long before that a guest is given up that has the CPU and shows no progress.
[[nodiscard]] Status wait_ready(Guest& guest, Conversation& talk, Duration total);

// One line when the boot itself was not sound (a report on the console, lockdep off already): what came after would
// say nothing about the cases. Empty when sound.
[[nodiscard]] std::string unsound_boot(Guest& guest, const Loaded& loaded);

}  // namespace zlt::run
