// SPDX-License-Identifier: GPL-2.0-only
//
// What the machine that zlt runs on did with its processors and its memory: a virtual machine itself, it may lose the
// CPU to others, and its kernel may have killed somebody for memory.
#pragma once

#include <cstdint>
#include <string_view>

namespace zlt::run {

struct HostTimes {
  std::uint64_t total = 0;      // ticks of all CPUs
  std::uint64_t stolen = 0;     // of them, those a hypervisor gave to others
  std::uint64_t oom_kills = 0;  // processes that the kernel has killed for their memory
};

// From the texts of /proc/stat and /proc/vmstat; what they lack counts as 0.
[[nodiscard]] HostTimes parse_host_times(std::string_view stat, std::string_view vmstat);
[[nodiscard]] HostTimes read_host_times();

// Between two readings: from 0 to 1. 0 where no time has passed.
[[nodiscard]] double stolen_share(const HostTimes& before, const HostTimes& after);

}  // namespace zlt::run
