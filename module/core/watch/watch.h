// SPDX-License-Identifier: GPL-2.0-only
//
// Watches the running kernel's own __build_all_zonelists() through kprobes on a few of its instructions, and names
// the order in which it masks interrupts, takes the seqlock and defers printk. It needs neither the kernel's source
// nor lockdep.
//
// A rebuild that is watched costs about three hits of a probe. While nothing is rebuilt, and while it is off,
// watching costs nothing.
#pragma once

#include "module/core/atomic.h"
#include "module/core/lock.h"
#include "module/core/text.h"
#include "module/core/watch/ordering.h"
#include "module/core/watch/probes.h"
#include "module/core/watch/published.h"
#include "module/core/watch/writer_code.h"

namespace zlt {

// One call of __build_all_zonelists().
struct Rebuild {
  uint64_t odd_from_ns;  // zlt_clock_ns(); see kOddFrom
  uint64_t odd_to_ns;    // see kOddTo
  Evidence seen;
  Ordering ordering;
  uint32_t cpu;        // that took the lock
  uint32_t zonelists;  // nodes online, which is what "Built %u zonelists" prints afterwards
  int32_t pid;
  char comm[16];
};

class Watch {
 public:
  enum class State : uint8_t { kOff, kOn, kUnsupported };
  static constexpr size_t kKept = 64;

  struct Totals {
    uint64_t rebuilds;    // seen whole
    uint64_t incomplete;  // seen in part: a probe was missed, or `on` came in the middle
    uint64_t by_ordering[abi::kOrderings];
    uint64_t odd_ns;
    uint64_t odd_ns_min;  // 0 when there is none
    uint64_t odd_ns_max;
  };

  constexpr Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() = default;

  // Once, before anything else.
  void init();

  // Forgets what was seen, and starts. Returns 0 as well when it is on already; otherwise an error, and `reason=` says
  // why.
  [[nodiscard]] int on();
  // Returns once no probe is left; what was seen stays.
  void off();

  [[nodiscard]] bool is_on();
  // For whoever counts rebuilds while something else goes on. Any context.
  [[nodiscard]] uint64_t rebuilds() const { return rebuilds_.load(); }
  void show(zlt_out* out);

 private:
  struct Spot {
    Watch* watch;
    uint8_t roles;
    bool first;  // begins a rebuild
  };

  void forget();
  [[nodiscard]] int read_code();
  [[nodiscard]] int plant();
  int refuse(int error);  // logs the reason

  static void hit(void* spot, const zlt_hit* hit);
  void begin(const zlt_hit& hit);
  void deferred();
  void locking(const zlt_hit& hit);
  void finish();
  void publish();

  [[nodiscard]] Totals read_totals() const;
  [[nodiscard]] Totals totals() const;
  [[nodiscard]] Ordering ordering(const Totals& totals) const;
  void show_code(zlt_out* out);
  void show_rebuilds(zlt_out* out, uint64_t end) const;

  Mutex mutex_;  // of on(), off(), show(); handlers take no lock
  State state_ = State::kOff;
  FunctionCode::Reason reason_;

  // What was read from the kernel's code, once: later its bytes may have planted probes among them.
  bool code_read_ = false;
  const zlt_seqlock* seqlock_ = nullptr;
  uint64_t address_ = 0;
  WriterMap map_;

  ProbeSet<WriterMap::kPlaces> probes_;
  Spot spots_[WriterMap::kPlaces] = {};

  // The rebuild that goes on. There is one at most, because rebuilds exclude each other (mem_hotplug_lock); owner_
  // turns the handlers of any other task away.
  Atomic<const void*> owner_{nullptr};
  Rebuild current_ = {};

  // Written by the handler that finishes a rebuild: finishing_ before all others, rebuilds_ after them.
  Atomic<uint64_t> finishing_{0};
  Atomic<uint64_t> rebuilds_{0};
  Atomic<uint64_t> incomplete_{0};
  Atomic<uint64_t> by_ordering_[abi::kOrderings] = {};
  Atomic<uint64_t> odd_ns_{0};
  Atomic<uint64_t> odd_ns_min_{0};
  Atomic<uint64_t> odd_ns_max_{0};
  Published<Rebuild> kept_[kKept + 1];  // one is being written
};

// The module has one, because there is one __build_all_zonelists() to watch.
extern Watch kernel_watch;

}  // namespace zlt
