/* SPDX-License-Identifier: GPL-2.0-only */
/* A shim that does next to nothing, in an object of its own: each call is a real call. */
#include "module/tests/bench_reader.h"

struct bench_answers bench_answers;
static char memory[64];

uint64_t zlt_now_ns(void) {
  return 1000;
}

bool zlt_in_hardirq(void) {
  return bench_answers.hardirq;
}

void* zlt_alloc_atomic(size_t size) {
  return bench_answers.memory && size <= sizeof(memory) ? memory : NULL;
}

void zlt_free(void* freed) {
  (void)freed;
}

unsigned int zlt_read_seqbegin(const struct zlt_seqlock* lock) {
  (void)lock;
  return 0;
}

bool zlt_read_seqretry(const struct zlt_seqlock* lock, unsigned int start) {
  static unsigned int came;

  (void)lock;
  (void)start;
  if (came < bench_answers.writers) {
    came++;
    return true;
  }
  came = 0;
  return false;
}

void zlt_seqlock_init(struct zlt_seqlock* lock, struct zlt_class* cls) {
  (void)lock;
  (void)cls;
}
