// SPDX-License-Identifier: GPL-2.0-only
//
// hotplug/readers, hotplug/feeder: the readers' half of memory hot-plug. They allocate with GFP_ATOMIC while the memory
// of a node is held down to its reserve, so that each of them enters the allocator's slow path and reads
// zonelist_update_seq there; whoever plugs memory meanwhile, from the host, makes the kernel write it:
// __build_all_zonelists(). The readers are timers and threads on two CPUs; the feeder is a thread that holds the lock
// of a console's port meanwhile, as in printk_inside.cc, and the line that the console waits with is the kernel's own:
// build_zonelists() prints "Fallback order for Node" inside the section.
//
// Hazard: none on a kernel whose writer is in order; on others the hazards of the cases in this folder, in the real
// allocator: a hang, or a splat under the writer. Nobody else's: when memory is plugged, and what it implies for the
// number of rebuilds, are the host's. Without any plugging they end after `loops` turns like any other case; a turn has
// every reader come once.
#include "module/core/port.h"
#include "module/core/pressure/pressure.h"
#include "module/core/pressure/station.h"
#include "module/core/watch/watch.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace hotplug_readers {
namespace {

using abi::Param;

constexpr uint64_t kPagesPerMb = 256;
constexpr uint64_t kVisitLimitNs = 60'000'000'000;  // a kernel that checks everything, short of memory, on a busy host
constexpr zlt_zone_type kZoneTypes[] = {ZLT_ZONE_DMA, ZLT_ZONE_DMA32,
                                        ZLT_ZONE_NORMAL};  // each falls back to those before

constexpr Effort kFeederEffort = {64, 16};  // with interrupts off: short

constinit SlowPath slow_path;  // too big for a stack
constinit zlt_class port_class = {"zlt_hotplug_port", {}};

// The lowest zone of a node, or the one that falls back to all others. Few pages are in the lowest, ZONE_DMA, and
// nobody misses them: the gentlest way to have an allocation find nothing above the reserve. On a kernel without
// CONFIG_ZONE_DMA it is most of the memory, and what the readers take, the kernel may miss: alloc_low_pages() in
// arch/x86/mm/init.c (6.12) gets the page tables for new memory with GFP_ATOMIC, its callers do not look whether it got
// any, and phys_pmd_init() has been seen to follow the null pointer.
bool choose_zone(Run& run, int node, zlt_zone_type& zone) {
  const bool whole_node = run.settings().get(Param::kWholeNode) != 0;
  bool found = false;
  for (const zlt_zone_type type : kZoneTypes) {
    zlt_zone seen = {};
    if (zlt_zone_describe(node, type, &seen) != 0 || seen.managed == 0) continue;
    if (!found || whole_node) zone = type;
    found = true;
  }
  if (!found) run.fail(Outcome::kUnsupported, "pressure_node has no memory that the kernel allocates from");
  return found;
}

// The rebuilds while it lives. Turns `watch` on for that long, unless somebody has.
class CountedRebuilds {
 public:
  explicit CountedRebuilds(Run& run) : run_(run), was_on_(kernel_watch.is_on()), known_(kernel_watch.on() == 0) {
    before_ = kernel_watch.rebuilds();
  }
  ~CountedRebuilds() {
    if (known_) run_.count(Counter::kRebuilds, kernel_watch.rebuilds() - before_);
    if (!was_on_) kernel_watch.off();
  }
  CountedRebuilds(const CountedRebuilds&) = delete;
  CountedRebuilds& operator=(const CountedRebuilds&) = delete;

  [[nodiscard]] bool known() const { return known_; }

 private:
  Run& run_;
  bool was_on_;
  bool known_;
  uint64_t before_ = 0;
};

// Tells whether memory is on its way.
class MemoryNotifier {
 public:
  explicit MemoryNotifier(Run& run) : raw_{.opaque = {}, .function = changed, .argument = this} {
    const int error = zlt_memory_notifier_register(&raw_);
    registered_ = error == 0;
    if (error != 0) run.fail(Outcome::kInfra, "cannot register a memory notifier", error);
  }
  ~MemoryNotifier() {
    if (registered_) zlt_memory_notifier_unregister(&raw_);
  }
  MemoryNotifier(const MemoryNotifier&) = delete;
  MemoryNotifier& operator=(const MemoryNotifier&) = delete;

  [[nodiscard]] const Atomic<bool>& moves() const { return moves_; }

 private:
  static void changed(void* self, bool moving) { static_cast<MemoryNotifier*>(self)->moves_.store(moving); }

  zlt_memory_notifier raw_;
  Atomic<bool> moves_{false};
  bool registered_ = false;
};

// Timers and threads, on the writer's CPU and on the reader's.
class BothStations {
 public:
  explicit BothStations(const ReaderSetup& setup)
      : here_(setup, 0, static_cast<unsigned int>(setup.run.settings().get(Param::kWriterCpu))),
        there_(setup, 1, static_cast<unsigned int>(setup.run.settings().get(Param::kReaderCpu))) {}
  [[nodiscard]] uint64_t visits() const { return here_.visits() < there_.visits() ? here_.visits() : there_.visits(); }

