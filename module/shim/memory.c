// SPDX-License-Identifier: GPL-2.0-only
/* What the memory management tells: somebody needs pages, memory comes and goes. */
#include <linux/memory.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/shrinker.h>
#include <linux/swap.h>
#include <linux/version.h>

#include "zlt_shim.h"

static_assert(sizeof(struct shrinker) <= sizeof_field(struct zlt_lender, shrinker));
static_assert(sizeof(struct notifier_block) <= sizeof_field(struct zlt_lender, oom));
static_assert(sizeof(struct notifier_block) <= sizeof_field(struct zlt_memory_notifier, opaque));

/* Of this many at once at most, half in one pass of reclaim: seeks is 0. */
#define LENDER_MOST  1024UL
#define LENDER_BATCH 256

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static inline struct zlt_lender *lender_of(struct shrinker *shrinker)
{
	return shrinker->private_data;
}
#else
static inline struct zlt_lender *lender_of(struct shrinker *shrinker)
{
	return container_of((void *)shrinker, struct zlt_lender, shrinker);
}
#endif

static unsigned long zlt_lender_count(struct shrinker *shrinker, struct shrink_control *control)
{
	struct zlt_lender *lender = lender_of(shrinker);

	return current_is_kswapd() ? 0 : min(lender->held(lender->argument), LENDER_MOST);
}

static unsigned long zlt_lender_scan(struct shrinker *shrinker, struct shrink_control *control)
{
	struct zlt_lender *lender = lender_of(shrinker);
	size_t given = lender->give(lender->argument, control->nr_to_scan);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	mm_account_reclaimed_pages(given);
#else
	if (current->reclaim_state)
		current->reclaim_state->reclaimed_slab += given;
#endif
	return given;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static int zlt_shrinker_register(struct zlt_lender *lender)
{
	struct shrinker *shrinker = shrinker_alloc(0, "zltorture");

	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = zlt_lender_count;
	shrinker->scan_objects = zlt_lender_scan;
	shrinker->seeks = 0;
	shrinker->batch = LENDER_BATCH;
	shrinker->private_data = lender;
	*(struct shrinker **)lender->shrinker = shrinker;
	shrinker_register(shrinker);
	return 0;
}

static void zlt_shrinker_unregister(struct zlt_lender *lender)
{
	shrinker_free(*(struct shrinker **)lender->shrinker);
}
#else
static int zlt_shrinker_register(struct zlt_lender *lender)
{
	struct shrinker *shrinker = (struct shrinker *)lender->shrinker;

	*shrinker = (struct shrinker){
		.count_objects = zlt_lender_count,
		.scan_objects = zlt_lender_scan,
		.batch = LENDER_BATCH,
	};
	return register_shrinker(shrinker, "zltorture");
}

static void zlt_shrinker_unregister(struct zlt_lender *lender)
{
	unregister_shrinker((struct shrinker *)lender->shrinker);
}
#endif

static int zlt_oom_notify(struct notifier_block *block, unsigned long unused, void *freed)
{
	struct zlt_lender *lender = container_of((void *)block, struct zlt_lender, oom);

	*(unsigned long *)freed += lender->give(lender->argument, SIZE_MAX);
	return NOTIFY_OK;
}

int zlt_lender_register(struct zlt_lender *lender)
{
	struct notifier_block *oom = (struct notifier_block *)lender->oom;
	int error = zlt_shrinker_register(lender);

	if (error)
		return error;
	*oom = (struct notifier_block){ .notifier_call = zlt_oom_notify };
	error = register_oom_notifier(oom);
	if (error)
		zlt_shrinker_unregister(lender);
	return error;
}

void zlt_lender_unregister(struct zlt_lender *lender)
{
	unregister_oom_notifier((struct notifier_block *)lender->oom);
	zlt_shrinker_unregister(lender);
}

static int zlt_memory_notify(struct notifier_block *block, unsigned long action, void *unused)
{
	struct zlt_memory_notifier *watch =
		container_of((void *)block, struct zlt_memory_notifier, opaque);

	watch->function(watch->argument, action == MEM_GOING_ONLINE || action == MEM_GOING_OFFLINE);
	return NOTIFY_OK;
}

int zlt_memory_notifier_register(struct zlt_memory_notifier *watch)
{
	struct notifier_block *block = (struct notifier_block *)watch->opaque;

	*block = (struct notifier_block){ .notifier_call = zlt_memory_notify };
	return register_memory_notifier(block);
}

void zlt_memory_notifier_unregister(struct zlt_memory_notifier *watch)
{
	unregister_memory_notifier((struct notifier_block *)watch->opaque);
}
