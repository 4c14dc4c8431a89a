/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ZLT_SYMBOL_H
#define ZLT_SYMBOL_H

/*
 * The entry of a kernel function that is not exported, through a kprobe registered by name and
 * removed again. 0, or the error of register_kprobe(); -EOPNOTSUPP as well where the CPU enforces
 * IBT and the function, because nothing takes its address, was sealed at boot: an indirect call to
 * it would trap.
 */
int zlt_find_function(const char *name, void **entry);

#endif
