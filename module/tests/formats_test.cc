// SPDX-License-Identifier: GPL-2.0-only
//
// The texts that cross debugfs and dmesg, read back as docs/formats.md describes them.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "module/abi/debugfs.h"
#include "module/abi/params.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

std::set<std::string> known_verdict_words() {
  std::set<std::string> words{abi::kCleanName};
  words.insert(std::begin(abi::kOutcomeNames), std::end(abi::kOutcomeNames));
  return words;
}

TEST(Cases, OneLineForEachCaseAndEachFormThatItHas) {
  const auto words = known_verdict_words();
  for (const NamedKernel& kernel : kernels()) {
    Module module(kernel.config);
    const auto lines = split(module.read(abi::kFileCases), '\n');
    EXPECT_EQ(lines[0], "#case\tform\thazard\texpected\tsummary");
    size_t at = 1;
    for (const Case* test : cases()) {
      for (const Form form : kForms) {
        if (!test->has(form)) continue;
        ASSERT_LT(at, lines.size());
        const auto fields = split(lines[at++], '\t');
        ASSERT_EQ(fields.size(), 5U);
        EXPECT_EQ(fields[0], test->id);
        EXPECT_EQ(fields[1], form == Form::kBounded ? "bounded" : "faithful");
        EXPECT_THAT(fields[2], testing::MatchesRegex("-|[a-z][a-z-]*"));
        for (const std::string& word : split(fields[3], ',')) EXPECT_TRUE(words.contains(word)) << word;
        EXPECT_FALSE(fields[4].empty());
      }
    }
    EXPECT_EQ(at, lines.size());
  }
}

TEST(Cases, IdsAreScenarioAndVariantAndUnique) {
  std::set<std::string> ids;
  for (const Case* test : cases()) {
    EXPECT_THAT(test->id, testing::MatchesRegex("[a-z][a-z-]*/[a-z][a-z-]*"));
    EXPECT_TRUE(ids.insert(test->id).second) << test->id;
  }
  EXPECT_THAT(ids, testing::IsSupersetOf({"irqs-on/hardirq-reader", "irqs-on/remote-reader", "irqsave/hardirq-reader",
                                          "irqsave/softirq-reader", "irq-off-outside/thread-reader",
                                          "printk-inside/port-feeder", "deferred-inside/port-feeder"}));
}

// An oracle that only knows one answer is worthless: each scenario has a hazard and a cure on some kernel.
TEST(Cases, EveryHazardShowsOnSomeKernelAndEveryTwinIsClean) {
  for (const Case* test : cases()) {
    bool shows = false;
    for (const NamedKernel& kernel : kernels()) {
      const Form form = test->has(Form::kFaithful) ? Form::kFaithful : Form::kBounded;
      const Verdict expectation = expected(*test, described(kernel.config), settings_on(kernel.config, form));
      shows = shows || !(expectation.clean() || expectation.has(abi::Outcome::kUnsupported));
    }
    EXPECT_EQ(shows, std::string(test->hazard) != "-") << test->id;
  }
}

TEST(Status, HasAllKeysIdleAndRunning) {
  Module module;
  const std::vector<std::string> keys = {"abi", "case", "form", "loops", "runs", "state", "steps", "turn"};
  const auto keys_of = [](const Pairs& pairs) {
    std::vector<std::string> found;
    for (const auto& [key, value] : pairs) found.push_back(key);
    return found;
  };
  Pairs status = module.status();
  EXPECT_EQ(keys_of(status), keys);
  EXPECT_EQ(status["abi"], std::to_string(abi::kVersion));
  EXPECT_EQ(status["state"], "idle");
  EXPECT_EQ(status["case"], "");
  EXPECT_EQ(status["form"], "");

  ASSERT_EQ(module.write("run", "irqs-on/remote-reader loops=1000000 period_us=1000000"), 0);
  status = module.status();
  EXPECT_EQ(keys_of(status), keys);
  EXPECT_EQ(status["state"], "running");
  EXPECT_EQ(status["case"], "irqs-on/remote-reader");
  EXPECT_EQ(status["form"], "bounded");
  EXPECT_EQ(status["loops"], "1000000");
  const uint64_t runs = std::stoull(status["runs"]);
  ASSERT_EQ(module.write("stop", "1"), 0);
  EXPECT_EQ(module.status()["runs"], std::to_string(runs + 1));
}

