// SPDX-License-Identifier: GPL-2.0-only
//
// What a dead guest can still tell, in the order that destroys least: its memory, out of which its printk ring buffer
// is read, then an NMI that makes the kernel panic and trace every CPU on a console that may still work.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/guest/guest.h"
#include "userspace/report/model.h"

namespace zlt::run {

struct Evidence {
  std::vector<report::Splat> splats;         // out of the ring buffer: what the console may have swallowed
  std::map<std::string, std::string> facts;  // "dmesg", "nmi": what came of each step, in words
};

// Files go to `folder`, which is made: dmesg.txt, and the dump itself where `keep_dump` says so. Nothing that fails
// here is an error: it is said in the facts. The guest is of no use afterwards.
[[nodiscard]] Evidence collect_evidence(Guest& guest, const std::filesystem::path& folder, bool keep_dump);

}  // namespace zlt::run
