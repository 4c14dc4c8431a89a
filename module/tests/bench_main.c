/* SPDX-License-Identifier: GPL-2.0-only */
/* PROGRAM SITUATION COUNT: so many read sections in one situation; prints what was counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module/tests/bench_reader.h"

static const struct situation {
  const char* name;
  struct bench_answers answers;
} situations[] = {
    {"quiet", {.memory = true}},
    {"retry", {.memory = true, .writers = 1}},
    {"no-memory", {.memory = false}},
    {"rt-hardirq", {.rt = true, .hardirq = true}},
};

int main(int argc, char** argv) {
  static struct zlt_kernel kernel;
  const struct bench_reading* reading;
  struct bench_counts counts;
  unsigned long i, count;
  size_t at;

  if (argc == 1) {
    for (at = 0; at < sizeof(situations) / sizeof(situations[0]); at++) puts(situations[at].name);
    return 0;
  }
  for (at = 0; at < sizeof(situations) / sizeof(situations[0]); at++) {
    if (!strcmp(situations[at].name, argv[1])) break;
  }
  if (argc != 3 || at == sizeof(situations) / sizeof(situations[0])) return 2;
  bench_answers = situations[at].answers;
  kernel.rt = bench_answers.rt;
  count = strtoul(argv[2], NULL, 10);
  reading = bench_prepare(&kernel);
  for (i = 0; i < count; i++) {
    if (!bench_read_section(reading, 0)) return 2;
  }
  counts = bench_counted(reading);
  printf("reads=%llu retries=%llu allocs=%llu allocs_failed=%llu allocs_skipped=%llu waits=%llu\n",
         (unsigned long long)counts.reads, (unsigned long long)counts.retries, (unsigned long long)counts.allocs,
         (unsigned long long)counts.allocs_failed, (unsigned long long)counts.allocs_skipped,
         (unsigned long long)counts.waits);
  return 0;
}
