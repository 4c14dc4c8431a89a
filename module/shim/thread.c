// SPDX-License-Identifier: GPL-2.0-only
/* Kernel threads that end by themselves and are joined. */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "zlt_shim.h"

struct zlt_thread {
	struct task_struct *task;
	struct completion started;
	void (*function)(void *argument);
	void *argument;
};

static int zlt_thread_main(void *data)
{
	struct zlt_thread *thread = data;

	complete(&thread->started);
	thread->function(thread->argument);
	return 0;
}

int zlt_thread_start(struct zlt_thread **thread, const char *name, unsigned int cpu,
		     void (*function)(void *), void *argument)
{
	struct zlt_thread *created = kzalloc(sizeof(*created), GFP_KERNEL);
	struct task_struct *task;

	if (!created)
		return -ENOMEM;
	created->function = function;
	created->argument = argument;
	init_completion(&created->started);

	task = kthread_create(zlt_thread_main, created, "zlt/%s", name);
	if (IS_ERR(task)) {
		kfree(created);
		return PTR_ERR(task);
	}
	kthread_bind(task, cpu);
	/* kthread_stop() in join touches the task after it may have ended by itself. */
	created->task = get_task_struct(task);
	wake_up_process(task);
	/* A thread that is stopped before its first run never calls its function. */
	wait_for_completion(&created->started);
	*thread = created;
	return 0;
}

void zlt_thread_join(struct zlt_thread *thread)
{
	kthread_stop(thread->task);
	put_task_struct(thread->task);
	kfree(thread);
}
