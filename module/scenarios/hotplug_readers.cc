// SPDX-License-Identifier: GPL-2.0-only
//
// hotplug/readers and hotplug/feeder: the readers' half of memory hot-plug. They allocate with GFP_ATOMIC while the
// memory of a node is held down to its reserve, so that each of them enters the allocator's slow path and reads
// zonelist_update_seq there. The host plugs memory meanwhile, which makes the kernel write the sequence in
// __build_all_zonelists(). The readers are timers and threads on two CPUs. The feeder is a thread that allocates
// under the lock of a console's port, as in printk_inside.cc; the line that the console waits with is the kernel's
// own: build_zonelists() prints "Fallback order for Node" inside the section.
//
// Hazard: there is none on a kernel whose writer is in order. On others these cases run into the hazards of the
// other cases in this folder, in the real allocator: the machine hangs, or the writer gets a splat. The host decides
// when memory is plugged, and judges how many rebuilds that implies. Without any plugging the cases end after
// `loops` turns like any other; in a turn every reader comes once.
#include "module/core/pressure/counted_rebuilds.h"
#include "module/core/pressure/feeder.h"
#include "module/core/pressure/memory_notifier.h"
#include "module/core/pressure/pressure.h"
#include "module/core/pressure/zone_choice.h"
#include "module/scenarios/list.h"

namespace zlt {
namespace hotplug_readers {
namespace {

using abi::Param;

constexpr uint64_t kPagesPerMb = 256;
constexpr uint64_t kVisitLimitNs = 60'000'000'000;  // a kernel that checks everything, short of memory, on a busy host

constinit SlowPath slow_path;  // too big for a stack
constinit zlt_class port_class = {"zlt_hotplug_port", {}};

// Timers and threads, on the writer's CPU and on the reader's.
class BothStations {
 public:
  explicit BothStations(const ReaderSetup& setup)
      : here_(setup, 0, setup.run.writer_cpu()), there_(setup, 1, setup.run.reader_cpu()) {}
  [[nodiscard]] uint64_t visits() const { return here_.visits() < there_.visits() ? here_.visits() : there_.visits(); }

 private:
  Station here_;
  Station there_;
};

struct PortFeeder : Feeder {
  explicit PortFeeder(const ReaderSetup& setup) : Feeder(setup, port_class) {}
};

template <typename Readers>
void await_visits(Run& run, const Readers& readers, uint64_t visits) {
  const uint64_t limit_ns = zlt_now_ns() + kVisitLimitNs;
  while (readers.visits() < visits && !run.stopping()) {
    if (zlt_now_ns() > limit_ns) return run.fail("a reader does not come");
    zlt_sleep_us(200);
  }
}

void conclude(Run& run, bool rebuilds_known) {
  const auto get = [&run](Counter counter) { return static_cast<unsigned long long>(run.counted(counter)); };
  if (get(pressed::kSlowPath) == 0 && !run.stopping()) {
    return run.fail("no reader entered the slow path: nothing was tested");
  }
  run.conclude("%llu of %llu allocations took the slow path", get(pressed::kSlowPath), get(pressed::kAllocs));
  if (!slow_path.sees_retries()) run.conclude("; retries unknown");
  if (!rebuilds_known) run.conclude("; rebuilds unknown");
  if (slow_path.missed() > 0) run.conclude("; %llu hits missed", static_cast<unsigned long long>(slow_path.missed()));
}

template <typename Readers>
void press_and_read(Run& run, int node, zlt_zone_type zone) {
  Pressure pressure(run, node, zone, run.settings().get(Param::kHoldMb) * kPagesPerMb);
  pressure.balance();
  if (pressure.exhausted()) return run.lack("more memory is free than hold_mb");

  const MemoryNotifier memory(run);
  const ReaderSetup setup = {run, slow_path, node, zone, run.settings().get(Param::kPeriodUs) * 1000, memory.moves()};
  const Readers readers(setup);
  Turn turn;
  while (run.next(turn)) {
    await_visits(run, readers, turn.number + 1);
    pressure.balance();
  }
}

template <typename Readers>
void under_pressure(Run& run) {
  const auto node = static_cast<int>(run.settings().get(Param::kPressureNode));
  zlt_zone_type zone = ZLT_ZONE_NORMAL;
  if (!choose_zone(run, zone)) return;

  const CountedRebuilds rebuilds(run, pressed::kRebuilds);
  FunctionCode::Reason reason;
  if (slow_path.begin(run, reason) == 0) {
    press_and_read<Readers>(run, node, zone);
  } else {
    run.lack(reason.c_str());
  }
  slow_path.finish();
  conclude(run, rebuilds.known());
}

const char* unsound(const Run& run) {
  const bool added_up = run.counted(pressed::kAllocsFailed) <= run.counted(pressed::kAllocs);
  return added_up ? nullptr : "more allocations failed than were made";
}

constexpr Case kCases[] = {
    {.id = "hotplug/readers",
     .hazard = "-",
     .summary = "GFP_ATOMIC readers in the allocator's slow path, while the host plugs memory",
     .needs = kZonelistReaders,
     .measures = pressed::kMeasures,
     .bounded = under_pressure<BothStations>,
     .faithful = under_pressure<BothStations>,
     .expect = expect_clean,
     .unsound = unsound},
    {.id = "hotplug/feeder",
     .hazard = "-",
     .summary = "the same by a thread that holds the lock of a console's port",
     .needs = kZonelistReaders | kTwoCpus,
     .measures = pressed::kMeasures,
     .bounded = under_pressure<PortFeeder>,
     .faithful = under_pressure<PortFeeder>,
     .expect = expect_clean,
     .unsound = unsound},
};

}  // namespace
}  // namespace hotplug_readers

constexpr Scenario kHotplugReaders = scenario(hotplug_readers::kCases);

}  // namespace zlt
