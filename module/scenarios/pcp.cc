// SPDX-License-Identifier: GPL-2.0-only
//
// pcp: a CPU's list of free pages under a spinlock, as struct per_cpu_pages has it since v6.0. The pages are real: a
// turn takes some from the page allocator, puts them on the list, and a drain gives them back.
//
// Source: the thread "mm/page_alloc: Protect PCP lists with a spinlock" of April 2022, which asks what may hold that
// lock where, and what an interrupt does that finds it held.
// - irq-off-then-lock. Hazard: a drain that masks interrupts by local_irq_save() and then takes the lock. On PREEMPT_RT
//   the lock sleeps, and interrupts are off for real. Splat, there with CONFIG_DEBUG_ATOMIC_SLEEP: "sleeping function
//   called from invalid context"; without that check nothing shows, because the lock is free. Cure: lock-irqsave.
// - trylock-irq-reentry. The list's owner holds the lock with interrupts on, as rmqueue_pcplist() does (v6.12), and an
//   interrupt wants a page: its spin_trylock() has to fail, and it goes past the list to the zone. Hazard: on a kernel
//   for one CPU without CONFIG_DEBUG_SPINLOCK a spinlock has no state, spin_trylock() always succeeds
//   (include/linux/spinlock_up.h), and both are on the list at once: corruption. The kernel's own code masks interrupts
//   there (pcp_trylock_prepare() in mm/page_alloc.c); this case does not. RT has a state in any case; there a softirq's
//   thread comes instead of the interrupt, which may not allocate.
// - remote-drain. Another CPU empties the list at any time. Each page is on the list or handed out, exactly once.
//
// The cases have no faithful form, because nothing in them waits for what does not come.
#include "module/core/context.h"
#include "module/core/worker.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace pcp {
namespace {

constinit zlt_class pcp_class = {"zlt_pcp", {}};

constexpr Counter kRefilled = kTurns.next("refilled");    // pages put on the list, from the page allocator
constexpr Counter kDrained = kRefilled.next("drained");   // pages given back to it, from the list
constexpr Counter kBypassed = kDrained.next("bypassed");  // allocations that found the lock held and went past the list
constexpr Counter kCounters[] = {kRefilled, kDrained, kBypassed};
constexpr size_t kBatch = 16;
constexpr size_t kHigh = 4 * kBatch;  // beyond that the owner drains as well
constexpr uint64_t kComesWithinNs = 5'000'000'000;

class PageList {
 public:
  explicit PageList(Run& run) : run_(run), lock_(pcp_class) { zlt_pages_init(&pages_); }
  PageList(const PageList&) = delete;
  PageList& operator=(const PageList&) = delete;
  // What is left goes back, and what was counted has to be there.
  ~PageList() {
    const size_t left = zlt_pages_give(&pages_, kEverything);
    run_.count(kDrained, left);
    if (left != count_) run_.corrupt("the list does not have as many pages as were put on it and not taken from it");
  }

  SpinLock& lock() { return lock_; }

  // Takes a batch from the page allocator. Task context, the lock free.
  void refill() {
    zlt_pages fresh;
    zlt_pages_init(&fresh);
    size_t got = 0;
    while (got < kBatch && zlt_pages_take(&fresh, ZLT_NODE_NEAR, ZLT_ZONE_NORMAL, ZLT_PAGE_ATOMIC) >= 0) ++got;
    if (got == 0) return run_.fail("no memory to fill the list with");
    {
      const auto held = lock_.lock_irqsave();
      count_ += zlt_pages_move(&pages_, &fresh, got);
    }
    run_.count(kRefilled, got);
    zlt_pages_give(&fresh, kEverything);  // what did not go on the list: nothing, or conservation will say so
  }

  // The lock is held.
  void take(zlt_pages& to, size_t count) { count_ -= zlt_pages_move(&to, &pages_, count); }
  void put(zlt_pages& from, size_t count) { count_ += zlt_pages_move(&pages_, &from, count); }
  [[nodiscard]] bool long_enough() const { return count_ > kHigh; }

  // Any context that may free pages; the lock is free.
  void give_back(zlt_pages& drained) { run_.count(kDrained, zlt_pages_give(&drained, kEverything)); }

  static constexpr size_t kEverything = ~size_t{0};

 private:
  Run& run_;
  SpinLock lock_;
  zlt_pages pages_ = {};
  size_t count_ = 0;
};

void conclude(Run& run) {
  run.conclude("%llu pages put on the list and drained", static_cast<unsigned long long>(run.counted(kDrained)));
}

// ---- a drain by the owner ----

struct IrqOffThenLock {
  explicit IrqOffThenLock(SpinLock& lock) : masked(irqs_off()), held(lock.lock()) {}
  Guard<way::IrqsOff> masked;
  Guard<way::Plain<backend::Spin>> held;
};

struct LockIrqsave {
  explicit LockIrqsave(SpinLock& lock) : held(lock.lock_irqsave()) {}
  Guard<way::Irqsave<backend::Spin>> held;
};

template <typename Held>
void drain_all(PageList& list) {
  zlt_pages drained;
  zlt_pages_init(&drained);
  {
    const Held held(list.lock());
    list.take(drained, PageList::kEverything);
  }
  list.give_back(drained);
}

template <typename Held>
void drain(Run& run) {
  {
    PageList list(run);
    Turn turn;
    while (run.next(turn)) {
      list.refill();
      drain_all<Held>(list);
    }
  }
  conclude(run);
}

Verdict expect_sleeping_lock(const Case&, const Kernel& kernel, Form) {
  return kernel.rt && kernel.atomic_sleep ? Verdict(Outcome::kSplatSleepingAtomic) : kClean;
}

// ---- an interrupt while the owner holds the lock ----

class Interrupt {
 public:
  Interrupt(Run& run, PageList& list)
      : run_(run), list_(list), mode_(run.kernel().rt ? ZLT_TIMER_SOFT : ZLT_TIMER_HARD) {
    zlt_timer_init(&timer_, mode_, expired, this);
  }
  ~Interrupt() { zlt_timer_destroy(&timer_); }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Has it come on this CPU, and returns when it is through.
  void arrange(uint64_t in_ns) {
    came_.store(false);
    const uint64_t limit_ns = zlt_now_ns() + kComesWithinNs;
    zlt_timer_start(&timer_, mode_, zlt_now_ns() + in_ns);
    while (!came_.load()) {
      if (zlt_now_ns() > limit_ns) return run_.fail("the interrupt did not come");
      zlt_relax();
    }
  }

