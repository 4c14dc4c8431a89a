/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of zlt_shim.h that is about memory: slab caches, nodes, zones and pages, and who is told
 * about them. Include that.
 */
#ifndef ZLT_MEMORY_H
#define ZLT_MEMORY_H

/* ---- slab caches ---- */

enum zlt_gfp { ZLT_GFP_KERNEL, ZLT_GFP_ATOMIC, ZLT_GFP_NOWAIT };

struct zlt_cache;

/* kmem_cache_create() of a cache that is merged with no other. 0 or -ENOMEM. Task context. */
int zlt_cache_create(struct zlt_cache **cache, const char *name, size_t size);
void zlt_cache_destroy(struct zlt_cache *cache); /* with all objects back; task context */
void zlt_cache_shrink(
	struct zlt_cache *cache); /* kmem_cache_shrink(): no CPU keeps a slab; task context */
/* kmem_cache_alloc(gfp | __GFP_NOWARN); NULL when there is none. */
void *zlt_cache_alloc(struct zlt_cache *cache, enum zlt_gfp gfp);
void zlt_cache_free(struct zlt_cache *cache, void *object); /* an object, not NULL */

/* ---- nodes, zones, pages ---- */

unsigned int zlt_nodes_online(void); /* nr_online_nodes */

/* The zones that kernel allocations come from, each falling back to those before it. */
enum zlt_zone_type { ZLT_ZONE_DMA, ZLT_ZONE_DMA32, ZLT_ZONE_NORMAL };

struct zlt_zone {
	uint64_t managed; /* pages; 0: no such zone on this kernel or node */
	uint64_t free;
	uint64_t min; /* the watermark below which only those may take who cannot wait */
};

/* -ENODEV: no such node, or not online. */
int zlt_zone_describe(int node, enum zlt_zone_type type, struct zlt_zone *zone);

struct zlt_pages { /* a list of single pages; whoever uses it serialises */
	unsigned long opaque[2];
};

enum zlt_page_mode {
	ZLT_PAGE_PATIENT,     /* no reclaim, nothing of the reserve, this node only; any context */
	ZLT_PAGE_ATOMIC,      /* GFP_ATOMIC, from the node's list of all nodes */
	ZLT_PAGE_ATOMIC_NODE, /* GFP_ATOMIC | __GFP_THISNODE, from the node's other list */
};

#define ZLT_NODE_NEAR (-1) /* NUMA_NO_NODE: that of the CPU */

void zlt_pages_init(struct zlt_pages *pages);
/* Adds one page. The node that it came from, or -ENOMEM. */
int zlt_pages_take(struct zlt_pages *pages, int node, enum zlt_zone_type type,
		   enum zlt_page_mode mode);
/* Moves up to `count` of them; how many it did. */
size_t zlt_pages_move(struct zlt_pages *to, struct zlt_pages *from, size_t count);
/* Frees up to `count` of them; how many it did. */
size_t zlt_pages_give(struct zlt_pages *pages, size_t count);

/*
 * A shrinker that answers direct reclaim, and not kswapd, and an OOM notifier: `give(argument,
 * count)` frees pages, in the context of whoever cannot go on without, and returns how many it
 * freed; it takes no sleeping lock. `count` is SIZE_MAX just before the OOM killer looks for a
 * victim.
 */
struct zlt_lender {
	unsigned long shrinker[24];
	unsigned long oom[4];
	size_t (*held)(void *argument); /* pages that could be freed */
	size_t (*give)(void *argument, size_t count);
	void *argument;
};
int zlt_lender_register(struct zlt_lender *lender);    /* with the last three members set */
void zlt_lender_unregister(struct zlt_lender *lender); /* waits for a call that is going on */

/* register_memory_notifier(): memory is about to change state (1), or has, or will not after all
 * (0). */
struct zlt_memory_notifier {
	unsigned long opaque[8];
	void (*function)(void *argument, bool moving);
	void *argument;
};
int zlt_memory_notifier_register(struct zlt_memory_notifier *watch);
void zlt_memory_notifier_unregister(struct zlt_memory_notifier *watch);

#endif
