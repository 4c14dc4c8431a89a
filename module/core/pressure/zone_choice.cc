// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/pressure/zone_choice.h"

namespace zlt {

using abi::Param;

namespace {

constexpr zlt_zone_type kZoneTypes[] = {ZLT_ZONE_DMA, ZLT_ZONE_DMA32,
                                        ZLT_ZONE_NORMAL};  // each falls back to those before

}  // namespace

// Few pages are in the lowest zone, ZONE_DMA, and nobody misses them: that is the gentlest way to have an allocation
// find nothing above the reserve. On a kernel without CONFIG_ZONE_DMA the lowest zone has most of the memory, and what
// the readers take, the kernel may miss: alloc_low_pages() in arch/x86/mm/init.c (6.12) gets the page tables for new
// memory with GFP_ATOMIC, its callers do not look whether it got any, and phys_pmd_init() has been seen to follow the
// null pointer.
bool choose_zone(Run& run, zlt_zone_type& zone) {
  const auto node = static_cast<int>(run.settings().get(Param::kPressureNode));
  const bool whole_node = run.settings().get(Param::kWholeNode) != 0;
  bool found = false;
  for (const zlt_zone_type type : kZoneTypes) {
    zlt_zone seen = {};
    if (zlt_zone_describe(node, type, &seen) != 0 || seen.managed == 0) continue;
    if (!found || whole_node) zone = type;
    found = true;
  }
  if (!found) run.lack("pressure_node has no memory that the kernel allocates from");
  return found;
}

}  // namespace zlt
