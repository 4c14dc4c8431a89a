// SPDX-License-Identifier: GPL-2.0-only
//
// Runs a hot-plug plan in a ready guest and judges it: every step must be proved by its event, the kernel must rebuild
// its zonelists exactly when the plan implies it (its own lines and the module's probes must both say so), and the
// nodes must be as the plan leaves them. What is not so is the outcome `mismatch`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "qemu/zlt/forensics/case_body.h"
#include "qemu/zlt/plans/leak.h"
#include "qemu/zlt/plans/plan.h"
#include "qemu/zlt/plans/plan_guest.h"

namespace zlt::run {

struct PlanSettings {
  const Plan* plan = nullptr;
  const Topology* topology = nullptr;
  std::string ordering;              // what the flavour's kernel is known to do; empty: not known
  std::uint64_t seed = 0;            // of the case in parallel
  std::filesystem::path folder;      // gets steps.jsonl
  const Symbols* symbols = nullptr;  // of the guest's kernel
  OnProgress on_progress;
};

class PlanRun : public CaseBody {
 public:
  PlanRun(Guest& guest, Conversation& talk, PlanSettings settings);
  [[nodiscard]] Ended drive(report::CaseRecord& record) override;

 private:
  // What went wrong: with us (an error), or, with `mismatch_`, with the kernel.
  [[nodiscard]] Status begin();
  [[nodiscard]] Status check_machine() const;
  [[nodiscard]] Status run_all(const std::vector<PlanStep>& steps);
  [[nodiscard]] Status run_step(const PlanStep& step);
  [[nodiscard]] Status repeat(const PlanStep& step);
  [[nodiscard]] Status parallel(const PlanStep& step);
  [[nodiscard]] Status wait_for(const PlanStep& step);
  [[nodiscard]] Status add_memory(const PlanStep& step);
  [[nodiscard]] static Json dimm(const PlanStep& step);
  // What follows returns what the kernel must do for it.
  [[nodiscard]] Result<Rebuilds> act(const PlanStep& step);
  [[nodiscard]] Result<Rebuilds> plug(const PlanStep& step);
  [[nodiscard]] Result<Rebuilds> plugged(const PlanStep& step, const std::string& policy);
  [[nodiscard]] Result<Rebuilds> unplug(const PlanStep& step);
  void slow_down(bool on);
  [[nodiscard]] Result<Rebuilds> unmade(const std::string& device);
  [[nodiscard]] Result<Rebuilds> replug(const PlanStep& step);
  [[nodiscard]] Result<Rebuilds> set_state(const PlanStep& step, const std::string& state);
  [[nodiscard]] Result<Rebuilds> resize(const PlanStep& step);
  [[nodiscard]] Status set_policy(const std::string& wanted);
  [[nodiscard]] Result<std::vector<unsigned>> blocks_of(const std::string& device, unsigned& node);
  [[nodiscard]] Status settle(const PlanStep& step, const Rebuilds& implied, Duration took);
  void judge_refusal(const PlanStep& step, bool refused, const std::string& how);
  void mismatch(const PlanStep& step, const std::string& what);
  void note(const PlanStep& step, const Rebuilds& implied, const Sighting& seen, Duration took, Duration looked);
  void conclude(report::CaseRecord& record);
  void name_ordering();

  PlanSettings settings_;
  const Plan& plan_;
  PlanGuest hands_;
  std::optional<MemoryModel> model_;
  MemoryView before_;
  std::map<std::string, std::string> slots_;  // of the DIMMs
  std::string policy_;
  std::string no_watch_;  // why there is none
  std::string log_;       // of steps.jsonl
  unsigned steps_done_ = 0;
  std::uint64_t rebuilds_ = 0;
  std::uint64_t zonelists_ = 0;
  SlabRange slab_;           // in this round of the innermost `repeat`
  std::string mismatch_;     // the first
  std::string unsupported_;  // what the kernel lacks
  report::Outcomes seen_;
  std::optional<protocol::RunReport> run_;  // of the case in parallel
  std::map<std::string, std::uint64_t> counters_;
  std::map<std::string, std::string> facts_;
};

}  // namespace zlt::run
