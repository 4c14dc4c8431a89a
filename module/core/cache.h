// SPDX-License-Identifier: GPL-2.0-only
//
// A slab cache of a case's own, so that nobody else takes from it or holds its locks.
#pragma once

#include "module/core/run.h"

namespace zlt {

class Cache {
 public:
  // `name`: in static storage, as /proc/slabinfo shows it.
  Cache(Run& run, const char* name, size_t size) {
    const int error = zlt_cache_create(&cache_, name, size);
    if (error != 0) run.fail("cannot create a slab cache", error);
  }
  ~Cache() {
    free(kept_);
    if (cache_ != nullptr) zlt_cache_destroy(cache_);
  }
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  [[nodiscard]] explicit operator bool() const { return cache_ != nullptr; }
  [[nodiscard]] void* alloc(zlt_gfp gfp) { return zlt_cache_alloc(cache_, gfp); }
  void free(void* object) {
    if (object != nullptr) zlt_cache_free(cache_, object);
  }
  // Leaves this CPU a slab with a free object: the next allocation here goes no further than that slab, unless somebody
  // shrinks the cache meanwhile. Task context, on one CPU. False: there is no memory.
  [[nodiscard]] bool prime() {
    void* object = alloc(ZLT_GFP_KERNEL);
    free(object);
    return object != nullptr;
  }

  // The opposite: no CPU has a slab of it, and the node has one with room. The next allocation takes the locks of the
  // slow path, and no page. Task context. False: there is no memory.
  [[nodiscard]] bool drain() {
    if (kept_ == nullptr) kept_ = alloc(ZLT_GFP_KERNEL);
    zlt_cache_shrink(cache_);
    return kept_ != nullptr;
  }

 private:
  zlt_cache* cache_ = nullptr;
  void* kept_ = nullptr;  // keeps its slab from being freed
};

}  // namespace zlt
