// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/pressure/station.h"

namespace zlt {

namespace {

// A thread takes more pages than a reserve has, and then goes on trying in vain: only an allocation that fails looks
// whether a writer came between.
constexpr Effort kThreadEffort = {4096, 32};
constexpr Effort kHurriedEffort = {4096, 256};
constexpr Effort kTimerEffort = {8, 4};
constexpr uint64_t kShortestPauseNs = 100'000;
constexpr uint64_t kShare = 4;  // a timer takes a fifth of its CPU at most, however slow the kernel

}  // namespace

void AtomicReader::visit(const Effort& effort) {
  zlt_pages taken;
  zlt_pages_init(&taken);
  uint64_t got = 0;
  uint64_t failed = 0;
  {
    const SlowPath::Member member(setup_.slow_path, number_);
    while (got < effort.pages && failed < effort.failures && !setup_.run.stopping()) {
      take(taken, got + failed) ? ++got : ++failed;
      setup_.run.step();
    }
  }
  zlt_pages_give(&taken, got);
  setup_.run.count(pressed::kAllocs, got + failed);
  setup_.run.count(pressed::kAllocsFailed, failed);
  visits_.add(1);
}

// Uses both of the node's lists in turn. A page from the list of one node has to come from that node.
bool AtomicReader::take(zlt_pages& pages, uint64_t turn) {
  const bool one_node = turn % 2 == 0;
  const int from = zlt_pages_take(&pages, setup_.node, setup_.zone, one_node ? ZLT_PAGE_ATOMIC_NODE : ZLT_PAGE_ATOMIC);
  if (from >= 0 && one_node && from != setup_.node) setup_.run.corrupt("a page asked of one node came from another");
  return from >= 0;
}

TimerVisitor::TimerVisitor(const ReaderSetup& setup, size_t number, Atomic<uint64_t>& visits, zlt_timer_mode mode)
    : setup_(setup), reader_(setup, number, visits), mode_(mode) {
  zlt_timer_init(&timer_, mode, expired, this);
}

TimerVisitor::~TimerVisitor() {
  quit_.store(true);
  zlt_timer_destroy(&timer_);
}

void TimerVisitor::start_after(uint64_t least_ns) {
  uint64_t pause_ns = setup_.period_ns < least_ns ? least_ns : setup_.period_ns;
  if (pause_ns < kShortestPauseNs) pause_ns = kShortestPauseNs;
  zlt_timer_start(&timer_, mode_, zlt_now_ns() + pause_ns);
}

void TimerVisitor::expired(void* argument) {
  auto& self = *static_cast<TimerVisitor*>(argument);
  if (self.quit_.load()) return;
  const uint64_t began_ns = zlt_now_ns();
  self.reader_.visit(kTimerEffort);
  self.start_after(kShare * (zlt_now_ns() - began_ns));
}

Station::Station(const ReaderSetup& setup, size_t index, unsigned int cpu)
    : setup_(setup),
      first_number_(index * kReaders),
      worker_(setup.run, "station", cpu, main, this, "cannot start a reader's thread") {}

uint64_t Station::visits() const {
  uint64_t fewest = thread_visits_.load();
  if (soft_visits_.load() < fewest) fewest = soft_visits_.load();
  if (hard_allowed() && hard_visits_.load() < fewest) fewest = hard_visits_.load();
  return fewest;
}

// RT forbids any allocation in hard interrupt context (Documentation/core-api/real-time/differences.rst).
bool Station::hard_allowed() const {
  return !setup_.run.kernel().rt;
}

void Station::serve() {
  TimerVisitor hard(setup_, first_number_, hard_visits_, ZLT_TIMER_HARD);
  TimerVisitor soft(setup_, first_number_ + 1, soft_visits_, ZLT_TIMER_SOFT);
  AtomicReader thread(setup_, first_number_ + 2, thread_visits_);
  if (hard_allowed()) hard.start_after(0);
  soft.start_after(0);
  while (!worker_.quitting() && !setup_.run.stopping()) {
    const bool hurry = setup_.memory_moves.load();
    thread.visit(hurry ? kHurriedEffort : kThreadEffort);
    const uint64_t pause_us = hurry ? 0 : setup_.period_ns / 1000;
    zlt_sleep_us(pause_us < 20 ? 20 : static_cast<unsigned int>(pause_us));
  }
}

}  // namespace zlt
