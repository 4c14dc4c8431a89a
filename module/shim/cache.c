// SPDX-License-Identifier: GPL-2.0-only
/* Slab caches of the module's own. */
#include <linux/gfp.h>
#include <linux/slab.h>

#include "zlt_shim.h"

static const gfp_t gfps[] = {
	[ZLT_GFP_KERNEL] = GFP_KERNEL,
	[ZLT_GFP_ATOMIC] = GFP_ATOMIC,
	[ZLT_GFP_NOWAIT] = GFP_NOWAIT,
};

static inline struct kmem_cache *kmem_cache(struct zlt_cache *cache)
{
	return (struct kmem_cache *)cache;
}

/* A cache with a constructor is not merged (slab_unmergeable() in mm/slab_common.c). */
static void zlt_cache_construct(void *object)
{
}

int zlt_cache_create(struct zlt_cache **cache, const char *name, size_t size)
{
	struct kmem_cache *created =
		kmem_cache_create(name, (unsigned int)size, 0, 0, zlt_cache_construct);

	if (!created)
		return -ENOMEM;
	*cache = (struct zlt_cache *)created;
	return 0;
}

void zlt_cache_destroy(struct zlt_cache *cache)
{
	kmem_cache_destroy(kmem_cache(cache));
}

void zlt_cache_shrink(struct zlt_cache *cache)
{
	kmem_cache_shrink(kmem_cache(cache));
}

void *zlt_cache_alloc(struct zlt_cache *cache, enum zlt_gfp gfp)
{
	return kmem_cache_alloc(kmem_cache(cache), gfps[gfp] | __GFP_NOWARN);
}

void zlt_cache_free(struct zlt_cache *cache, void *object)
{
	kmem_cache_free(kmem_cache(cache), object);
}
