/* SPDX-License-Identifier: GPL-2.0-only */
/* The same read section, counters and histogram in plain C. */
#include "module/tests/bench_reader.h"

enum counter {
  COUNT_TURNS,
  COUNT_MET_ODD,
  COUNT_MET_MASKED,
  COUNT_MISSED,
  COUNT_READS,
  COUNT_RETRIES,
  COUNT_SPINS,
  COUNT_BLOCKED,
  COUNT_GAVE_UP,
  COUNT_ALLOCS,
  COUNT_ALLOCS_FAILED,
  COUNT_ALLOCS_SKIPPED,
  COUNT_CONSOLE_WRITES,
  COUNTERS,
};

#define BUCKETS 64

struct histogram {
  uint64_t counts[BUCKETS];
};

struct run {
  const struct zlt_kernel* kernel;
  uint64_t counters[COUNTERS];
  struct histogram reader_wait;
};

struct bench_reading {
  struct run* run;
  const struct zlt_seqlock* seq;
};

static inline void count(struct run* run, enum counter counter) {
  __atomic_fetch_add(&run->counters[counter], 1, __ATOMIC_RELAXED);
}

static inline void histogram_add(struct histogram* histogram, uint64_t ns) {
  size_t bucket = ns ? (size_t)(63 - __builtin_clzll(ns)) : 0;

  __atomic_fetch_add(&histogram->counts[bucket], 1, __ATOMIC_RELAXED);
}

static bool read_section(const struct bench_reading* reading, uint64_t since_ns) {
  struct run* run = reading->run;
  unsigned int start = zlt_read_seqbegin(reading->seq);
  bool may_allocate;

  histogram_add(&run->reader_wait, zlt_now_ns() - since_ns);
  may_allocate = !(run->kernel->rt && zlt_in_hardirq());
  for (;;) {
    if (may_allocate) {
      void* memory = zlt_alloc_atomic(64);

      count(run, COUNT_ALLOCS);
      if (!memory) count(run, COUNT_ALLOCS_FAILED);
      zlt_free(memory);
    } else {
      count(run, COUNT_ALLOCS_SKIPPED);
    }
    if (!zlt_read_seqretry(reading->seq, start)) break;
    count(run, COUNT_RETRIES);
    start = zlt_read_seqbegin(reading->seq);
  }
  count(run, COUNT_READS);
  return true;
}

const struct bench_reading* bench_prepare(const struct zlt_kernel* kernel) {
  static struct zlt_class cls = {.name = "bench"};
  static struct zlt_seqlock seq;
  static struct run run;
  static const struct bench_reading reading = {&run, &seq};

  zlt_seqlock_init(&seq, &cls);
  run.kernel = kernel;
  return &reading;
}

bool bench_read_section(const struct bench_reading* reading, uint64_t since_ns) {
  return read_section(reading, since_ns);
}

struct bench_counts bench_counted(const struct bench_reading* reading) {
  const struct run* run = reading->run;
  struct bench_counts counts = {
      .reads = run->counters[COUNT_READS],
      .retries = run->counters[COUNT_RETRIES],
      .allocs = run->counters[COUNT_ALLOCS],
      .allocs_failed = run->counters[COUNT_ALLOCS_FAILED],
      .allocs_skipped = run->counters[COUNT_ALLOCS_SKIPPED],
  };
  int i;

  for (i = 0; i < BUCKETS; i++) counts.waits += run->reader_wait.counts[i];
  return counts;
}
