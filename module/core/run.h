// SPDX-License-Identifier: GPL-2.0-only
//
// One run of one case: its seed and settings, its turns, what it measures, and its verdict. The body of a case sees it
// as
//
//   Turn turn;
//   while (run.next(turn)) {
//     …
//     run.count(kReads);
//   }
//   run.conclude("%llu reads", …);
//
// A case whose writer and reader have to meet goes through its turns with a Rendezvous instead (module/core/meeting/).
#pragma once

#include "module/core/case.h"
#include "module/core/schedule.h"
#include "module/core/text.h"

namespace zlt {

class Run {
 public:
  constexpr Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() = default;

  // Makes it the run of `test`, forgetting the one before. Precondition: nothing runs.
  void prepare(const Case& test, const Settings& settings, const Kernel& kernel);
  // The whole run, in the calling thread: task context on the writer's CPU.
  void execute();
  // Any context: waits end early, no further turn begins.
  void stop() { stop_.store(true); }

  // ---- for the bodies of cases, and for what they are made of ----
  // Ends the turn before, pauses as the schedule says, and begins the next. False: there is no more.
  [[nodiscard]] bool next(Turn& turn);
  // The turn that goes on will not be finished, and does not count.
  void abandon_turn() { in_turn_ = false; }
  // Tells that the work gets on within a turn: `status` shows it, and a watcher on the host knows that a slow turn is
  // not a dead one. Code that may hang does not call it.
  void step() { steps_.add(1); }

  // ---- how it ends. Any context; writer and readers may call these at once ----
  // The kernel, or the case on it, was seen to do this. The run goes on.
  void observe(Outcome outcome) { seen_.set(Verdict(outcome).bits()); }
  // The case's own checker found its invariant broken: a verdict on the kernel. Ends the run.
  void corrupt(const char* what);
  // Something of ours did not work, and there is no verdict on the kernel. `error`: negative errno, or 0. Ends the run.
  void fail(const char* what, int error = 0) { end(Outcome::kInfra, what, error); }
  // This kernel or machine turned out to lack something that the case cannot do without. Ends the run.
  void lack(const char* what, int error = 0) { end(Outcome::kUnsupported, what, error); }
  // What the run came to, in words. May be called several times, by the body's thread; what ended the run overrules it.
  template <typename... Args>
  void conclude(const char* format, Args... args) {
    if (!ended_.load()) reason_.append(format, args...);
  }

  // ---- what it measures: the case's own constants ----
  void count(Counter counter, uint64_t by = 1) { measured_.add(counter, by); }
  void measure(Timing timing, uint64_t ns) { measured_.add(timing, ns); }
  void state(Fact fact, uint64_t value) { measured_.set(fact, value); }
  [[nodiscard]] uint64_t counted(Counter counter) const { return measured_.get(counter); }

  [[nodiscard]] bool stopping() const { return stop_.load() || ended_.load(); }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] unsigned int writer_cpu() const { return cpu(abi::Param::kWriterCpu); }
  [[nodiscard]] unsigned int reader_cpu() const { return cpu(abi::Param::kReaderCpu); }
  [[nodiscard]] const Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] const Case& test() const { return *test_; }

  // ---- for reports ----
  [[nodiscard]] const Measured& measured() const { return measured_; }
  [[nodiscard]] uint64_t steps() const { return steps_.load(); }
  [[nodiscard]] Verdict verdict() const { return Verdict::of_bits(seen_.load()); }
  [[nodiscard]] Verdict expectation() const { return expected(*test_, *kernel_, settings_); }
  [[nodiscard]] const char* reason() const { return reason_.c_str(); }
  [[nodiscard]] bool stopped() const { return stop_.load(); }
  [[nodiscard]] uint64_t schedule_digest() const { return schedule_digest_; }
  [[nodiscard]] uint64_t took_ns() const { return took_ns_; }

 private:
  [[nodiscard]] unsigned int cpu(abi::Param param) const { return static_cast<unsigned int>(settings_.get(param)); }
  void end(Outcome outcome, const char* what, int error);
  void await_highres() const;
  void pause(uint64_t us) const;
  void check_soundness();

  const Case* test_ = nullptr;
  const Kernel* kernel_ = nullptr;
  Settings settings_ = {};
  Schedule schedule_{0, 0, 0, 0};
  uint64_t schedule_digest_ = 0;
  bool in_turn_ = false;
  Measured measured_;
  Atomic<uint64_t> steps_{0};
  Atomic<uint32_t> seen_{0};  // bits of a Verdict
  Atomic<bool> stop_{false};
  Atomic<bool> ended_{false};
  Text<160> reason_;
  uint64_t took_ns_ = 0;
};

}  // namespace zlt
