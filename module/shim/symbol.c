// SPDX-License-Identifier: GPL-2.0-only
/* Kernel symbols by name. */
#include <linux/cpufeature.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#ifdef CONFIG_X86_KERNEL_IBT
#include <asm/ibt.h>
#endif

#include "symbol.h"
#include "zlt_shim.h"

/*
 * Where a function starts with ENDBR, sealed or not, kprobes move past it
 * (arch_adjust_kprobe_addr() in arch/x86/kernel/kprobes/core.c, since 5.18); a call has to start at
 * it.
 */
static int entry_of(void *probed, void **entry)
{
#ifdef CONFIG_X86_KERNEL_IBT
	u32 before = *((u32 *)probed - 1);

	if (before == gen_endbr_poison() && cpu_feature_enabled(X86_FEATURE_IBT))
		return -EOPNOTSUPP;
	if (is_endbr(before))
		probed = (u32 *)probed - 1;
#endif
	*entry = probed;
	return 0;
}

int zlt_find_function(const char *name, void **entry)
{
	struct kprobe probe = { .symbol_name = name };
	int error = register_kprobe(&probe);

	if (error)
		return error;
	error = entry_of(probe.addr, entry);
	unregister_kprobe(&probe);
	return error;
}

int zlt_symbol_address(const char *name, unsigned long *address)
{
	struct kprobe probe = { .symbol_name = name, .flags = KPROBE_FLAG_DISABLED };
	int error = register_kprobe(&probe);

	if (!error)
		unregister_kprobe(&probe);
	/* The name is looked up before the address is found fit or unfit to be probed. */
	if (!probe.addr)
		return error;
	*address = (unsigned long)probe.addr;
	return 0;
}

void zlt_symbol_location(unsigned long address, char *text, size_t size)
{
	scnprintf(text, size, "%pS", (void *)address);
}
