// SPDX-License-Identifier: GPL-2.0-only
//
// Known diseases of emulator and host, which look like a kernel's. Before a kernel is accused, the evidence is held
// against this table; what fits makes the verdict `infra`, with the name of the disease.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "qemu/zlt/io/host_times.h"
#include "userspace/report/model.h"

namespace zlt::run {

struct KnownDisease {
  const char* name;
  const char* what;
  const char* source;
};
inline constexpr KnownDisease kStaleBreakpoint = {
    "stale-breakpoint", "a vCPU runs a breakpoint for ever that is not in memory any more",
    "QEMU before 8.1, mended by deba78709ae8; lkml, \"qemu-x86_64 booting with 8.0.0 stil see int3\""};
inline constexpr KnownDisease kStalePage = {
    "stale-page", "it comes from one snapshot alone, again and again, and from nothing else",
    "QEMU's TCG before 9.0 loses dirty bits of a guest that is saved, mended by 03bfc2188f; or a damaged file"};
inline constexpr KnownDisease kStoppedClock = {
    "stopped-clock", "the guest did not run: QEMU had stopped it, and its clock with it",
    "QEMU stops a machine on an error of its own (query-status: io-error, internal-error, paused)"};
inline constexpr KnownDisease kHostCpu = {"host-cpu", "the host had no CPU for the guest while it was silent",
                                          "/proc/stat, steal: a hypervisor gave it to others"};
inline constexpr KnownDisease kHostMemory = {"host-memory", "the host had no memory, and QEMU was killed for it",
                                             "/proc/vmstat, oom_kill"};
inline constexpr KnownDisease kHostDisk = {"host-disk", "the host had no room for what the guest said",
                                           "write(2) of the guest's logs"};
inline constexpr KnownDisease kDiseases[] = {kStaleBreakpoint, kStalePage,  kStoppedClock,
                                             kHostCpu,         kHostMemory, kHostDisk};

// A known one, found in this evidence.
struct Disease {
  const KnownDisease* known = nullptr;
  std::string detail;  // what was seen
};

// The guest did not run when somebody looked. `run_state` as query-status names it.
[[nodiscard]] std::optional<Disease> stopped_clock(const std::string& run_state);
// Most of the host's CPU time since the guest's last sign of progress was stolen.
[[nodiscard]] std::optional<Disease> host_cpu(const HostTimes& at_progress, const HostTimes& now);
// QEMU was killed, and the host's kernel has killed for memory since the guest began.
[[nodiscard]] std::optional<Disease> host_memory(const std::string& why_gone, const HostTimes& begin,
                                                 const HostTimes& now);

// Makes it the verdict. What had been observed is kept in the reason.
void blame_disease(report::CaseRecord& record, const Disease& disease);

}  // namespace zlt::run
