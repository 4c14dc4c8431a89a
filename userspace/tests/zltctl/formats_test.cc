// SPDX-License-Identifier: GPL-2.0-only
#include "userspace/zltctl/formats.h"

#include <gmock/gmock.h>

#include "userspace/tests/zltctl/samples.h"
#include "userspace/zltctl/text.h"

namespace zlt::ctl {
namespace {

using test::kCases;
using test::kHistogram;
using test::result_text;
using test::status_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// `text` with the first `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Text, SplitsIntoOnePieceMoreThanSeparators) {
  EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(lines_of("a\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of("a\n\n"), ElementsAre("a", ""));
  EXPECT_TRUE(lines_of("").empty());
}

TEST(Text, ReadsNumbersAsTheModuleDoes) {
  EXPECT_EQ(to_number("0"), 0U);
  EXPECT_EQ(to_number("010"), 10U);
  EXPECT_EQ(to_number("0x1F"), 31U);
  EXPECT_EQ(to_number("18446744073709551615"), UINT64_MAX);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "0x", "0xg", "1e3", "18446744073709551616"}) {
    EXPECT_FALSE(to_number(bad)) << bad;
  }
}

TEST(Cases, ReadsEveryLine) {
  const auto cases = parse_cases(kCases);
  ASSERT_TRUE(cases);
  ASSERT_EQ(cases->size(), 4U);
  const Case& faithful = (*cases)[1];
  EXPECT_EQ(faithful.name, "irqs-on/hardirq-reader");
  EXPECT_EQ(faithful.form, "faithful");
  EXPECT_EQ(faithful.hazard, "reader-interrupts-writer");
  EXPECT_THAT(faithful.expected, ElementsAre("livelock", "splat:inconsistent-state"));
  EXPECT_EQ(faithful.summary, "write_seqlock");
  EXPECT_THAT((*cases)[2].expected, testing::IsEmpty());
}

TEST(Cases, RefusesWhatIsNoTable) {
  for (const char* bad : {"", "#case\n", "a\tbounded\t-\tclean\n", "a\tbounded\t-\tclean\tsummary\tmore\n",
                          "\tbounded\t-\tclean\tsummary\n", "a\tbounded\t-\t\tsummary\n",
                          "a\tbounded\t-\tx,,y\tsummary\n", "a\t\t-\tclean\tsummary\n"}) {
    const auto cases = parse_cases(bad);
    ASSERT_FALSE(cases) << bad;
    EXPECT_THAT(cases.error().what, HasSubstr("'cases'"));
    EXPECT_THAT(cases.error().hint, HasSubstr("one build"));
  }
}

TEST(StatusFile, ReadsIdleAndRunning) {
  const auto idle = parse_status(status_text("idle", "", 0, 4));
  ASSERT_TRUE(idle);
  EXPECT_TRUE(idle->idle());
  EXPECT_EQ(idle->runs, 4U);
  const auto running = parse_status(status_text("running", "a/b", 3, 4));
  ASSERT_TRUE(running);
  EXPECT_FALSE(running->idle());
  EXPECT_EQ(running->name, "a/b");
  EXPECT_EQ(running->turn, 3U);
  EXPECT_EQ(running->loops, 10U);
}

TEST(StatusFile, TakesKeysItDoesNotKnow) {
  EXPECT_TRUE(parse_status(status_text("idle", "", 0, 0) + "mood=good\n"));
}

TEST(StatusFile, RefusesEveryKindOfDamage) {
  const std::string good = status_text("running", "a/b", 3, 4);
  const std::pair<std::string, std::string> bad[] = {
      {with(good, "state=running", "state=dancing"), "unknown state 'dancing'"},
      {with(good, "turn=3", "turn=three"), "turn='three' is not a number"},
      {with(good, "loops=10\n", ""), "no 'loops'"},
      {with(good, "case=a/b\n", ""), "no 'case'"},
      {with(good, "runs=4", "runs=4\nruns=5"), "'runs' comes twice"},
      {with(good, "form=bounded", "form bounded"), "'form bounded' is not key=value"},
      {with(good, "form=bounded", "=bounded"), "is not key=value"},
      {with(good, "abi=1\n", ""), "no 'abi'"},
      {"", "no 'abi'"},
  };
  for (const auto& [text, why] : bad) {
    const auto status = parse_status(text);
    ASSERT_FALSE(status) << text;
    EXPECT_THAT(status.error().what, HasSubstr(why));
    EXPECT_THAT(status.error().what, HasSubstr("'status'"));
  }
}

TEST(StatusFile, SaysThatTheInterfaceIsAnother) {
  const auto status = parse_status(with(status_text("idle", "", 0, 0), "abi=1", "abi=2"));
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("version 2"));
}

