// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/plans/plan_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "module/abi/params.h"
#include "qemu/zlt/plans/step_line.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace {

using Kind = PlanStep::Kind;

constexpr std::uint64_t kRunId = 1;
constexpr unsigned kParallelLoops = 1000000;  // it is stopped when the steps are done

std::string text_of(const Rebuilds& rebuilds) {
  return rebuilds.empty() ? "none" : fmt::format("{} of {} zonelists", rebuilds.size(), fmt::join(rebuilds, ", "));
}

}  // namespace

PlanRun::PlanRun(Guest& guest, Conversation& talk, PlanSettings settings)
    : settings_(std::move(settings)),
      plan_(*settings_.plan),
      hands_(guest, talk, from_seconds(settings_.plan->limit_s), settings_.symbols) {}

Ended PlanRun::drive(report::CaseRecord& record) {
  Status done = begin();
  if (done && unsupported_.empty()) {
    done = run_all(plan_.steps);
  }
  if (!hands_.end()) {
    name_ordering();
  }
  conclude(record);
  if (hands_.end()) {
    return *hands_.end();
  }
  if (!done) {
    // A kernel that has complained, of an Oops in the thread that handles the plug say, owes nobody an event any more.
    record.observed = {hands_.complained() ? "mismatch" : "infra"};
    record.reason = done.error().line();
  }
  return {};
}

Status PlanRun::begin() {
  if (Status watching = hands_.start_watch(); !watching) {
    no_watch_ = watching.error().what;
  }
  const Result<Sighting> first = hands_.look();
  if (!first && !hands_.end() && first.error().kind == ErrorKind::kRefused) {
    unsupported_ = first.error().what;
    return {};
  }
  if (!first) {
    return tl::unexpected(first.error());
  }
  before_ = first->memory;
  policy_ = before_.policy;
  model_.emplace(before_);
  facts_["nodes.before"] = before_.text();
  if (policy_.empty()) {
    unsupported_ = "this kernel has no memory hot-plug";
  } else if (!settings_.topology->virtio_mem.empty() && !before_.virtio_mem) {
    unsupported_ = "this kernel has no driver virtio_mem";
  }
  return unsupported_.empty() ? check_machine() : Status();
}

Status PlanRun::check_machine() const {
  for (size_t n = 0; n < settings_.topology->nodes.size(); ++n) {
    const auto node = before_.nodes.find(static_cast<unsigned>(n));
    if (node == before_.nodes.end() || node->second.has_memory != (settings_.topology->nodes[n].memory_mib > 0)) {
      return failure(fmt::format("the kernel does not see the machine that {} describes: {}",
                                 settings_.topology->file.string(), before_.text()));
    }
  }
  if (before_.block_bytes != std::uint64_t{kBlockMib} << 20U) {
    return failure(
        fmt::format("a memory block of this kernel has {} MiB, not {}", before_.block_bytes >> 20U, kBlockMib));
  }
  return {};
}

Status PlanRun::run_all(const std::vector<PlanStep>& steps) {
  for (const PlanStep& step : steps) {
    if (Status done = run_step(step); !done) {
      return hands_.end() ? done : failure(plan_.at(step) + ": " + done.error().what, done.error().hint);
    }
    if (!mismatch_.empty()) {
      break;  // whatever comes next would be of another state than the plan thinks
    }
  }
  return {};
}

Status PlanRun::run_step(const PlanStep& step) {
  switch (step.kind) {
    case Kind::kRepeat:
      return repeat(step);
    case Kind::kParallel:
      return parallel(step);
    case Kind::kWaitFor:
      return wait_for(step);
    default:
      break;
  }
  ++steps_done_;
  settings_.on_progress(fmt::format("step {}", steps_done_));
  hands_.forget_events();
  const TimePoint begin = Clock::now();
  const Result<Rebuilds> implied = act(step);
  if (!implied) {
    return tl::unexpected(implied.error());
  }
  const Duration took = Clock::now() - begin;
  facts_["last_step"] = plan_.at(step);
  counters_["step_us"] += static_cast<std::uint64_t>(seconds(took) * 1e6);
  return settle(step, *implied, took);
}

