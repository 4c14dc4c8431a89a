// SPDX-License-Identifier: GPL-2.0-only
/* The module's ends and its parameters. */
#include <linux/module.h>

#include "zlt_shim.h"

enum zlt_param_index {
#define ZLT_PARAM(name, enumerator, min, max, fallback, unit, help) ZLT_PARAM_##name,
#include "module/abi/params.def"
#undef ZLT_PARAM
};

static int zlt_param_set(const char *text, const struct kernel_param *param)
{
	return zlt_core_param_set((unsigned int)(uintptr_t)param->arg, text);
}

static int zlt_param_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(
		buffer, "%llu\n",
		(unsigned long long)zlt_core_param_get((unsigned int)(uintptr_t)param->arg));
}

static const struct kernel_param_ops zlt_param_ops = {
	.set = zlt_param_set,
	.get = zlt_param_get,
};

/* The defaults that `run` starts from; a run's own words override them. */
#define ZLT_PARAM(name, enumerator, min, max, fallback, unit, help)                                \
	module_param_cb(name, &zlt_param_ops, (void *)(uintptr_t)ZLT_PARAM_##name, 0600);          \
	__MODULE_PARM_TYPE(name, "ullong");                                                        \
	MODULE_PARM_DESC(name, help " (" #min " to " #max ", default " #fallback ")");
#include "module/abi/params.def"
#undef ZLT_PARAM

static int __init zlt_module_init(void)
{
	return zlt_core_init();
}
module_init(zlt_module_init);

static void __exit zlt_module_exit(void)
{
	zlt_core_exit();
}
module_exit(zlt_module_exit);

MODULE_DESCRIPTION("Torture for the locking protocol around zonelist_update_seq");
MODULE_LICENSE("GPL");