TEST(Result, HoldsEverythingThatTheRunWasMadeFrom) {
  Module module({.rt = true, .lockdep = true, .raw_nesting = true, .atomic_sleep = true});
  const uint64_t runs = std::stoull(module.result().at("runs"));
  const Pairs result = module.run("irqsave/hardirq-reader loops=2 seed=18446744073709551615 hold_us=20 period_us=0");
  EXPECT_EQ(result.at("abi"), "1");
  EXPECT_EQ(result.at("runs"), std::to_string(runs + 1));
  EXPECT_EQ(result.at("case"), "irqsave/hardirq-reader");
  EXPECT_EQ(result.at("form"), "bounded");
  EXPECT_EQ(result.at("verdict"), "livelock");
  EXPECT_EQ(result.at("expected"), "livelock,splat:inconsistent-state");
  EXPECT_EQ(result.at("ok"), "1") << "splats are the log's to tell";
  EXPECT_EQ(result.at("stopped"), "0");
  EXPECT_EQ(result.at("reason"), "the reader gave up in 2 of 2 turns: the writer could not go on");
  EXPECT_EQ(result.at("seed"), "18446744073709551615");
  EXPECT_THAT(result.at("plan"), testing::MatchesRegex("0x[0-9a-f]{16}"));
  EXPECT_GT(std::stoull(result.at("run_ns")), 2 * 20'000'000U) << "two readers that tried for 20 ms";
  EXPECT_EQ(result.at("kernel.release"), "6.12.0-fake");
  for (const char* fact : {"rt", "lockdep", "raw_nesting", "trylock_tells", "atomic_sleep", "smp", "highres_timers"}) {
    EXPECT_EQ(result.at(std::string("kernel.") + fact), "1") << fact;
  }
  for (const char* counter : {"turns", "met_odd", "met_masked", "missed", "reads", "retries", "spins", "blocked",
                              "gave_up", "allocs", "allocs_failed", "allocs_skipped"}) {
    EXPECT_TRUE(result.contains(std::string("counter.") + counter)) << counter;
  }
  EXPECT_EQ(result.at("counter.gave_up"), "2");
  EXPECT_GT(std::stoull(result.at("counter.spins")), 2U);
  const Pairs params = {{"allow_hang", "0"}, {"seed", "18446744073709551615"},
                        {"hold_us", "20"},   {"period_us", "0"},
                        {"loops", "2"},      {"writer_cpu", "0"},
                        {"reader_cpu", "1"}, {"pressure_node", "0"},
                        {"whole_node", "0"}, {"hold_mb", "1024"}};
  ASSERT_EQ(params.size(), abi::kParamCount);
  for (const auto& [name, value] : params) EXPECT_EQ(result.at("param." + name), value) << name;
}

TEST(Result, HasTheFactsThatItsCaseStates) {
  Module module;
  EXPECT_EQ(module.run("alloc-context/task-gfp-kernel loops=1").at("fact.preemptible"), "1");
  const Pairs result = module.run("alloc-context/irq-off-gfp-kernel loops=1");
  EXPECT_EQ(result.at("fact.preemptible"), "0");
  EXPECT_EQ(result.at("counter.came"), "1");
  EXPECT_FALSE(result.contains("counter.reads")) << "a case has the counters that it declares";
}

TEST(Histogram, LinesAreBucketsThatAddUp) {
  Module module;
  ASSERT_EQ(module.run("irqs-on/remote-reader loops=5").at("verdict"), "clean");
  const auto lines = split(module.read(abi::kFileHistogram), '\n');
  EXPECT_EQ(lines.at(0), "#name from_ns to_ns count");
  std::map<std::string, uint64_t> counts;
  std::map<std::string, uint64_t> ends;
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto fields = split(lines[i], ' ');
    ASSERT_EQ(fields.size(), 4U) << lines[i];
    const uint64_t from = std::stoull(fields[1]);
    const uint64_t to = std::stoull(fields[2]);
    EXPECT_LT(from, to);
    EXPECT_GE(from, ends[fields[0]]) << "buckets in order";
    ends[fields[0]] = to;
    EXPECT_GT(std::stoull(fields[3]), 0U) << "empty ones are left out";
    counts[fields[0]] += std::stoull(fields[3]);
  }
  EXPECT_EQ(counts, (std::map<std::string, uint64_t>{{"reader_wait", 5}, {"writer_section", 5}}));
}

TEST(Log, HasStartVerdictAndEndWithEveryParameter) {
  Module module;
  ASSERT_EQ(module.run("irqsave/softirq-reader loops=1 seed=5").at("verdict"), "clean");
  const std::string params =
      " allow_hang=0 seed=5 hold_us=200 period_us=500 loops=1 writer_cpu=0 reader_cpu=1 pressure_node=0 whole_node=0 "
      "hold_mb=1024";
  const auto log = module.kernel().log();
  const std::vector<std::string> wanted = {
      "zltorture: Start: case=irqsave/softirq-reader form=bounded" + params,
      "zltorture: verdict: case=irqsave/softirq-reader form=bounded verdict=clean expected=clean ok=1 seed=5",
      "zltorture: End: case=irqsave/softirq-reader form=bounded" + params};
  EXPECT_THAT(std::vector<std::string>(log.end() - 3, log.end()), testing::ElementsAreArray(wanted));
  EXPECT_EQ(
      std::count_if(log.begin(), log.end(), [](const auto& line) { return line.starts_with("zltorture: verdict:"); }),
      1);
}

}  // namespace
}  // namespace zlt::test
