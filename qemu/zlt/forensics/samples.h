// SPDX-License-Identifier: GPL-2.0-only
//
// Where the vCPUs of a guest are, looked at several times.
#pragma once

#include <string>
#include <vector>

#include "qemu/zlt/forensics/vcpus.h"
#include "qemu/zlt/guest/guest.h"

namespace zlt::run {

struct Samples {
  std::vector<std::vector<VcpuPosition>> positions;
  std::string text;  // of all, as QEMU gave it
};

// Between two samples every vCPU has had the host's CPU for a while, or was idle: on a loaded host one that stands
// still may only be waiting for its turn. The failure is the monitor's.
[[nodiscard]] Result<Samples> take_samples(Guest& guest);

}  // namespace zlt::run
