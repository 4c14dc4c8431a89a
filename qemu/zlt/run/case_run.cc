// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/run/case_run.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "module/abi/params.h"
#include "qemu/zlt/forensics/disease.h"
#include "qemu/zlt/forensics/forensics.h"
#include "qemu/zlt/forensics/stale_breakpoint.h"
#include "qemu/zlt/run/oracle.h"
#include "userspace/base/files.h"

namespace zlt::run {
namespace {

constexpr std::uint64_t kRunId = 1;  // a guest runs one case in its life
constexpr std::uint64_t kBeatId = 2;
constexpr auto kAnswerWithin = std::chrono::seconds(60);  // a restored guest on a loaded host
constexpr auto kSettle = std::chrono::seconds(20);        // for the console to catch up with the result
constexpr auto kLastWordsWithin = std::chrono::milliseconds(500);
constexpr double kNanosecond = 1e-9;
constexpr auto kPanicText = std::chrono::seconds(2);          // for the rest of a panic's text
constexpr auto kPatience = std::chrono::seconds(10);          // with an idle guest that has not complained
constexpr const char* kVerdictLine = "zltorture: verdict: ";  // the module's last word of a run on the console

class CaseRun {
 public:
  CaseRun(Guest& guest, Conversation& talk, const CaseJob& job, const CaseSettings& settings,
          const OnProgress& on_progress)
      : guest_(guest), talk_(talk), job_(job), settings_(settings), on_progress_(on_progress) {}

  Result<report::CaseRecord> run() {
    if (settings_.check_lockdep && !lockdep_alive()) {
      return finished();
    }
    if (settings_.body != nullptr) {
      const Ended end = settings_.body->drive(record_);
      if (end.wait.end != WaitEnd::kDone) {
        judge(end);
      }
      return stopped_ ? Result<report::CaseRecord>(interrupted()) : finished();
    }
    guest_.console().expect(kVerdictLine);
    if (!tell(guest_.control(), talk_, command())) {
      infra("the guest's control port takes no commands");
      return finished();
    }
    judge(PatientWait(guest_, talk_, settings_.symbols, {kPatience, {}})
              .until(
                  limits(), [this] { return talk_.result(kRunId) != nullptr || talk_.error(); },
                  [this] { tell_progress(); }));
    return stopped_ ? Result<report::CaseRecord>(interrupted()) : finished();
  }

 private:
  protocol::RunCase command() const {
    protocol::RunCase out{kRunId, job_.name, job_.form, {{"seed", std::to_string(job_.seed)}}};
    for (const auto& [key, value] : job_.params) {
      out.params[key] = std::to_string(value);
    }
    return out;
  }

  // A turn may rest for period_us and hold for hold_us before there is news.
  WaitLimits limits() const {
    WaitLimits out{LivenessLimits(), settings_.total};
    for (const abi::ParamSpec& spec : abi::kParams) {
      if (std::string_view(spec.unit) == "us") {
        const auto given = job_.params.find(spec.name);
        const std::uint64_t value = given == job_.params.end() ? spec.fallback : given->second;
        const auto pause = std::chrono::microseconds(value);
        out.liveness.silence += pause;
        out.liveness.on_cpu += pause;
      }
    }
    return out;
  }

  // Asked, not only listened to: what a restored guest still had to say when it was saved tells nothing of it now.
  bool lockdep_alive() {
    std::optional<protocol::Event> beat;
    const bool sent = tell(guest_.control(), talk_, protocol::Beat{kBeatId});
    const Pump::Wait waited = guest_.pump().run_until(
        [&] { return beat || (beat = talk_.take_reply(kBeatId)) || talk_.broken() || guest_.gone(); },
        Clock::now() + kAnswerWithin);
    if (waited == Pump::Wait::kStopped) {
      stopped_ = true;
    } else if (talk_.broken()) {
      infra(*talk_.broken());
    } else if (!sent || !beat) {
      infra("the guest did not answer before the case");
    } else if (talk_.debug_locks() == false) {
      infra("lockdep was already off before the case");
    } else {
      return true;
    }
    return false;
  }

  void tell_progress() const {
    if (talk_.loops() > 0) {
      on_progress_(fmt::format("turn {}/{}", talk_.turn(), talk_.loops()));
    } else {
      on_progress_("running");
    }
  }

  void judge(const Ended& end) {
    switch (end.wait.end) {
      case WaitEnd::kDone:
        return judge_answer();
      case WaitEnd::kStopped:
        stopped_ = true;
        return;
      case WaitEnd::kGone:
        return judge_gone();
      case WaitEnd::kPanicked:
        wait_for_down();
        return see("panic", "the kernel panicked");
      case WaitEnd::kDown:
        return judge_down();
      case WaitEnd::kNonsense:
        return infra(*talk_.broken());
      case WaitEnd::kDead:
        return judge_hang_of(end);
      case WaitEnd::kTimeout:
        record_.settled = true;
        return infra(fmt::format("not finished after {:.0f} s, at turn {}; --timeout allows more",
                                 seconds(settings_.total), talk_.turn()));
    }
  }

