// SPDX-License-Identifier: GPL-2.0-only
/* Read sections, and what runs when all of them are over. */
#include <linux/completion.h>
#include <linux/rcupdate.h>

#include "zlt_shim.h"

struct callback {
	struct rcu_head head;
	struct completion done;
	void (*function)(void *argument);
	void *argument;
};

void zlt_rcu_read_lock(void)
{
	rcu_read_lock();
}

void zlt_rcu_read_unlock(void)
{
	rcu_read_unlock();
}

static void zlt_rcu_call(struct rcu_head *head)
{
	struct callback *callback = container_of(head, struct callback, head);

	callback->function(callback->argument);
	complete(&callback->done);
}

/* As wait_rcu_gp() has it: on the stack, which outlives the callback. */
void zlt_rcu_callback(void (*function)(void *), void *argument)
{
	struct callback callback = { .function = function, .argument = argument };

	init_rcu_head_on_stack(&callback.head);
	init_completion(&callback.done);
	call_rcu(&callback.head, zlt_rcu_call);
	wait_for_completion(&callback.done);
	destroy_rcu_head_on_stack(&callback.head);
}
