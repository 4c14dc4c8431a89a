// SPDX-License-Identifier: GPL-2.0-only
//
// One read section as the page allocator has it (mm/page_alloc.c, zonelist_iter_begin … check_retry_zonelist): begin,
// allocate, and start again if a writer came between. A reader's Patience says what it does while the sequence is odd:
// Faithful and Bounded make the two forms of a case.
#pragma once

#include "module/core/lock.h"
#include "module/core/meeting/rendezvous.h"

namespace zlt {

// What a reader works on.
struct Reading {
  Run& run;
  const SeqLock& seq;
  // Set while the writer is known to wait for this reader, so that no amount of patience helps. nullptr: from the
  // start, as for a reader that interrupts its writer.
  const Atomic<bool>* writer_waits;
};

// How long a reader goes on whose writer waits for it: long enough to count its spins.
inline constexpr uint64_t kHopelessNs = 20'000'000;
// How long, and for how many spins, a reader goes on whose writer should come back by itself. The writer's virtual CPU
// may not run for a while; the spins count because a host that starves one virtual CPU starves the other as well. (A
// guest at a twentieth of a CPU was seen to take 2 s.)
inline constexpr uint64_t kHopefulNs = 2'000'000'000;
inline constexpr uint64_t kHopefulSpins = 1'000'000;

// The kernel's own read_seqbegin(): spins until the sequence is even, or blocks on the writer's lock on RT.
struct Faithful {
  static bool begin(const Reading& reading, unsigned int& start) {
    start = reading.seq.read_begin();
    return true;
  }
};

// Tells lockdep what read_seqbegin() tells it, then looks at the raw sequence, and gives up when waiting is hopeless.
// Where the kernel's reader would block on the writer's lock, which lends it priority, it does that.
struct Bounded {
  static bool begin(const Reading& reading, unsigned int& start) {
    if (reading.run.kernel().rt && zlt_preemptible()) {
      if (reading.seq.odd()) reading.run.count(kBlocked);
      return Faithful::begin(reading, start);
    }
    reading.seq.note_read();
    start = reading.seq.peek();
    return (start & 1) == 0 || spin(reading, start);
  }

 private:
  static bool spin(const Reading& reading, unsigned int& start);
};

// False: gave up, or the run is being stopped. `since_ns`: from when on the reader has been waiting.
template <typename Patience>
bool read_section(const Reading& reading, uint64_t since_ns) {
  Run& run = reading.run;  // stays in a register across the calls
  unsigned int start = 0;
  if (!Patience::begin(reading, start)) return false;
  run.measure(kReaderWait, zlt_now_ns() - since_ns);
  // RT forbids any allocation in hard interrupt context (Documentation/core-api/real-time/differences.rst): that hazard
  // has a case of its own.
  const bool may_allocate = !(run.kernel().rt && zlt_in_hardirq());
  for (;;) {
    if (may_allocate) {
      void* memory = zlt_alloc_atomic(64);
      run.count(kAllocs);
      if (memory == nullptr) run.count(kAllocsFailed);
      zlt_free(memory);
    } else {
      run.count(kAllocsSkipped);
    }
    if (!reading.seq.read_retry(start)) break;
    run.count(kRetries);
    if (!Patience::begin(reading, start)) return false;
  }
  run.count(kReads);
  return true;
}

// The verdict on a reader in hard interrupt context that finds the writer it interrupted inside its section. Without RT
// read_seqbegin() spins for ever. On RT it takes the writer's lock, which the interrupted task itself holds:
// task_blocks_on_rt_mutex() returns -EDEADLK, rtlock_slowlock_locked() (v6.12) drops that and has no owner to spin on,
// so it calls schedule_rtlock() at once, out of the middle of the interrupt: the CPU goes on, the writer never does.
inline Verdict expect_interrupted_writer(const Case&, const Kernel& kernel, Form form) {
  Verdict out = Outcome::kLivelock;
  if (kernel.rt && form == Form::kFaithful) {
    out = Outcome::kDeadlock | Outcome::kSplatSchedulingAtomic;
    if (kernel.atomic_sleep) out |= Outcome::kSplatSleepingAtomic;  // rt_spin_lock() asks first
  }
  if (kernel.lockdep) out |= Outcome::kSplatInconsistentState;
  return out;
}

// The reader's half of a meeting.
template <typename Patience>
void visit(const Reading& reading, Meeting& meeting) {
  const uint64_t arrived_ns = zlt_now_ns();
  meeting.arrive(reading.seq.odd());
  read_section<Patience>(reading, meeting.by() == Meeting::By::kInterrupt ? meeting.due_ns() : arrived_ns);
  meeting.leave();
}

}  // namespace zlt
