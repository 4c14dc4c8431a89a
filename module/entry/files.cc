// SPDX-License-Identifier: GPL-2.0-only
#include "module/entry/files.h"

#include "module/abi/debugfs.h"
#include "module/abi/watch.h"
#include "module/core/verdict_text.h"
#include "module/core/watch/watch.h"

namespace zlt {
namespace {

using ull = unsigned long long;

void show_cases(zlt_out* out) {
  zlt_out_printf(out, "#case\tform\thazard\texpected\tsummary\n");
  Settings settings = session.default_settings();
  session.registry().for_each_case([&](const Case& test) {
    for (const Form form : kForms) {
      if (!test.has(form)) continue;
      settings.form = form;
      VerdictText expectation;
      append_verdict(expectation, expected(test, session.kernel(), settings));
      zlt_out_printf(out, "%s\t%s\t%s\t%s\t%s\n", test.id, name_of(form), test.hazard, expectation.c_str(),
                     test.summary);
    }
  });
}

const char* name_of_state(Session::State state) {
  switch (state) {
    case Session::State::kIdle:
      return abi::kStateIdle;
    case Session::State::kRunning:
      return abi::kStateRunning;
    case Session::State::kStopping:
      break;
  }
  return abi::kStateStopping;
}

void show_status(zlt_out* out) {
  const auto status = session.status();
  const bool idle = status.test == nullptr;
  zlt_out_printf(out, "abi=%u\nstate=%s\ncase=%s\nform=%s\n", abi::kVersion, name_of_state(status.state),
                 idle ? "" : status.test->id, idle ? "" : name_of(status.form));
  zlt_out_printf(out, "turn=%llu\nsteps=%llu\nloops=%llu\nruns=%llu\n", static_cast<ull>(status.turns),
                 static_cast<ull>(status.steps), static_cast<ull>(status.loops), static_cast<ull>(status.runs));
}

void show_kernel(zlt_out* out, const Kernel& kernel) {
  const struct {
    const char* name;
    bool value;
  } facts[] = {{"rt", kernel.rt},
               {"lockdep", kernel.lockdep},
               {"raw_nesting", kernel.raw_nesting},
               {"trylock_tells", kernel.trylock_tells},
               {"atomic_sleep", kernel.atomic_sleep},
               {"smp", kernel.smp},
               {"highres_timers", zlt_highres_timers()}};
  zlt_out_printf(out, "%srelease=%s\n", abi::kKernelPrefix, kernel.release);
  for (const auto& fact : facts) zlt_out_printf(out, "%s%s=%d\n", abi::kKernelPrefix, fact.name, fact.value);
}

void show_number(zlt_out* out, const char* prefix, const char* name, uint64_t value) {
  zlt_out_printf(out, "%s%s=%llu\n", prefix, name, static_cast<ull>(value));
}

void show_report(zlt_out* out, const Report& report) {
  VerdictText seen;
  VerdictText expectation;
  append_verdict(seen, report.verdict);
  append_verdict(expectation, report.expectation);
  zlt_out_printf(out, "case=%s\nform=%s\nverdict=%s\nexpected=%s\nok=%d\nstopped=%d\nreason=%s\n", report.test->id,
                 name_of(report.settings.form), seen.c_str(), expectation.c_str(), report.ok(), report.stopped,
                 report.reason.c_str());
  zlt_out_printf(out, "seed=%llu\nplan=0x%016llx\nrun_ns=%llu\n",
                 static_cast<ull>(report.settings.get(abi::Param::kSeed)), static_cast<ull>(report.schedule_digest),
                 static_cast<ull>(report.took_ns));
  show_number(out, abi::kCounterPrefix, kTurns.name, report.counters[kTurns.slot]);
  for (const Counter& counter : report.test->measures.counters) {
    show_number(out, abi::kCounterPrefix, counter.name, report.counters[counter.slot]);
  }
  for (const Fact& fact : report.test->measures.facts) {
    show_number(out, abi::kFactPrefix, fact.name, report.facts[fact.slot]);
  }
  for (size_t i = 0; i < abi::kParamCount; ++i) {
    show_number(out, abi::kParamPrefix, abi::kParams[i].name, report.settings.values[i]);
  }
}

void show_result(zlt_out* out) {
  Report report;
  uint64_t runs = 0;
  session.report(report, runs);
  zlt_out_printf(out, "abi=%u\nruns=%llu\n", abi::kVersion, static_cast<ull>(runs));
  show_kernel(out, session.kernel());
  if (report.test != nullptr) show_report(out, report);
}

void show_one_histogram(zlt_out* out, const char* name, const Histogram& histogram) {
  for (size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    if (histogram.count(bucket) == 0) continue;
    zlt_out_printf(out, "%s %llu %llu %llu\n", name, static_cast<ull>(Histogram::from_ns(bucket)),
                   static_cast<ull>(Histogram::to_ns(bucket)), static_cast<ull>(histogram.count(bucket)));
  }
}

void show_histogram(zlt_out* out) {
  zlt_out_printf(out, "#name from_ns to_ns count\n");
  session.with_measured([out](const Case& test, const Measured& measured) {
    for (const Timing& timing : test.measures.timings) show_one_histogram(out, timing.name, measured.get(timing));
  });
}

int write_run(char* text, size_t length) {
  return session.start(View(text, length));
}

int write_stop(char*, size_t) {
  session.stop();
  return 0;
}

void show_watch(zlt_out* out) {
  kernel_watch.show(out);
}

int write_watch(char* text, size_t length) {
  View words(text, length);
  const View word = words.take_word();
  if (word == View(abi::kWatchOn)) return kernel_watch.on();
  if (word != View(abi::kWatchOff)) {
    zlt_log(ZLT_ERR, "watch: '%.*s' is neither %s nor %s", word.size(), word.data(), abi::kWatchOn, abi::kWatchOff);
    return errc::kInval;
  }
  kernel_watch.off();
  return 0;
}

constexpr zlt_file kFiles[] = {
    {abi::kFileCases, show_cases, nullptr},     {abi::kFileRun, nullptr, write_run},
    {abi::kFileStop, nullptr, write_stop},      {abi::kFileStatus, show_status, nullptr},
    {abi::kFileResult, show_result, nullptr},   {abi::kFileHistogram, show_histogram, nullptr},
    {abi::kFileWatch, show_watch, write_watch},
};

}  // namespace

int create_files() {
  return zlt_debugfs_create(abi::kDirectory, kFiles, sizeof(kFiles) / sizeof(kFiles[0]));
}

}  // namespace zlt