Status PlanRun::repeat(const PlanStep& step) {
  const TimePoint begin = Clock::now();
  LeakWatch memory;
  SlabRange all = slab_;
  for (unsigned n = 0; n < step.times && mismatch_.empty(); ++n) {
    slab_ = {};
    if (Status done = run_all(step.steps); !done) {
      return done;
    }
    memory.add_round(before_.free_kb, slab_);
    all.add(slab_);
    ++counters_["cycles"];
  }
  facts_["cycles_per_s"] = fmt::format("{:.2f}", step.times / seconds(Clock::now() - begin));
  slab_ = all;
  if (memory.empty()) {
    return {};
  }
  facts_["leak"] = memory.text();
  if (step.no_leak && mismatch_.empty() && memory.leaks()) {
    mismatch(step, "memory did not come back: " + facts_["leak"]);
  }
  return {};
}

Status PlanRun::parallel(const PlanStep& step) {
  protocol::RunCase command{kRunId, step.case_name, abi::kFormBounded, {}};
  command.params = {{"seed", std::to_string(settings_.seed)}, {"loops", std::to_string(kParallelLoops)}};
  for (const auto& [key, value] : step.params) {
    command.params[key] = std::to_string(value);
  }
  Conversation& talk = hands_.talk();
  Status told = hands_.tell(command);
  if (told) {
    told = hands_.wait("the start of " + step.case_name,
                       [&] { return talk.started(kRunId) || talk.result(kRunId) != nullptr || talk.error(); });
  }
  if (!told) {
    return told;
  }
  if (talk.error()) {
    return failure("the guest refused: " + talk.error()->line);
  }
  // Not before it has done something: the steps are to meet it at work.
  told = hands_.wait("the first turn of " + step.case_name,
                     [&] { return talk.turn() > 0 || talk.result(kRunId) != nullptr; });
  if (told && talk.result(kRunId) == nullptr) {
    told = run_all(step.steps);
  }
  if (told) {
    told = hands_.tell(protocol::StopRun{});
  }
  if (told) {
    told =
        hands_.wait("the result of " + step.case_name, [&] { return talk.result(kRunId) != nullptr || talk.error(); });
  }
  if (!told) {
    return told;
  }
  const protocol::RunReport* report = talk.result(kRunId);
  if (report == nullptr) {
    return failure(step.case_name + " failed: " + talk.error()->line);
  }
  run_ = *report;
  const protocol::RunResult& result = report->result;
  seen_.insert(result.verdict.begin(), result.verdict.end());
  counters_.insert(result.counters.begin(), result.counters.end());
  facts_[step.case_name] = fmt::format("{}: {}", report::text_of(result.verdict), result.reason);
  return {};
}

Status PlanRun::wait_for(const PlanStep& step) {
  const TimePoint deadline = Clock::now() + from_seconds(plan_.limit_s);
  for (;;) {
    // Each look is a conversation with the guest, which takes its time: no need to wait between two.
    const auto reply = hands_.ask<protocol::Nodes>(protocol::AskNodes{});
    if (!reply) {
      return tl::unexpected(reply.error());
    }
    const MemoryView memory = memory_from(reply->memory);
    const auto node = memory.nodes.find(step.node);
    const bool there = node != memory.nodes.end() && (!step.online || node->second.online == *step.online) &&
                       (!step.has_memory || node->second.has_memory == *step.has_memory);
    if (there) {
      return settle(step, {}, {});
    }
    if (Clock::now() >= deadline) {
      return failure(fmt::format("that state of node {} never came: {}", step.node, memory.text()),
                     "limit_s in the plan allows more time");
    }
  }
}

