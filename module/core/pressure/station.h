// SPDX-License-Identifier: GPL-2.0-only
//
// A station is a group of readers of the kernel's own zonelists on one CPU: a thread, a soft hrtimer, and a hard
// hrtimer where interrupt context may allocate. Each of them allocates single pages with GFP_ATOMIC from the zone or
// the node that is pressed upon, holds them for a moment, and frees them. The reading itself is done by the
// allocator, with the kernel's own primitives.
#pragma once

#include "module/core/pressure/slow_path.h"
#include "module/core/worker.h"

namespace zlt {

// What all readers of a run share.
struct ReaderSetup {
  Run& run;
  SlowPath& slow_path;
  int node;
  zlt_zone_type zone;
  uint64_t period_ns;  // from one visit of a reader to its next
  // While memory is on its way in or out, and the zonelists are about to be rebuilt, the threads make no pause.
  const Atomic<bool>& memory_moves;
};

// A visit ends after so many pages, or after so many tries that failed.
struct Effort {
  uint64_t pages;
  uint64_t failures;
};

// One reader, whatever context it reads in. visit() is called by one at a time.
class AtomicReader {
 public:
  // `number`: of a SlowPath::Member, its own. `visits`: where to count them.
  AtomicReader(const ReaderSetup& setup, size_t number, Atomic<uint64_t>& visits)
      : setup_(setup), number_(number), visits_(visits) {}
  AtomicReader(const AtomicReader&) = delete;
  AtomicReader& operator=(const AtomicReader&) = delete;
  ~AtomicReader() = default;

  // Takes pages, and gives them back. Any context that may allocate.
  void visit(const Effort& effort);

 private:
  [[nodiscard]] bool take(zlt_pages& pages, uint64_t turn);

  const ReaderSetup& setup_;
  size_t number_;
  Atomic<uint64_t>& visits_;
};

// An hrtimer that comes again and again, on the CPU that starts it.
class TimerVisitor {
 public:
  TimerVisitor(const ReaderSetup& setup, size_t number, Atomic<uint64_t>& visits, zlt_timer_mode mode);
  ~TimerVisitor();
  TimerVisitor(const TimerVisitor&) = delete;
  TimerVisitor& operator=(const TimerVisitor&) = delete;

  // Comes next after a period, or after `least_ns` when that is longer.
  void start_after(uint64_t least_ns);

 private:
  static void expired(void* self);

  const ReaderSetup& setup_;
  AtomicReader reader_;
  zlt_timer_mode mode_;
  Atomic<bool> quit_{false};
  zlt_timer timer_ = {};
};

class Station {
 public:
  static constexpr size_t kReaders = 3;

  // `index`: from 0, below SlowPath::kMembers / kReaders.
  Station(const ReaderSetup& setup, size_t index, unsigned int cpu);
  ~Station() = default;
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  // Of the reader that came least often.
  [[nodiscard]] uint64_t visits() const;

 private:
  static void main(void* self) { static_cast<Station*>(self)->serve(); }
  void serve();
  [[nodiscard]] bool hard_allowed() const;

  const ReaderSetup& setup_;
  size_t first_number_;
  Atomic<uint64_t> thread_visits_{0};
  Atomic<uint64_t> soft_visits_{0};
  Atomic<uint64_t> hard_visits_{0};
  Worker worker_;
};

}  // namespace zlt