 private:
  static void expired(void* argument) {
    auto& self = *static_cast<Interrupt*>(argument);
    self.allocate();
    self.came_.store(true);
  }

  void allocate() {
    if (const auto held = list_.lock().try_lock()) {
      return run_.corrupt("an interrupt got the lock of the list, which the code below it holds");
    }
    zlt_pages page;
    zlt_pages_init(&page);
    zlt_pages_take(&page, ZLT_NODE_NEAR, ZLT_ZONE_NORMAL, ZLT_PAGE_ATOMIC);
    zlt_pages_give(&page, 1);
    run_.count(kBypassed);
  }

  Run& run_;
  PageList& list_;
  zlt_timer_mode mode_;
  Atomic<bool> came_{false};
  zlt_timer timer_ = {};
};

void trylock_reentry(Run& run) {
  {
    PageList list(run);
    Interrupt interrupt(run, list);
    zlt_pages page;
    zlt_pages_init(&page);
    Turn turn;
    while (run.next(turn)) {
      list.refill();
      {
        const auto held = list.lock().lock();
        list.take(page, 1);
        interrupt.arrange(turn.lead_ns);
        list.put(page, 1);
      }
      drain_all<LockIrqsave>(list);
    }
  }
  conclude(run);
}

Verdict expect_lock_without_state(const Case&, const Kernel& kernel, Form) {
  return kernel.trylock_tells ? kClean : Verdict(Outcome::kCorruption);
}

// ---- another CPU's drain ----

class Drainer {
 public:
  Drainer(Run& run, PageList& list)
      : list_(list), worker_(run, "drainer", run.reader_cpu(), main, this, "cannot start the draining thread") {}
  Drainer(const Drainer&) = delete;
  Drainer& operator=(const Drainer&) = delete;
  ~Drainer() = default;

 private:
  static void main(void* self) { static_cast<Drainer*>(self)->serve(); }
  void serve() {
    while (!worker_.quitting()) {
      drain_all<LockIrqsave>(list_);
      zlt_sleep_us(20);
    }
  }

  PageList& list_;
  Worker worker_;
};

void remote_drain(Run& run) {
  {
    PageList list(run);
    const Drainer drainer(run, list);
    Turn turn;
    while (run.next(turn)) {
      list.refill();
      zlt_pages handed_out;
      zlt_pages_init(&handed_out);
      {
        const auto held = list.lock().lock_irqsave();
        list.take(handed_out, kBatch / 2);
      }
      bool drains = false;
      {
        const auto held = list.lock().lock_irqsave();
        list.put(handed_out, PageList::kEverything);
        drains = list.long_enough();
      }
      if (drains) drain_all<LockIrqsave>(list);
    }
  }
  conclude(run);
}

// ---- what the numbers come to ----

const char* unsound_pages(const Run& run) {
  return run.counted(kRefilled) == run.counted(kDrained) ? nullptr : "pages were lost, or came twice";
}

const char* unsound_reentry(const Run& run) {
  if (run.counted(kBypassed) != run.counted(kTurns)) return "not every turn's interrupt went past the list";
  return unsound_pages(run);
}

constexpr Case kCases[] = {
    {.id = "pcp/irq-off-then-lock",
     .hazard = "sleeping-lock-under-irqs-off",
     .summary = "local_irq_save, then the lock of a list of pages, to drain it",
     .needs = kNothing,
     .measures = measures(kCounters),
     .bounded = drain<IrqOffThenLock>,
     .faithful = nullptr,
     .expect = expect_sleeping_lock,
     .unsound = unsound_pages},
    {.id = "pcp/lock-irqsave",
     .hazard = "-",
     .summary = "the same with spin_lock_irqsave",
     .needs = kNothing,
     .measures = measures(kCounters),
     .bounded = drain<LockIrqsave>,
     .faithful = nullptr,
     .expect = expect_clean,
     .unsound = unsound_pages},
    {.id = "pcp/trylock-irq-reentry",
     .hazard = "lock-without-state-on-up",
     .summary = "an interrupt tries the lock of a list of pages that is held with interrupts on",
     .needs = kNothing,
     .measures = measures(kCounters),
     .bounded = trylock_reentry,
     .faithful = nullptr,
     .expect = expect_lock_without_state,
     .unsound = unsound_reentry},
    {.id = "pcp/remote-drain",
     .hazard = "-",
     .summary = "another CPU drains a list of pages again and again",
     .needs = kTwoCpus,
     .measures = measures(kCounters),
     .bounded = remote_drain,
     .faithful = nullptr,
     .expect = expect_clean,
     .unsound = unsound_pages},
};

}  // namespace
}  // namespace pcp

constexpr Scenario kPcp = scenario(pcp::kCases);

}  // namespace zlt