 private:
  Station here_;
  Station there_;
};

// A thread that allocates under the lock of a port, which has a console.
class Feeder {
 public:
  explicit Feeder(const ReaderSetup& setup)
      : setup_(setup), port_(setup.run, port_class), console_(setup.run, port_), reader_(setup, 0, visits_) {
    const auto cpu = static_cast<unsigned int>(setup.run.settings().get(Param::kReaderCpu));
    const int error = zlt_thread_start(&thread_, "feeder", cpu, serve, this);
    if (error != 0) setup.run.fail(Outcome::kInfra, "cannot start the feeder's thread", error);
  }
  ~Feeder() {
    quit_.store(true);
    if (thread_ != nullptr) zlt_thread_join(thread_);
  }
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;
  [[nodiscard]] uint64_t visits() const { return visits_.load(); }

 private:
  static void serve(void* argument) {
    auto& self = *static_cast<Feeder*>(argument);
    while (!self.quit_.load() && !self.setup_.run.stopping()) {
      {
        const auto held = self.port_.lock_irqsave();
        self.reader_.visit(kFeederEffort);
      }
      zlt_sleep_us(20);
    }
  }

  const ReaderSetup& setup_;
  Port port_;
  PortConsole console_;
  Atomic<uint64_t> visits_{0};
  AtomicReader reader_;
  Atomic<bool> quit_{false};
  zlt_thread* thread_ = nullptr;
};

template <typename Readers>
void await_visits(Run& run, const Readers& readers, uint64_t visits) {
  const uint64_t limit_ns = zlt_now_ns() + kVisitLimitNs;
  while (readers.visits() < visits && !run.stopping()) {
    if (zlt_now_ns() > limit_ns) return run.fail(Outcome::kInfra, "a reader does not come");
    zlt_sleep_us(200);
  }
}

void conclude(Run& run, bool rebuilds_known) {
  const auto get = [&run](Counter counter) { return static_cast<unsigned long long>(run.counters().get(counter)); };
  if (get(Counter::kSlowPath) == 0 && !run.stopping()) {
    return run.fail(Outcome::kInfra, "no reader entered the slow path: nothing was tested");
  }
  run.conclude("%llu of %llu allocations took the slow path", get(Counter::kSlowPath), get(Counter::kAllocs));
  if (!slow_path.sees_retries()) run.conclude("; retries unknown");
  if (!rebuilds_known) run.conclude("; rebuilds unknown");
  if (slow_path.missed() > 0) run.conclude("; %llu hits missed", static_cast<unsigned long long>(slow_path.missed()));
}

template <typename Readers>
void press_and_read(Run& run, int node, zlt_zone_type zone) {
  Pressure pressure(run, node, zone, run.settings().get(Param::kHoldMb) * kPagesPerMb);
  pressure.balance();
  if (pressure.exhausted()) return run.fail(Outcome::kUnsupported, "more memory is free than hold_mb");

  const MemoryNotifier memory(run);
  const ReaderSetup setup = {run, slow_path, node, zone, run.settings().get(Param::kPeriodUs) * 1000, memory.moves()};
  const Readers readers(setup);
  Turn turn;
  while (run.next_alone(turn)) {
    await_visits(run, readers, turn.number + 1);
    pressure.balance();
  }
}

template <typename Readers>
void under_pressure(Run& run) {
  const auto node = static_cast<int>(run.settings().get(Param::kPressureNode));
  zlt_zone_type zone = ZLT_ZONE_NORMAL;
  if (!choose_zone(run, node, zone)) return;

  const CountedRebuilds rebuilds(run);
  FunctionCode::Reason reason;
  if (slow_path.watch(run, reason) == 0) {
    press_and_read<Readers>(run, node, zone);
  } else {
    run.fail(Outcome::kUnsupported, reason.c_str());
  }
  slow_path.unwatch();
  conclude(run, rebuilds.known());
}

constexpr Case kCases[] = {
    {.id = "hotplug/readers",
     .hazard = "-",
     .summary = "GFP_ATOMIC readers in the allocator's slow path, while the host plugs memory",
     .needs = kZonelistReaders,
     .bounded = under_pressure<BothStations>,
     .faithful = under_pressure<BothStations>,
     .expect = expect_clean},
    {.id = "hotplug/feeder",
     .hazard = "-",
     .summary = "the same by a thread that holds the lock of a console's port",
     .needs = kZonelistReaders | kTwoCpus,
     .bounded = under_pressure<Feeder>,
     .faithful = under_pressure<Feeder>,
     .expect = expect_clean},
};

}  // namespace
}  // namespace hotplug_readers

constexpr Scenario kHotplugReaders = scenario(hotplug_readers::kCases);

}  // namespace zlt
