// SPDX-License-Identifier: GPL-2.0-only
//
// Decides which zone of a node is pressed upon.
#pragma once

#include "module/core/run.h"

namespace zlt {

// The lowest zone of pressure_node that has memory; with whole_node the highest, which falls back to all others. False:
// there is none, and the run has ended.
[[nodiscard]] bool choose_zone(Run& run, zlt_zone_type& zone);

}  // namespace zlt
