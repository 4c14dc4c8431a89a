// SPDX-License-Identifier: GPL-2.0-only
#include "module/core/session.h"

#include "module/core/verdict_text.h"

namespace zlt {

using abi::Param;

namespace {

constinit zlt_class session_class = {"zlt_session", {}};

}  // namespace

void Session::log_known_cases(View unknown) const {
  zlt_log(ZLT_ERR, "unknown case '%.*s'; valid:", unknown.size(), unknown.data());
  registry_.for_each_case([](const Case& test) { zlt_log(ZLT_ERR, "  %s", test.id); });
}

void Session::init() {
  mutex_.init(session_class);
  zlt_kernel_describe(&kernel_);
}

int Session::set_default(size_t param, View text) {
  const View whole = text;
  const View word = text.take_word();
  // more than one word: refused whole
  const auto value = parse_param(param, text.take_word().empty() ? word : whole);
  if (!value) return value.error();
  defaults_.set(param, *value);
  return 0;
}

Settings Session::default_settings() const {
  Settings settings = defaults_.settings();
  resolve_cpus(settings);
  return settings;
}

// Tells whether this case can be run with these settings at all. 0, or an error that the log explains.
int Session::check(const Case& test, Settings& settings) const {
  resolve_cpus(settings);
  const int error = check_cpus(settings);
  if (error != 0) return error;
  if (!test.has(settings.form)) {
    zlt_log(ZLT_ERR, "%s has no %s form; it has: %s", test.id, name_of(settings.form), name_of(Form::kBounded));
    return errc::kInval;
  }
  if (settings.form == Form::kFaithful && settings.get(Param::kAllowHang) == 0) {
    zlt_log(ZLT_ERR, "%s form=faithful may hang this machine: refused without allow_hang=1", test.id);
    return errc::kPerm;
  }
  return 0;
}

int Session::start(View words) {
  const auto guard = mutex_.lock();
  const View id = words.take_word();
  const Case* test = registry_.find(id);
  if (test == nullptr) {
    log_known_cases(id);
    return errc::kInval;
  }
  Settings settings = defaults_.settings();
  int error = apply_words(words, settings);
  if (error == 0) error = check(*test, settings);
  if (error != 0) return error;
  if (state_ != State::kIdle) {
    zlt_log(ZLT_ERR, "a run of %s is going on: write to 'stop' first", run_.test().id);
    return errc::kBusy;
  }
  if (settings.get(Param::kSeed) == 0) settings.set(Param::kSeed, zlt_random() | 1);

  if (thread_ != nullptr) zlt_thread_join(thread_);
  thread_ = nullptr;
  run_.prepare(*test, settings, kernel_);
  has_run_ = true;
  log_ends("Start");
  state_ = State::kRunning;
  error = zlt_thread_start(&thread_, "run", static_cast<unsigned int>(settings.get(Param::kWriterCpu)), main, this);
  if (error != 0) {
    state_ = State::kIdle;
    zlt_log(ZLT_ERR, "cannot start the run's thread: error %d", error);
  }
  return error;
}

void Session::work() {
  run_.execute();
  log_verdict();
  log_ends("End");
  publish();
}

void Session::publish() {
  const auto guard = mutex_.lock();
  report_.test = &run_.test();
  report_.settings = run_.settings();
  report_.verdict = run_.verdict();
  report_.expectation = run_.expectation();
  report_.stopped = run_.stopped();
  report_.reason.clear();
  report_.reason.append("%s", run_.reason());
  report_.schedule_digest = run_.schedule_digest();
  report_.took_ns = run_.took_ns();
  const Measured& measured = run_.measured();
  report_.counters[kTurns.slot] = measured.get(kTurns);
  for (const Counter& counter : run_.test().measures.counters) report_.counters[counter.slot] = measured.get(counter);
  for (const Fact& fact : run_.test().measures.facts) report_.facts[fact.slot] = measured.get(fact);
  ++runs_;
  state_ = State::kIdle;
}

void Session::stop() {
  for (;;) {
    {
      const auto guard = mutex_.lock();
      if (state_ == State::kIdle) {
        if (thread_ != nullptr) zlt_thread_join(thread_);
        thread_ = nullptr;
        return;
      }
      state_ = State::kStopping;
      run_.stop();
    }
    zlt_sleep_us(200);
  }
}

Session::Status Session::status() {
  const auto guard = mutex_.lock();
  if (state_ == State::kIdle) return Status{state_, nullptr, Form::kBounded, 0, 0, 0, runs_};
  const Settings& settings = run_.settings();
  return Status{state_, &run_.test(), settings.form, run_.counted(kTurns), run_.steps(), settings.get(Param::kLoops),
                runs_};
}

void Session::report(Report& copy, uint64_t& runs) {
  const auto guard = mutex_.lock();
  copy = report_;
  runs = runs_;
}

void Session::log_ends(const char* what) const {
  ParamsText params;
  append_params(params, run_.settings());
  zlt_log(ZLT_INFO, "%s: case=%s form=%s%s", what, run_.test().id, name_of(run_.settings().form), params.c_str());
}

void Session::log_verdict() const {
  VerdictText seen;
  VerdictText expectation;
  append_verdict(seen, run_.verdict());
  append_verdict(expectation, run_.expectation());
  zlt_log(ZLT_INFO, "verdict: case=%s form=%s verdict=%s expected=%s ok=%d seed=%llu", run_.test().id,
          name_of(run_.settings().form), seen.c_str(), expectation.c_str(),
          run_.verdict().without_splats() == run_.expectation().without_splats(),
          static_cast<unsigned long long>(run_.settings().get(Param::kSeed)));
}

}  // namespace zlt