  void judge_answer() {
    if (talk_.result(kRunId) != nullptr) {
      // Reports of the same run may come out of the serial port after the result: wait for the module's last line.
      const Pump::Wait waited = guest_.pump().run_until(
          [this] { return guest_.console().seen() || guest_.gone() || guest_.shutdown(); }, Clock::now() + kSettle);
      stopped_ = waited == Pump::Wait::kStopped;
      guest_.pump().catch_up(Clock::now() + kLastWordsWithin);
      if (talk_.broken()) {
        return infra(*talk_.broken());
      }
      take_result(*talk_.result(kRunId));
      record_.facts["console"] = guest_.console().seen() ? "complete" : "cut: the verdict line never came";
      return;
    }
    record_.settled = true;
    infra("the guest refused: " + talk_.error()->line);
  }

  void judge_gone() {
    const std::string why = guest_.why_gone();
    infra(why);
    disease_ = host_memory(why, host_begin_, read_host_times());
  }

  void take_result(const protocol::RunReport& report) {
    record_.run = report;
    record_.observed = report.result.verdict;
    record_.reason = report.result.reason;
    record_.run_s = static_cast<double>(report.result.run_ns) * kNanosecond;
    record_.counters = report.result.counters;
    if (report.result.seed != 0) {
      record_.seed = report.result.seed;
    }
  }

  void judge_down() {
    if (*guest_.shutdown() == "guest-reset" || *guest_.shutdown() == "guest-panic") {
      return see("panic", "the guest reset itself without a word on the console");
    }
    infra(fmt::format("the guest went down in the middle of the case ({})", *guest_.shutdown()));
  }

  void judge_hang_of(const Ended& end) {
    const double silent = seconds(end.wait.silent);
    if (!end.hang) {
      return infra(fmt::format("no progress for {:.1f} s, and {}", silent, end.unseen.value_or("nobody looked")));
    }
    const HangFinding& finding = end.hang->finding;
    disease_ = disease_of(end.wait, end.hang->samples);
    for (const auto& [cpu, where] : finding.vcpus) {
      record_.facts[fmt::format("vcpu{}", cpu)] = where;
    }
    see(finding.outcome, fmt::format("no progress for {:.1f} s at turn {}{}: {}", silent, talk_.turn(),
                                     end.wait.heartbeats ? ", user space still alive" : "", finding.reason));
    keep_evidence(end.hang->samples.text);
  }

  // What a hang may be, other than the kernel's.
  std::optional<Disease> disease_of(const WaitReport& end, const Samples& samples) {
    static const Symbols none;
    const Result<std::string> state = guest_.run_state(kAnswerWithin);
    if (std::optional<Disease> found = stopped_clock(state.value_or("running"))) {
      return found;
    }
    if (std::optional<Disease> found = host_cpu(end.at_progress, read_host_times())) {
      return found;
    }
    return stale_breakpoint(guest_, samples.positions, settings_.symbols != nullptr ? *settings_.symbols : none);
  }

  void keep_evidence(const std::string& registers) {
    if (settings_.evidence.empty()) {
      return;
    }
    const Evidence evidence = collect_evidence(guest_, settings_.evidence, settings_.keep_dump);
    record_.facts.insert(evidence.facts.begin(), evidence.facts.end());
    record_.splats = evidence.splats;
    if (const Status written = write_file(settings_.evidence / "registers.txt", registers); !written) {
      record_.facts["registers"] = written.error().what;
    }
  }

  void wait_for_down() {
    const Pump::Wait waited =
        guest_.pump().run_until([this] { return guest_.gone() || guest_.shutdown(); }, Clock::now() + kPanicText);
    stopped_ = waited == Pump::Wait::kStopped;
  }

  void see(const std::string& outcome, const std::string& reason) {
    record_.observed.insert(outcome);
    record_.reason = reason;
  }
  void infra(const std::string& reason) { see("infra", reason); }

  Result<report::CaseRecord> finished() {
    if (stopped_) {
      return interrupted();
    }
    record_.name = job_.name;
    record_.form = job_.form;
    record_.repeat = job_.repeat;
    if (record_.seed == 0) {
      record_.seed = job_.seed;
    }
    record_.expected = job_.expected;
    record_.expected_by = job_.expected_by;
    guest_.console().splats().finish();
    add_console_splats();
    conclude(record_);
    if (disease_) {
      blame_disease(record_, *disease_);
    }
    return record_;
  }

  // What both console and ring buffer have is one report. The console's copy may be cut or damaged, so kinds are
  // counted: of each, it tells only of those that the ring buffer has not.
  void add_console_splats() {
    std::map<std::string, size_t> recovered;
    for (const report::Splat& splat : record_.splats) {
      ++recovered[splat.kind];
    }
    for (const report::Splat& splat : guest_.console().splats().splats()) {
      size_t& known = recovered[splat.kind];
      if (known > 0) {
        --known;
      } else {
        record_.splats.push_back(splat);
      }
    }
  }

  Guest& guest_;
  Conversation& talk_;
  const CaseJob& job_;
  const CaseSettings& settings_;
  const OnProgress& on_progress_;
  report::CaseRecord record_;
  HostTimes host_begin_ = read_host_times();
  std::optional<Disease> disease_;
  bool stopped_ = false;
};

}  // namespace

Result<report::CaseRecord> run_case(Guest& guest, Conversation& talk, const CaseJob& job, const CaseSettings& settings,
                                    const OnProgress& on_progress) {
  return CaseRun(guest, talk, job, settings, on_progress).run();
}

}  // namespace zlt::run
