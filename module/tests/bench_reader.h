/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One read section, in C++ through core/ and in plain C, over the same shim, for counting instructions. Two programs:
 * each has one of the two, and bench_main.c.
 */
#ifndef ZLT_BENCH_READER_H
#define ZLT_BENCH_READER_H

#include "module/shim/zlt_shim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the stub shim answers. */
struct bench_answers {
  bool rt;
  bool hardirq;
  bool memory;          /* an allocation succeeds */
  unsigned int writers; /* how often a writer comes between, in each section */
};
extern struct bench_answers bench_answers;

struct bench_reading; /* all that a read section works on */

/* Once. */
const struct bench_reading* bench_prepare(const struct zlt_kernel* kernel);
/* flatten: the section is inlined here in both languages, and no jump is counted that only this has */
bool bench_read_section(const struct bench_reading* reading, uint64_t since_ns) __attribute__((flatten));
/* What was counted, so that both can be seen to have done the same work. */
struct bench_counts {
  uint64_t reads, retries, allocs, allocs_failed, allocs_skipped, waits;
};
struct bench_counts bench_counted(const struct bench_reading* reading);

#ifdef __cplusplus
}
#endif

#endif
