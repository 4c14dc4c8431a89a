// SPDX-License-Identifier: GPL-2.0-only
/* kprobes at given addresses, and what a probe's handler may ask. */
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "zlt_shim.h"

static_assert(sizeof(struct kprobe) <= sizeof_field(struct zlt_probe, opaque));
static_assert(offsetof(struct zlt_probe, opaque) == 0);
static_assert(sizeof_field(struct zlt_task, comm) == TASK_COMM_LEN);

static inline struct kprobe *kprobe(struct zlt_probe *probe)
{
	return (struct kprobe *)probe->opaque;
}

#if defined(CONFIG_KPROBES) && defined(CONFIG_X86_64)

static int zlt_probe_hit(struct kprobe *kp, struct pt_regs *regs)
{
	struct zlt_probe *probe = container_of((void *)kp, struct zlt_probe, opaque);
	const struct zlt_hit hit = {
		.task = current,
		.argument = regs_get_kernel_argument(regs, 0),
		.irqs_off = !(regs->flags & X86_EFLAGS_IF),
		.zero = regs->flags & X86_EFLAGS_ZF,
	};

	probe->function(probe->argument, &hit);
	return 0;
}

int zlt_probe_register(struct zlt_probe *probe, unsigned long address,
		       void (*function)(void *, const struct zlt_hit *), void *argument)
{
	probe->function = function;
	probe->argument = argument;
	*kprobe(probe) = (struct kprobe){
		.addr = (kprobe_opcode_t *)address,
		.pre_handler = zlt_probe_hit,
	};
	return register_kprobe(kprobe(probe));
}

unsigned long zlt_probe_missed(const struct zlt_probe *probe)
{
	return ((const struct kprobe *)probe->opaque)->nmissed;
}

#else

int zlt_probe_register(struct zlt_probe *probe, unsigned long address,
		       void (*function)(void *, const struct zlt_hit *), void *argument)
{
	return -EOPNOTSUPP;
}

unsigned long zlt_probe_missed(const struct zlt_probe *probe)
{
	return 0;
}

#endif

void zlt_probes_unregister(struct zlt_probe *const *probes, size_t count)
{
	/* a struct zlt_probe starts with its struct kprobe */
	unregister_kprobes((struct kprobe **)probes, (int)count);
}

unsigned long zlt_probe_target(void)
{
	return (unsigned long)jiffies_to_msecs;
}

void zlt_probe_target_call(void)
{
	unsigned int msecs = jiffies_to_msecs(jiffies);

	/* else the call may be left out */
	barrier_data(&msecs);
}

int zlt_kernel_read(void *to, unsigned long from, size_t size)
{
	return copy_from_kernel_nofault(to, (const void *)from, size);
}

void zlt_task_describe(struct zlt_task *task)
{
	task->pid = current->pid;
	/* get_task_comm() takes a lock; a comm that changes meanwhile stays terminated */
	memcpy(task->comm, current->comm, sizeof(task->comm));
	task->comm[sizeof(task->comm) - 1] = '\0';
}

uint64_t zlt_clock_ns(void)
{
	return sched_clock();
}
