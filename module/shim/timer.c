// SPDX-License-Identifier: GPL-2.0-only
/* One-shot hrtimers, expired in hard interrupt context or in softirq context (on RT: in a thread).
 */
#include <linux/hrtimer.h>
#include <linux/version.h>

#include "zlt_shim.h"

static_assert(sizeof(struct hrtimer) <= sizeof_field(struct zlt_timer, opaque));

static inline struct hrtimer *hrtimer(struct zlt_timer *timer)
{
	return (struct hrtimer *)timer->opaque;
}

/*
 * Without RT a plain hrtimer expires in hard interrupt context as well. Lockdep then lets it take a
 * spinlock_t, as any driver's timer may that RT would move into a thread; of one that asked to be
 * hard it says "invalid wait context", whatever RT is: lockdep_hrtimer_enter() in
 * include/linux/irqflags.h and task_wait_context() in kernel/locking/lockdep.c, v6.12. So a reader
 * that allocates may find the slab allocator's fast path or not.
 */
#ifdef CONFIG_PREEMPT_RT
#define HARDIRQ_MODE HRTIMER_MODE_ABS_PINNED_HARD
#else
#define HARDIRQ_MODE HRTIMER_MODE_ABS_PINNED
#endif

static inline enum hrtimer_mode hrtimer_mode(enum zlt_timer_mode mode)
{
	static const enum hrtimer_mode modes[] = {
		[ZLT_TIMER_HARD] = HARDIRQ_MODE,
		[ZLT_TIMER_SOFT] = HRTIMER_MODE_ABS_PINNED_SOFT,
	};

	return modes[mode];
}

static enum hrtimer_restart zlt_timer_expire(struct hrtimer *hrtimer)
{
	struct zlt_timer *timer = container_of((void *)hrtimer, struct zlt_timer, opaque);

	timer->function(timer->argument);
	return HRTIMER_NORESTART;
}

void zlt_timer_init(struct zlt_timer *timer, enum zlt_timer_mode mode, void (*function)(void *),
		    void *argument)
{
	timer->function = function;
	timer->argument = argument;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup_on_stack(hrtimer(timer), zlt_timer_expire, CLOCK_MONOTONIC,
			       hrtimer_mode(mode));
#else
	hrtimer_init_on_stack(hrtimer(timer), CLOCK_MONOTONIC, hrtimer_mode(mode));
	hrtimer(timer)->function = zlt_timer_expire;
#endif
}

void zlt_timer_start(struct zlt_timer *timer, enum zlt_timer_mode mode, uint64_t at_ns)
{
	hrtimer_start(hrtimer(timer), ns_to_ktime(at_ns), hrtimer_mode(mode));
}

void zlt_timer_destroy(struct zlt_timer *timer)
{
	hrtimer_cancel(hrtimer(timer));
	destroy_hrtimer_on_stack(hrtimer(timer));
}
