// SPDX-License-Identifier: GPL-2.0-only
//
// Proof that a restored guest is sound, before anything is said of a kernel that runs in one.
#pragma once

#include "qemu/zlt/guest/guest.h"
#include "userspace/base/result.h"

namespace zlt::run {

// Lets the guest, just resumed, live for a second of its own time: user space is heard of and answers, its clock runs,
// its nodes can be read, lockdep is alive (`lockdep`: the kernel has it), and the console has no report, down to a line
// that the guest was asked to print at the end. The error says what was wrong. Takes the guest's control port.
[[nodiscard]] Status prove(Guest& guest, bool lockdep);

}  // namespace zlt::run
