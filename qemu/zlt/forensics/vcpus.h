// SPDX-License-Identifier: GPL-2.0-only
//
// Where a guest's vCPUs are, and what that says about a guest that makes no progress.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "qemu/zlt/forensics/symbols.h"

namespace zlt::run {

struct VcpuPosition {
  unsigned cpu = 0;
  std::uint64_t rip = 0;
  bool halted = false;
};

// The text of `info registers -a`; vCPUs it does not describe whole are left out.
[[nodiscard]] std::vector<VcpuPosition> parse_registers(std::string_view text);

// What several samples of all vCPUs amount to.
struct HangFinding {
  std::string outcome;                    // livelock or deadlock
  std::map<unsigned, std::string> vcpus;  // "halted", "spinning in native_queued_spin_lock_slowpath+0x1e"
  std::string reason;                     // one line with all of them
  bool idle = false;                      // none spins
};
// A vCPU spins if no sample finds it halted: user space that still beats, and the timer, wake a CPU only for a moment.
// One that spins in a lock makes it a deadlock; one that spins elsewhere a livelock; none that spins is a deadlock of
// sleepers. At least one sample.
[[nodiscard]] HangFinding judge_hang(const std::vector<std::vector<VcpuPosition>>& samples, const Symbols& symbols);

}  // namespace zlt::run
