// SPDX-License-Identifier: GPL-2.0-only
/* The running kernel, the log, time, context and memory. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/utsname.h>
#include <linux/version.h>

#include "zlt_shim.h"

static_assert(ZLT_VERSION(6, 1) == KERNEL_VERSION(6, 1, 0));

void zlt_kernel_describe(struct zlt_kernel *kernel)
{
	*kernel = (struct zlt_kernel){
		.release = init_utsname()->release,
		.version = LINUX_VERSION_CODE,
		.rt = IS_ENABLED(CONFIG_PREEMPT_RT),
		.lockdep = IS_ENABLED(CONFIG_PROVE_LOCKING),
		.raw_nesting = IS_ENABLED(CONFIG_PROVE_RAW_LOCK_NESTING),
		.trylock_tells = IS_ENABLED(CONFIG_SMP) || IS_ENABLED(CONFIG_DEBUG_SPINLOCK) ||
				 IS_ENABLED(CONFIG_PREEMPT_RT),
		.atomic_sleep = IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP),
		.smp = IS_ENABLED(CONFIG_SMP),
		.kprobes = IS_ENABLED(CONFIG_KPROBES),
		.hot_remove = IS_ENABLED(CONFIG_MEMORY_HOTREMOVE),
		.printk_deferral = zlt_printk_deferred_find(),
	};
}

void zlt_log(enum zlt_level level, const char *format, ...)
{
	static const char *const levels[] = { KERN_ERR, KERN_WARNING, KERN_INFO };
	struct va_format vaf;
	va_list args;

	va_start(args, format);
	vaf.fmt = format;
	vaf.va = &args;
	printk("%szltorture: %pV\n", levels[level], &vaf);
	va_end(args);
}

int zlt_format(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int written;

	va_start(args, format);
	written = vscnprintf(buffer, size, format, args);
	va_end(args);
	return written;
}

uint64_t zlt_now_ns(void)
{
	return ktime_get_ns();
}

void zlt_relax(void)
{
	cpu_relax();
}

void zlt_sleep_us(unsigned int us)
{
	usleep_range(us, us + us / 4 + 1);
}

bool zlt_irqs_disabled(void)
{
	return irqs_disabled();
}

bool zlt_in_hardirq(void)
{
	return in_hardirq();
}

bool zlt_preemptible(void)
{
	return preemptible();
}

unsigned int zlt_cpu(void)
{
	return raw_smp_processor_id();
}

uint64_t zlt_context(void)
{
	/* A breakpoint counts as an NMI, and an NMI as a hard interrupt. */
	unsigned int nmis = nmi_count() >> NMI_SHIFT;
	unsigned int hardirqs = hardirq_count() >> HARDIRQ_SHIFT;

	return (uint64_t)(uintptr_t)current | (hardirqs > nmis ? 2 : 0) |
	       (in_serving_softirq() ? 1 : 0);
}

bool zlt_cpu_online(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu);
}

unsigned int zlt_cpus_online(void)
{
	return num_online_cpus();
}

uint64_t zlt_random(void)
{
	return get_random_u64();
}

bool zlt_highres_timers(void)
{
	return hrtimer_resolution == 1;
}

void *zlt_alloc_atomic(size_t size)
{
	return kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
}

void zlt_free(void *memory)
{
	kfree(memory);
}
