// SPDX-License-Identifier: GPL-2.0-only
//
// A process that shrinks every slab cache again and again (/sys/kernel/slab/*/shrink, kmem_cache_shrink() in
// mm/slub.c): CPUs lose the slabs they allocate from, and what relied on the allocator's fast path finds the slow one.
#pragma once

#include "userspace/base/result.h"
#include "userspace/zltctl/environment.h"

namespace zlt::ctl {

// Writes once to each cache's `shrink`. The number of caches that took it.
unsigned shrink_slabs_once(const Environment& environment);
// Forks the process, which ends with the machine. The error: this kernel has no
// slab caches in sysfs.
[[nodiscard]] Status start_slab_shrinker(const Environment& environment, unsigned pause_ms);

}  // namespace zlt::ctl
