// SPDX-License-Identifier: GPL-2.0-only
//
// Every case does on every kind of kernel what its own expectation says: in its bounded form always, in its faithful
// form where that cannot hang. A wrong expectation is noticed.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "module/core/session.h"
#include "module/tests/fake_shim_context.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using abi::Outcome;

struct CaseOnKernel : testing::TestWithParam<Pairing> {
  [[nodiscard]] static const Case& test() { return *GetParam().test; }
  [[nodiscard]] static const FakeConfig& config() { return GetParam().kernel.config; }
};

std::string name_of_test(const testing::TestParamInfo<Pairing>& info) {
  return info.param.name();
}

uint64_t counter(const Pairs& result, const std::string& name) {
  return std::stoull(result.at("counter." + name));
}

// A run that got to its end: the module has asked the case's own rule (Case::unsound) and would have said infra. Beside
// it, nobody stops the CPUs of the fake kernel, so that no meeting is missed.
void expect_sound_run(const Case& test, const Pairs& result, uint64_t loops) {
  EXPECT_NE(test.unsound, nullptr) << "no rule says what its numbers have to add up to";
  EXPECT_EQ(counter(result, "turns"), loops);
  if (result.contains("counter.missed")) {
    EXPECT_EQ(counter(result, "missed"), 0U) << "the reader missed the odd window";
  }
  for (const Counter& declared : test.measures.counters) {
    EXPECT_TRUE(result.contains(std::string("counter.") + declared.name)) << declared.name;
  }
  for (const Fact& declared : test.measures.facts) {
    EXPECT_TRUE(result.contains(std::string("fact.") + declared.name)) << declared.name;
  }
}

class BoundedCase : public CaseOnKernel {};

TEST_P(BoundedCase, DoesWhatItsExpectationSays) {
  const Verdict expectation = GetParam().expectation(Form::kBounded);
  for (const uint64_t seed : {uint64_t{1}, uint64_t{7}, UINT64_MAX}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Module module(config());
    const Pairs result =
        module.run(std::string(test().id) + " loops=3 hold_us=100 period_us=200 seed=" + std::to_string(seed));
    EXPECT_EQ(result.at("verdict"), verdict_text(expectation.without_splats())) << result.at("reason");
    EXPECT_EQ(result.at("expected"), verdict_text(expectation));
    EXPECT_EQ(result.at("ok"), "1");
    EXPECT_EQ(result.at("seed"), std::to_string(seed));
    for (const Outcome splat : {Outcome::kSplatSleepingAtomic, Outcome::kSplatNonMigratable}) {
      EXPECT_EQ(module.kernel().splats().has(splat), expectation.has(splat)) << verdict_text(splat);
    }
    // Its own checker ends a run at once.
    const bool ends_early = expectation.has(Outcome::kUnsupported) || expectation.has(Outcome::kCorruption);
    if (!ends_early) expect_sound_run(test(), result, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, BoundedCase, testing::ValuesIn(pairings([](const Pairing&) { return true; })),
                         name_of_test);

// Clean twins with the kernel's own primitives. A hazard would hang, here as there.
class FaithfulCase : public CaseOnKernel {};

TEST_P(FaithfulCase, IsThroughWhereNothingHangs) {
  const Verdict expectation = GetParam().expectation(Form::kFaithful);
  Module module(config());
  const Pairs result =
      module.run(std::string(test().id) + " form=faithful allow_hang=1 loops=5 hold_us=100 period_us=200 seed=3");
  EXPECT_EQ(result.at("verdict"), "clean") << result.at("reason");
  EXPECT_EQ(result.at("ok"), "1");
  EXPECT_EQ(result.at("form"), "faithful");
  EXPECT_EQ(module.kernel().splats().has(Outcome::kSplatSleepingAtomic),
            expectation.has(Outcome::kSplatSleepingAtomic));
  expect_sound_run(test(), result, 5);
}

bool does_not_hang(const Pairing& pairing) {
  return pairing.test->has(Form::kFaithful) && pairing.expectation(Form::kFaithful).without_splats().clean();
}

INSTANTIATE_TEST_SUITE_P(Cases, FaithfulCase, testing::ValuesIn(pairings(does_not_hang)), name_of_test);

// The same body under the opposite expectation is not ok: the oracle can fail, both ways.
class InvertedCase : public CaseOnKernel {};

Verdict expect_livelock(const Case&, const Kernel&, Form) {
  return Outcome::kLivelock;
}

TEST_P(InvertedCase, IsNotOk) {
  const FakeKernel kernel(config());
  zlt_kernel facts = {};
  zlt_kernel_describe(&facts);
  Case inverted = test();
  inverted.expect = GetParam().expectation(Form::kBounded).has(Outcome::kLivelock) ? expect_clean : expect_livelock;

  Settings settings = settings_on(config(), Form::kBounded);
  settings.set(abi::Param::kSeed, 11);
  settings.set(abi::Param::kLoops, 2);
  zlt::Run run;
  run.prepare(test(), settings, facts);
  {
    const fake::OnCpu on(0);
    run.execute();
  }
  Report report;
  report.verdict = run.verdict();
  report.expectation = expected(test(), facts, settings);
  EXPECT_TRUE(report.ok()) << run.reason();
  report.expectation = expected(inverted, facts, settings);
  EXPECT_FALSE(report.ok()) << "verdict " << verdict_text(report.verdict);
  EXPECT_THAT(kernel.violations(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Cases, InvertedCase, testing::ValuesIn(pairings(Pairing::on_plain_or_rt)), name_of_test);

// Somebody else prints all the time: the feeder gives way, and neither form of the case changes its verdict.
class NoisyConsole : public testing::TestWithParam<bool> {};

TEST_P(NoisyConsole, ChangesNoVerdict) {
  Module module({.rt = GetParam()});
  std::atomic<bool> quit{false};
  std::thread neighbour([&] {
    while (!quit) {
      zlt_printk_crit("a neighbour's line");
      zlt_sleep_us(300);
    }
  });
  const Pairs deferred = module.run("deferred-inside/port-feeder loops=5 seed=3");
  const Pairs inside = module.run("printk-inside/port-feeder loops=5 seed=3");
  quit = true;
  neighbour.join();
  // A neighbour's line that comes while the feeder reads waits for it as the writer's own would.
  EXPECT_THAT(deferred.at("verdict"), testing::AnyOf("clean", GetParam() ? "clean" : "livelock"));
  EXPECT_EQ(inside.at("verdict"), GetParam() ? "clean" : "livelock") << inside.at("reason");
  EXPECT_GT(counter(deferred, "console_writes"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rt, NoisyConsole, testing::Bool());

}  // namespace
}  // namespace zlt::test