TEST(ResultFile, HasTheKernelBeforeTheFirstRun) {
  const auto file = parse_result("abi=1\nruns=0\n" + std::string(test::kKernel));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->last);
  EXPECT_EQ(file->kernel.release, "6.1.0-56-amd64");
  EXPECT_THAT(file->kernel.flags, ElementsAre(Pair("lockdep", true), Pair("rt", false), Pair("smp", true)));
}

TEST(ResultFile, ReadsARun) {
  const auto file = parse_result(result_text("irqsave/hardirq-reader", 2, false, true));
  ASSERT_TRUE(file) << file.error().line();
  ASSERT_TRUE(file->last);
  const RunResult& last = *file->last;
  EXPECT_EQ(last.name, "irqsave/hardirq-reader");
  EXPECT_THAT(last.verdict, ElementsAre("livelock", "splat:circular"));
  EXPECT_THAT(last.expected, testing::IsEmpty());
  EXPECT_FALSE(last.ok);
  EXPECT_TRUE(last.stopped);
  EXPECT_EQ(last.reason, "10 of 10 turns met the odd window, a=b");
  EXPECT_EQ(last.seed, UINT64_MAX);
  EXPECT_EQ(last.kernel.release, "6.1.0-56-amd64");
  EXPECT_EQ(last.plan, "0x8f3c000000000001");
  EXPECT_EQ(last.run_ns, 213'000'000U);
  EXPECT_THAT(last.counters, ElementsAre(Pair("spins", 31802U), Pair("turns", 10U)));
  EXPECT_THAT(last.facts, ElementsAre(Pair("preemptible", 1U)));
  EXPECT_THAT(last.params, ElementsAre(Pair("loops", 10U), Pair("seed", UINT64_MAX)));
}

TEST(ResultFile, RefusesEveryKindOfDamage) {
  const std::string good = result_text("a/b", 2);
  const std::pair<std::string, std::string> bad[] = {
      {with(good, "ok=1", "ok=2"), "ok is neither 0 nor 1"},
      {with(good, "ok=1\n", ""), "no 'ok'"},
      {with(good, "verdict=clean", "verdict="), "verdict='' is no list"},
      {with(good, "verdict=clean", "verdict=livelock,"), "is no list"},
      {with(good, "run_ns=213000000", "run_ns=99999999999999999999"), "is not a number"},
      {with(good, "counter.spins=31802", "counter.spins=many"), "counter.spins is not a number"},
      {with(good, "fact.preemptible=1", "fact.preemptible=yes"), "fact.preemptible is not a number"},
      {with(good, "runs=2\n", ""), "no 'runs'"},
      {with(good, "case=a/b\n", ""), "no 'case'"},
      {good.substr(0, good.find("seed=")), "no 'seed'"},
  };
  for (const auto& [text, why] : bad) {
    const auto file = parse_result(text);
    ASSERT_FALSE(file) << text;
    EXPECT_THAT(file.error().what, HasSubstr(why));
  }
}

TEST(HistogramFile, ReadsBucketsAndNone) {
  const auto buckets = parse_histogram(kHistogram);
  ASSERT_TRUE(buckets);
  ASSERT_EQ(buckets->size(), 3U);
  EXPECT_EQ((*buckets)[2].name, "writer_section");
  EXPECT_EQ((*buckets)[2].from_ns, 131072U);
  EXPECT_EQ((*buckets)[2].to_ns, 262144U);
  EXPECT_EQ((*buckets)[2].count, 10U);
  const auto none = parse_histogram("#name from_ns to_ns count\n");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(HistogramFile, RefusesEveryKindOfDamage) {
  for (const char* bad : {"reader_wait 1 2\n", "reader_wait 1 2 3 4\n", " 1 2 3\n", "reader_wait a 2 3\n",
                          "reader_wait 1 b 3\n", "reader_wait 1 2 -3\n"}) {
    EXPECT_FALSE(parse_histogram(bad)) << bad;
  }
}

}  // namespace
}  // namespace zlt::ctl
