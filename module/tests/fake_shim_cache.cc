// SPDX-License-Identifier: GPL-2.0-only
//
// Slab caches of the fake kernel are plain memory. An allocation that may sleep checks whether it may do so here:
// one with GFP_KERNEL does, and on RT every one does, because the lock of the CPU's slab sleeps there.
#include <cstdlib>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

using zlt::FakeKernel;

struct zlt_cache {
  size_t size;
  std::atomic<int> taken{0};
};

extern "C" {

int zlt_cache_create(zlt_cache** cache, const char*, size_t size) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().cache_error != 0) return kernel.config().cache_error;
  *cache = new zlt_cache{size, {}};
  ++kernel.caches();
  return 0;
}

void zlt_cache_destroy(zlt_cache* cache) {
  FakeKernel& kernel = FakeKernel::current();
  if (cache->taken != 0) kernel.violation("a slab cache is destroyed with objects taken");
  if (!zlt::fake::preemptible()) kernel.violation("a slab cache is destroyed in atomic context");
  delete cache;
  --kernel.caches();
}

void* zlt_cache_alloc(zlt_cache* cache, zlt_gfp gfp) {
  FakeKernel& kernel = FakeKernel::current();
  const bool asks = gfp == ZLT_GFP_KERNEL ? !zlt::fake::may_sleep() : kernel.config().rt && !zlt::fake::preemptible();
  if (asks) kernel.splat(zlt::abi::Outcome::kSplatSleepingAtomic);
  if (kernel.config().alloc_fails && (gfp != ZLT_GFP_KERNEL || !zlt::fake::preemptible())) return nullptr;
  ++cache->taken;
  return std::malloc(cache->size);
}

void zlt_cache_shrink(zlt_cache*) {
  if (!zlt::fake::may_sleep()) FakeKernel::current().violation("a slab cache is shrunk in atomic context");
}

void zlt_cache_free(zlt_cache* cache, void* object) {
  --cache->taken;
  std::free(object);
}
}
