// SPDX-License-Identifier: GPL-2.0-only
//
// How long a guest takes to its first event, against the same kernel with an init that does nothing but power off.
#pragma once

#include <string>

#include "qemu/zlt/bench/bench_figures.h"
#include "qemu/zlt/io/stop.h"
#include "qemu/zlt/kernel/paths.h"
#include "userspace/base/result.h"

namespace zlt::run {

// Alternates the two `rounds` times and compares the medians.
[[nodiscard]] Result<Figure> measure_first_event(const Paths& paths, const std::string& flavour, unsigned rounds,
                                                 const Stop& stop);

}  // namespace zlt::run
