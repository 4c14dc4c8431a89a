// SPDX-License-Identifier: GPL-2.0-only
/* printk() on request, its deferral, and a registered console. */
#include <linux/console.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "symbol.h"
#include "zlt_shim.h"

static void (*deferred_enter)(void);
static void (*deferred_exit)(void);

void zlt_printk_crit(const char *message)
{
	printk(KERN_CRIT "zltorture: %s\n", message);
}

int zlt_printk_deferred_find(void)
{
	/* printk_deferred_enter() got its own functions with the printk rework of 6.7 */
	const bool own = LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0);
	int error = zlt_find_function(own ? "__printk_deferred_enter" : "__printk_safe_enter",
				      (void **)&deferred_enter);

	return error
		       ?: zlt_find_function(own ? "__printk_deferred_exit" : "__printk_safe_exit",
					    (void **)&deferred_exit);
}

void zlt_printk_deferred_enter(void)
{
	deferred_enter();
}

void zlt_printk_deferred_exit(void)
{
	deferred_exit();
}

struct zlt_console {
	struct console console;
	void (*write)(void *argument);
	void *argument;
};

static void zlt_console_write(struct console *console, const char *text, unsigned int length)
{
	struct zlt_console *self = container_of(console, struct zlt_console, console);

	self->write(self->argument);
}

int zlt_console_register(struct zlt_console **console, const char *name, void (*write)(void *),
			 void *argument)
{
	struct zlt_console *created = kzalloc(sizeof(*created), GFP_KERNEL);

	if (!created)
		return -ENOMEM;
	created->write = write;
	created->argument = argument;
	strscpy(created->console.name, name, sizeof(created->console.name));
	created->console.write = zlt_console_write;
	/* Enabled without being on the command line, as netconsole is; no replay of the old log. */
	created->console.flags = CON_ENABLED;

	register_console(&created->console);
	if (!(created->console.flags & CON_ENABLED)) {
		kfree(created);
		return -EBUSY;
	}
	*console = created;
	return 0;
}

void zlt_console_unregister(struct zlt_console *console)
{
	unregister_console(&console->console);
	kfree(console);
}

void zlt_console_settle(void)
{
	console_lock();
	console_unlock();
}
