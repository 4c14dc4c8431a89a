// SPDX-License-Identifier: GPL-2.0-only
//
// The session holds the module's state. At most one run goes on at a time, on a thread of its own, and the report of
// the last one is kept.
#pragma once

#include "module/core/lock.h"
#include "module/core/registry.h"
#include "module/core/run.h"

namespace zlt {

// What is kept of a finished run.
struct Report {
  const Case* test = nullptr;  // nullptr: nothing has run yet
  Settings settings = {};
  Verdict verdict;
  Verdict expectation;
  bool stopped = false;
  Text<160> reason;
  uint64_t schedule_digest = 0;
  uint64_t took_ns = 0;
  uint64_t counters[Measured::kCounters] = {};  // by slot
  uint64_t facts[Measured::kFacts] = {};

  // The module does not see splats. It compares the other outcomes, and leaves the splats to whoever reads the log.
  [[nodiscard]] bool ok() const { return verdict.without_splats() == expectation.without_splats(); }
};

class Session {
 public:
  enum class State : uint8_t { kIdle, kRunning, kStopping };
  struct Status {
    State state;
    const Case* test;  // nullptr when idle
    Form form;
    uint64_t turns;
    uint64_t steps;  // of the work within turns
    uint64_t loops;
    uint64_t runs;
  };

  constexpr explicit Session(const Registry& registry) : registry_(registry) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() = default;

  // Once, before anything else.
  void init();

  // Starts the run that `words` ask for: CASE [key=value…]. 0, or kInval, kPerm, kBusy, or the error of starting a
  // thread; the log says why.
  [[nodiscard]] int start(View words);
  // Returns once nothing runs any more. May be called by several at once.
  void stop();

  [[nodiscard]] int set_default(size_t param, View text);
  [[nodiscard]] uint64_t default_of(size_t param) const { return defaults_.get(param); }

  [[nodiscard]] const Registry& registry() const { return registry_; }
  [[nodiscard]] const Kernel& kernel() const { return kernel_; }
  [[nodiscard]] Status status();
  void report(Report& copy, uint64_t& runs);
  // The settings of a run that is asked for without words.
  [[nodiscard]] Settings default_settings() const;
  // Calls `visit(case, measured)` for the present or the last run, if there was any; no other run begins meanwhile, but
  // the numbers move while this one goes on.
  template <typename Visit>
  void with_measured(Visit visit) {
    const auto guard = mutex_.lock();
    if (has_run_) visit(run_.test(), run_.measured());
  }

 private:
  static void main(void* self) { static_cast<Session*>(self)->work(); }
  void work();
  void publish();
  [[nodiscard]] int check(const Case& test, Settings& settings) const;
  void log_ends(const char* what) const;
  void log_verdict() const;

  void log_known_cases(View unknown) const;

  const Registry& registry_;
  Mutex mutex_;
  State state_ = State::kIdle;
  zlt_thread* thread_ = nullptr;  // of the present or the last run, not yet joined
  bool has_run_ = false;
  uint64_t runs_ = 0;
  Defaults defaults_;
  Kernel kernel_ = {};
  Run run_;
  Report report_;
};

}  // namespace zlt
