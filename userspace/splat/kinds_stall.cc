// SPDX-License-Identifier: GPL-2.0-only
//
// Something does not come back: kernel/watchdog.c, kernel/rcu/tree_stall.h, tree_exp.h, tasks.h, kernel/hung_task.c,
// kernel/workqueue.c, kernel/smp.c.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kRipTraceSteps{Step::kRip, Step::kTrace, Step::kStack};
constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
// What the NMI itself put on the stack, where no registers say what it met.
constexpr std::array<Skip, 8> kLockupSkip{
    "^watchdog_",  "perf_event_overflow", "pmu_handle_irq", "perf_event_nmi_handler",
    "^nmi_handle", "^default_do_nmi",     "^do_nmi",        "end_repeat_nmi"};
constexpr Blame kLockup{kRipTraceSteps, kTraceSteps, kLockupSkip, Pick::kStall};

constexpr std::array kRcuSteps{Step::kTimer, Step::kRip, Step::kStack};
constexpr std::array kRcuOtherSteps{Step::kTimerArch, Step::kStack};
constexpr std::array<Skip, 2> kRcuSkip{"apic_timer_interrupt", "rcu"};
constexpr Blame kRcu{kRcuSteps, kRcuOtherSteps, kRcuSkip, Pick::kStall};

constexpr Blame kHung{kTraceSteps, {}, {}, Pick::kHung};
constexpr std::array<Skip, 1> kScheduleSkip{"schedule"};
constexpr Blame kCannotDie{kTraceSteps, {}, kScheduleSkip};

// Whose work the stalled pool was busy with: in the dump of its workers' stacks, "Workqueue: NAME FUNC".
std::string lockup_title(const Kind& /*kind*/, const Subject& subject) {
  std::string_view function;
  for (const std::string_view line : subject.lines) {
    if (!after(line, "Workqueue: ", function)) continue;
    const size_t space = function.find(' ');
    function = space == std::string_view::npos ? std::string_view{} : function.substr(space + 1);
    break;
  }
  return with_function("BUG: workqueue lockup", function.substr(0, function.find_first_of(" .")));
}

constexpr Where kAny = Where::kAnywhere;
constexpr Ending kTr = Ending::kTrace;

constexpr std::array<Kind, 20> kKinds{{
    {"soft-lockup", "stall", "BUG: soft lockup", "", kAny, kTr, "BUG: soft lockup in {f}", "", &kLockup},
    {"hard-lockup", "stall", "Watchdog detected hard LOCKUP on cpu", "", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "self-detected hard LOCKUP", "", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "detected Hard LOCKUP other CPUs", "", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "detected hard LOCKUP on other CPUs", "", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "CPU ", " Hard LOCKUP", Where::kStart, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "Watchdog CPU:", " Hard LOCKUP", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"hard-lockup", "stall", "NMI Watchdog detected LOCKUP", "", kAny, kTr, "hard LOCKUP in {f}", "", &kLockup},
    {"rcu-expedited-stall", "stall", "INFO: rcu_", " detected expedited stall", kAny, kTr,
     "INFO: rcu detected stall in {f}", "", &kRcu},
    {"rcu-stall", "stall", "INFO: rcu_", "detected stall", kAny, kTr, "INFO: rcu detected stall in {f}", "", &kRcu},
    {"rcu-stall", "stall", "INFO: RCU detected CPU ", " stall", kAny, kTr, "INFO: rcu detected stall in {f}", "",
     &kRcu},
    {"rcu-stall", "stall", "INFO: detected stalls on CPUs/tasks", "", kAny, kTr, "INFO: rcu detected stall in {f}", "",
     &kRcu},
    {"hung-task", "stall", "INFO: task ", " blocked for more than ", kAny, kTr, "INFO: task hung in {f}", "", &kHung},
    {"hung-task", "stall", "INFO: task ", " blocked in I/O wait for more than ", kAny, kTr, "INFO: task hung in {f}",
     "", &kHung},
    {"task-cannot-die", "stall", "INFO: task ", " can't die for more than ", kAny, kTr, "INFO: task can't die in {f}",
     "", &kCannotDie},
    {"workqueue-lockup", "stall", "BUG: workqueue lockup", "", kAny, Ending::kBlock, "", "", nullptr, lockup_title},
    {"csd-lockup", "stall", "csd: Detected non-responsive CSD lock", "", kAny, kTr, "csd lock stall in {f}", "",
     &kBlameRipTrace},
    {"csd-lockup", "stall", "smp: csd: Detected non-responsive CSD lock", "", kAny, kTr, "csd lock stall in {f}", "",
     &kBlameRipTrace},
    {"rcu-stall", "stall", "INFO: rcu", " detected stalls on ", kAny, kTr, "INFO: rcu detected stall in {f}", "",
     &kRcu},
    {"netdev-refcount", "other", "unregister_netdevice: waiting for ", " to become free", kAny, Ending::kBlock,
     "unregister_netdevice: waiting for DEV to become free", ""},
}};

}  // namespace

std::span<const Kind> stall_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
