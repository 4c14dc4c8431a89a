// SPDX-License-Identifier: GPL-2.0-only
//
// Something was done in a context that forbids it: kernel/sched/core.c, lib/smp_processor_id.c, kernel/workqueue.c.
#include <array>

#include "userspace/splat/kinds.h"
#include "userspace/splat/text.h"
#include "userspace/splat/title.h"

namespace zlt::splat {
namespace {

constexpr std::array kTraceSteps{Step::kTrace, Step::kStack};
constexpr std::array<Skip, 1> kScheduleSkip{"schedule"};
constexpr Blame kScheduling{kTraceSteps, {}, kScheduleSkip};
constexpr std::array<Skip, 6> kPreemptSkip{"dump_stack", "preemption", "preempt", "debug_", "processor_id", "this_cpu"};
constexpr Blame kPreempt{kTraceSteps, {}, kPreemptSkip};
constexpr std::array<Skip, 2> kAssumeSkip{"__cant_sleep", "__cant_migrate"};
constexpr Blame kAssume{kTraceSteps, {}, kAssumeSkip};

// The work function is named in a line of its own: "last function: FUNC", since 6.9 "… workfn=FUNC".
std::string leaked_title(const Kind& kind, const Subject& subject) {
  std::string_view function;
  for (const std::string_view line : subject.lines) {
    if (after(line, "last function: ", function) || after(line, " workfn=", function)) break;
  }
  size_t length = 0;
  while (length < function.size() && is_word(function[length])) ++length;
  return with_function(kind.trigger, function.substr(0, length));
}

constexpr Ending kTr = Ending::kTrace;

constexpr std::array<Kind, 8> kKinds{{
    {"sleeping-atomic", "sched", "BUG: sleeping function called from invalid context at ", "", Where::kAnywhere, kTr,
     "BUG: sleeping function called from invalid context in {f}", "", &kBlameTrace},
    {"scheduling-atomic", "sched", "BUG: scheduling while atomic", "", Where::kAnywhere, kTr,
     "BUG: scheduling while atomic in {f}", "", &kScheduling},
    {"scheduling-non-block", "sched", "BUG: scheduling in a non-blocking section", "", Where::kAnywhere, kTr,
     "BUG: scheduling in a non-blocking section in {f}", "", &kScheduling},
    {"preemptible", "sched", "BUG: using ", "() in preemptible", Where::kAnywhere, kTr,
     "BUG: using {1} in preemptible code in {f}", " in preemptible", &kPreempt},
    {"non-migratable", "sched", "BUG: assuming non migratable context at ", "", Where::kAnywhere, kTr,
     "BUG: assuming non migratable context in {f}", "", &kAssume},
    {"assumed-atomic", "sched", "BUG: assuming atomic context at ", "", Where::kAnywhere, kTr,
     "BUG: assuming atomic context in {f}", "", &kAssume},
    {"workqueue-leak", "sched", "BUG: workqueue leaked lock or atomic", "", Where::kAnywhere, kTr, "", "", &kBlameTrace,
     leaked_title},
    {"workqueue-leak", "sched", "BUG: workqueue leaked atomic, lock or RCU", "", Where::kAnywhere, kTr, "", "",
     &kBlameTrace, leaked_title},
}};

}  // namespace

std::span<const Kind> context_kinds() {
  return kKinds;
}

}  // namespace zlt::splat
