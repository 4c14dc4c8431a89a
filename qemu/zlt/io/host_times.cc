// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/io/host_times.h"

#include <sstream>
#include <string>

#include "userspace/base/files.h"

namespace zlt::run {

HostTimes parse_host_times(std::string_view stat, std::string_view vmstat) {
  constexpr unsigned kStealColumn = 7;  // user nice system idle iowait irq softirq steal; guest time is in user's
  HostTimes out;
  std::istringstream cpu{std::string(stat.substr(0, stat.find('\n')))};
  std::string word;
  cpu >> word;
  std::uint64_t ticks = 0;
  for (unsigned column = 0; word == "cpu" && column <= kStealColumn && cpu >> ticks; ++column) {
    out.total += ticks;
    out.stolen += column == kStealColumn ? ticks : 0;
  }
  std::istringstream counts{std::string(vmstat)};
  for (std::uint64_t value = 0; counts >> word >> value;) {
    if (word == "oom_kill") {
      out.oom_kills = value;
    }
  }
  return out;
}

HostTimes read_host_times() {
  return parse_host_times(read_file("/proc/stat").value_or(""), read_file("/proc/vmstat").value_or(""));
}

double stolen_share(const HostTimes& before, const HostTimes& after) {
  if (after.total <= before.total || after.stolen < before.stolen) {
    return 0;
  }
  return static_cast<double>(after.stolen - before.stolen) / static_cast<double>(after.total - before.total);
}

}  // namespace zlt::run