// Sysfs may be a moment behind the event: looks until nodes and rebuilds are as they must be, or time is up.
Status PlanRun::settle(const PlanStep& step, const Rebuilds& implied, Duration took) {
  const TimePoint begin = Clock::now();
  const TimePoint deadline = begin + from_seconds(plan_.limit_s);
  Sighting all;
  std::optional<std::string> differs;
  do {
    Result<Sighting> seen = hands_.look();
    if (!seen) {
      return tl::unexpected(seen.error());
    }
    all.memory = std::move(seen->memory);
    all.printed.insert(all.printed.end(), seen->printed.begin(), seen->printed.end());
    if (seen->probed) {
      all.probed = all.probed.value_or(Rebuilds());
      all.probed->insert(all.probed->end(), seen->probed->begin(), seen->probed->end());
    }
    differs = model_->differs(all.memory);
  } while (differs && Clock::now() < deadline);

  note(step, implied, all, took, Clock::now() - begin);
  if (differs) {
    mismatch(step, *differs);
  } else if (all.printed != implied) {
    mismatch(step, fmt::format("the plan implies rebuilds: {}; the kernel says it did: {}", text_of(implied),
                               text_of(all.printed)));
  } else if (all.probed && *all.probed != implied) {
    mismatch(step,
             fmt::format("the plan implies rebuilds: {}; the probes saw: {}", text_of(implied), text_of(*all.probed)));
  }
  return {};
}

void PlanRun::mismatch(const PlanStep& step, const std::string& what) {
  if (mismatch_.empty()) {
    mismatch_ = plan_.at(step) + ": " + what;
  }
}

void PlanRun::note(const PlanStep& step, const Rebuilds& implied, const Sighting& seen, Duration took,
                   Duration looked) {
  log_ += step_line({steps_done_, step, before_, seen, implied, hands_.events(), took, looked});
  before_ = seen.memory;
  slab_.add({before_.slab_kb, before_.slab_kb});
  rebuilds_ += seen.printed.size();
  for (const unsigned zonelists : seen.printed) {
    zonelists_ += zonelists;
  }
}

// The order of interrupts, seqlock and printk in this kernel's own writer, against what is known of it.
void PlanRun::name_ordering() {
  const std::optional<protocol::WatchReport> report = hands_.watched();
  if (!report) {
    facts_["ordering"] = "not watched: " + no_watch_;
    return;
  }
  const std::string& ordering = report->ordering;
  facts_["ordering"] = ordering;
  facts_["writer"] = fmt::format("{}, {}", report->lock, report->deferral.empty() ? "no deferral" : report->deferral);
  counters_["odd_ns_max"] = report->odd_ns_max;
  counters_["incomplete"] = report->incomplete;
  const bool any = report->rebuilds > 0;
  if (any && !settings_.ordering.empty() && ordering != settings_.ordering && mismatch_.empty()) {
    mismatch_ = fmt::format("this kernel's writer is known as {}, and was seen as {}", settings_.ordering, ordering);
  }
}

void PlanRun::conclude(report::CaseRecord& record) {
  facts_["nodes.after"] = before_.text();
  counters_["steps"] = steps_done_;
  counters_["rebuilds"] = rebuilds_;
  counters_["zonelists"] = zonelists_;
  // A report that may still be repeated is whole only now.
  if (hands_.complained() && hands_.first_splat_s()) {
    facts_["first_splat_s"] = fmt::format("{:.2f}", *hands_.first_splat_s());
  }
  if (const Status written = write_file(settings_.folder / "steps.jsonl", log_); !written) {
    facts_["steps"] = written.error().line();
  }
  record.observed = seen_;
  record.run = run_;
  if (!unsupported_.empty()) {
    record.observed = {"unsupported"};
  }
  record.facts.insert(facts_.begin(), facts_.end());
  record.counters.insert(counters_.begin(), counters_.end());
  if (!mismatch_.empty()) {
    record.observed.insert("mismatch");
    record.reason = mismatch_;
  } else if (!unsupported_.empty()) {
    record.reason = unsupported_;
  } else {
    record.reason = fmt::format("{} steps, {} rebuilds as implied, {}", steps_done_, rebuilds_, facts_["ordering"]);
  }
}

}  // namespace zlt::run
