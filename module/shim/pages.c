// SPDX-License-Identifier: GPL-2.0-only
/* Nodes, zones and pages. */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/vmstat.h>

#include "zlt_shim.h"

static_assert(sizeof(struct list_head) <= sizeof(struct zlt_pages));

static const struct {
	int index; /* in pg_data_t; -1: this kernel has no such zone */
	gfp_t gfp;
} zone_types[] = {
#ifdef CONFIG_ZONE_DMA
	[ZLT_ZONE_DMA] = { ZONE_DMA, __GFP_DMA },
#else
	[ZLT_ZONE_DMA] = { -1, 0 },
#endif
#ifdef CONFIG_ZONE_DMA32
	[ZLT_ZONE_DMA32] = { ZONE_DMA32, __GFP_DMA32 },
#else
	[ZLT_ZONE_DMA32] = { -1, 0 },
#endif
	[ZLT_ZONE_NORMAL] = { ZONE_NORMAL, 0 },
};

static const gfp_t page_modes[] = {
	[ZLT_PAGE_PATIENT] = __GFP_THISNODE | __GFP_NOWARN,
	[ZLT_PAGE_ATOMIC] = GFP_ATOMIC | __GFP_NOWARN,
	[ZLT_PAGE_ATOMIC_NODE] = GFP_ATOMIC | __GFP_THISNODE | __GFP_NOWARN,
};

static inline struct list_head *list(struct zlt_pages *pages)
{
	return (struct list_head *)pages->opaque;
}

unsigned int zlt_nodes_online(void)
{
	return nr_online_nodes;
}

int zlt_zone_describe(int node, enum zlt_zone_type type, struct zlt_zone *zone)
{
	struct zone *z;

	*zone = (struct zlt_zone){};
	if (node < 0 || node >= MAX_NUMNODES || !node_online(node))
		return -ENODEV;
	if (zone_types[type].index < 0)
		return 0;
	z = &NODE_DATA(node)->node_zones[zone_types[type].index];
	zone->managed = zone_managed_pages(z);
	zone->free = zone_page_state(z, NR_FREE_PAGES);
	zone->min = min_wmark_pages(z);
	return 0;
}

void zlt_pages_init(struct zlt_pages *pages)
{
	INIT_LIST_HEAD(list(pages));
}

int zlt_pages_take(struct zlt_pages *pages, int node, enum zlt_zone_type type,
		   enum zlt_page_mode mode)
{
	struct page *page = alloc_pages_node(node, page_modes[mode] | zone_types[type].gfp, 0);

	if (!page)
		return -ENOMEM;
	list_add(&page->lru, list(pages));
	return page_to_nid(page);
}

size_t zlt_pages_move(struct zlt_pages *to, struct zlt_pages *from, size_t count)
{
	size_t moved = 0;

	while (moved < count && !list_empty(list(from))) {
		list_move(list(from)->next, list(to));
		moved++;
	}
	return moved;
}

size_t zlt_pages_give(struct zlt_pages *pages, size_t count)
{
	size_t given = 0;

	while (given < count && !list_empty(list(pages))) {
		struct page *page = list_first_entry(list(pages), struct page, lru);

		list_del(&page->lru);
		__free_page(page);
		given++;
	}
	return given;
}
