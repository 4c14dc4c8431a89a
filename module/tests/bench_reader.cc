// SPDX-License-Identifier: GPL-2.0-only
//
// The read section as the module has it.
#include "module/tests/bench_reader.h"

#include "module/core/meeting/reading.h"

namespace zlt {
namespace {

constexpr Case kCase = {.id = "bench/read-section",
                        .hazard = "-",
                        .summary = "",
                        .needs = kNothing,
                        .measures = kMeetingMeasures,
                        .bounded = nullptr,
                        .faithful = nullptr,
                        .expect = expect_clean,
                        .unsound = nullptr};

zlt_class bench_class = {"bench", {}};

}  // namespace
}  // namespace zlt

struct bench_reading : zlt::Reading {};

const bench_reading* bench_prepare(const zlt_kernel* kernel) {
  static zlt::Run run;
  static const zlt::SeqLock seq(zlt::bench_class);
  static const bench_reading reading{{run, seq, nullptr}};
  run.prepare(zlt::kCase, zlt::Defaults().settings(), *kernel);
  return &reading;
}

bool bench_read_section(const bench_reading* reading, uint64_t since_ns) {
  return zlt::read_section<zlt::Faithful>(*reading, since_ns);
}

bench_counts bench_counted(const bench_reading* reading) {
  const zlt::Measured& measured = reading->run.measured();
  uint64_t waits = 0;
  for (size_t i = 0; i < zlt::Histogram::kBuckets; ++i) waits += measured.get(zlt::kReaderWait).count(i);
  return {measured.get(zlt::kReads),        measured.get(zlt::kRetries),       measured.get(zlt::kAllocs),
          measured.get(zlt::kAllocsFailed), measured.get(zlt::kAllocsSkipped), waits};
}
