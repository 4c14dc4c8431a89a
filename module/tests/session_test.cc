// SPDX-License-Identifier: GPL-2.0-only
//
// What `run` and `stop` accept and refuse, from a fresh module and while a run goes on.
#include <gmock/gmock.h>

#include <atomic>
#include <cerrno>
#include <random>
#include <thread>

#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using testing::HasSubstr;

// Turns enough for days, pauses and windows as long as they may be.
std::string endless(const Case& test) {
  return std::string(test.id) + " loops=1000000 hold_us=100000 period_us=1000000";
}

TEST(Session, AnUnknownCaseIsRefusedAndTheLogNamesAll) {
  Module module;
  EXPECT_EQ(module.write("run", "irqs-on/nobody"), -EINVAL);
  EXPECT_TRUE(module.kernel().logged("unknown case 'irqs-on/nobody'"));
  for (const Case* test : cases()) EXPECT_TRUE(module.kernel().logged(std::string("  ") + test->id));
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Session, NoCaseIsAnUnknownOne) {
  Module module;
  for (const char* text : {"", " ", "\n"}) EXPECT_EQ(module.write("run", text), -EINVAL);
  EXPECT_TRUE(module.kernel().logged("unknown case ''"));
}

TEST(Session, AScenarioAloneIsNoCase) {
  Module module;
  for (const char* text : {"irqs-on", "irqs-on/", "irqs-on/hardirq-readers", "IRQS-ON/HARDIRQ-READER"}) {
    EXPECT_EQ(module.write("run", text), -EINVAL) << text;
  }
}

TEST(Session, BadWordsAreRefused) {
  Module module;
  for (const char* words :
       {"loop=3", "loops", "loops=", "loops=0", "loops=1000001", "hold_us=9", "period_us=-1", "seed=x", "form=brave",
        "writer_cpu=2", "reader_cpu=7", "writer_cpu=8192", "loops=3 nonsense", "=="}) {
    EXPECT_EQ(module.write("run", std::string(cases()[0]->id) + " " + words), -EINVAL) << words;
  }
  EXPECT_EQ(module.status()["runs"], module.result()["runs"]);
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Session, TooLongAWriteIsRefused) {
  Module module;
  EXPECT_EQ(module.write("run", std::string(5000, 'a')), -EINVAL);
  EXPECT_EQ(module.write("run", std::string(4095, 'a')), -EINVAL);
}

TEST(Session, BytesThatAreNoTextAreRefused) {
  Module module;
  EXPECT_EQ(module.write("run", std::string("\0\xff\x80%s%n", 7)), -EINVAL);
}

// Good lines with bytes changed, cut, doubled: refused or run, never anything else.
TEST(Session, DamagedLinesAreRefusedOrRun) {
  Module module;
  const std::string good = "irqsave/softirq-reader loops=2 hold_us=10 period_us=0 seed=0x7f form=bounded writer_cpu=0";
  std::mt19937 random(20230601);
  const auto below = [&](size_t bound) { return random() % bound; };
  for (int i = 0; i < 2000; ++i) {
    std::string line = good;
    for (size_t changes = 1 + below(3); changes > 0; --changes) {
      const size_t at = below(line.size());
      const size_t length = below(4);
      if (below(3) == 0) line.erase(at, length + 1);
      if (below(3) == 0) line.insert(at, line.substr(at, length));
      if (below(2) == 0 && at < line.size()) line[at] = static_cast<char>(below(256));
      if (line.empty()) line = " ";
    }
    const int error = module.write("run", line);
    ASSERT_TRUE(error == 0 || error == -EINVAL || error == -EPERM) << error << " for " << testing::PrintToString(line);
    ASSERT_EQ(module.write("stop", ""), 0);
  }
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Session, AFaithfulRunNeedsAllowHang) {
  for (const Case* test : cases()) {
    Module module;
    if (!test->has(Form::kFaithful)) continue;
    EXPECT_EQ(module.write("run", std::string(test->id) + " form=faithful"), -EPERM);
    EXPECT_TRUE(module.kernel().logged(std::string(test->id) + " form=faithful may hang this machine")) << test->id;
    EXPECT_TRUE(module.kernel().logged("allow_hang=1"));
    EXPECT_EQ(module.status()["state"], "idle");
  }
}

TEST(Session, AFormThatACaseLacksIsRefusedAndSaid) {
  Module module;
  for (const char* words : {" form=faithful", " form=faithful allow_hang=1"}) {
    EXPECT_EQ(module.write("run", std::string("alloc-context/task-gfp-atomic") + words), -EINVAL);
    EXPECT_EQ(module.kernel().log().back(),
              "zltorture: alloc-context/task-gfp-atomic has no faithful form; it has: bounded");
  }
  EXPECT_EQ(module.run("alloc-context/task-gfp-atomic form=bounded loops=1").at("verdict"), "clean");
}

TEST(Session, AllowHangIsTakenFromTheParametersToo) {
  Module module;
  ASSERT_EQ(zlt_core_param_set(static_cast<unsigned int>(abi::Param::kAllowHang), "1\n"), 0);
  const Pairs result = module.run("irqs-on/remote-reader form=faithful loops=1");
  EXPECT_EQ(result.at("verdict"), "clean");
  EXPECT_EQ(result.at("form"), "faithful");
  EXPECT_EQ(module.write("run", "irqs-on/remote-reader form=faithful allow_hang=0"), -EPERM);
}

TEST(Session, ASecondRunIsBusy) {
  Module module;
  ASSERT_EQ(module.write("run", endless(*cases()[1])), 0);
  EXPECT_EQ(module.write("run", cases()[0]->id), -EBUSY);
  EXPECT_TRUE(
      module.kernel().logged(std::string("a run of ") + cases()[1]->id + " is going on: write to 'stop' first"));
  EXPECT_EQ(module.write("run", "nonsense"), -EINVAL) << "said before busy";
  EXPECT_EQ(module.status()["case"], cases()[1]->id) << "the first one goes on";
  EXPECT_EQ(module.write("stop", "1"), 0);
  EXPECT_EQ(module.run(std::string(cases()[1]->id) + " loops=1").at("verdict"), "clean");
}

TEST(Session, ASeedOfZeroDrawsOne) {
  Module module;
  const std::string first = module.run("irqsave/softirq-reader loops=1").at("seed");
  const std::string second = module.run("irqsave/softirq-reader loops=1").at("seed");
  EXPECT_NE(first, "0");
  EXPECT_NE(first, second);
  EXPECT_EQ(module.result().at("param.seed"), second);
}

TEST(Session, TheSameSeedHasTheSameScheduleOnEveryKernel) {
  std::string digest;
  for (const NamedKernel& kernel : kernels()) {
    Module module(kernel.config);
    const std::string plan = module.run("irqsave/softirq-reader loops=2 seed=99").at("plan");
    if (digest.empty()) digest = plan;
    EXPECT_EQ(plan, digest) << kernel.name;
  }
}

TEST(Session, ARunWithoutAThreadIsTheErrorAndLeavesTheModuleIdle) {
  Module module({.thread_error = -12, .failing_thread = "run"});
  EXPECT_EQ(module.write("run", cases()[0]->id), -12);
  EXPECT_TRUE(module.kernel().logged("cannot start the run's thread: error -12"));
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Session, StopWithNothingToStopIsFine) {
  Module module;
  EXPECT_EQ(module.write("stop", ""), 0);
  EXPECT_EQ(module.write("stop", "now\n"), 0);
}

TEST(Session, SeveralMayStopAtOnce) {
  Module module;
  ASSERT_EQ(module.write("run", endless(*cases()[1])), 0);
  std::vector<std::thread> stoppers;
  stoppers.reserve(4);
  std::atomic<int> errors{0};
  for (int i = 0; i < 4; ++i) stoppers.emplace_back([&] { errors += module.write("stop", "1") != 0; });
  for (auto& stopper : stoppers) stopper.join();
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Session, ParametersMayChangeWhileRunsStart) {
  Module module;
  std::atomic<bool> quit{false};
  std::thread writer([&] {
    for (unsigned int i = 0; !quit; ++i) {
      EXPECT_EQ(zlt_core_param_set(static_cast<unsigned int>(abi::Param::kHoldUs), i % 2 != 0 ? "20" : "30"), 0);
    }
  });
  for (int i = 0; i < 20; ++i) {
    const Pairs result = module.run("irqsave/softirq-reader loops=1 period_us=0");
    EXPECT_THAT(result.at("param.hold_us"), testing::AnyOf("20", "30", "200"));
  }
  quit = true;
  writer.join();
}

TEST(Session, EverythingMayBeReadWhileRunsComeAndGo) {
  Module module;
  std::atomic<bool> quit{false};
  std::vector<std::thread> readers;
  for (const char* file : {"cases", "status", "result", "histogram"}) {
    readers.emplace_back([&, file] {
      while (!quit) EXPECT_FALSE(module.read(file).empty());
    });
  }
  for (int i = 0; i < 10; ++i) EXPECT_EQ(module.run("irqs-on/remote-reader loops=2").at("ok"), "1");
  quit = true;
  for (auto& reader : readers) reader.join();
}

struct DuringCase : testing::TestWithParam<Pairing> {
  [[nodiscard]] static const Case& test() { return *GetParam().test; }
  [[nodiscard]] static const FakeConfig& config() { return GetParam().kernel.config; }
};

class StopDuring : public DuringCase {};

// A run that would take days: that stop returns at all is the proof, and that it takes no further turn.
TEST_P(StopDuring, IsCleanAndTakesNoFurtherTurn) {
  Module module(config());
  ASSERT_EQ(module.write("run", endless(test())), 0);
  ASSERT_EQ(module.status()["state"], "running");
  const uint64_t before = module.turns();
  ASSERT_EQ(module.write("stop", "1"), 0);
  EXPECT_EQ(module.status()["state"], "idle");
  const Pairs result = module.result();
  EXPECT_LE(std::stoull(result.at("counter.turns")), before + 1);
  EXPECT_LE(module.kernel().longest_sleep_us(), 10'000U);
  EXPECT_EQ(result.at("stopped"), "1");
  EXPECT_THAT(result.at("verdict"), testing::Not(HasSubstr("infra"))) << result.at("reason");
}

// At any point of a turn: windows and pauses are short, the moment is left to chance.
TEST_P(StopDuring, IsCleanAtAnyMoment) {
  Module module(config());
  for (int i = 0; i < 15; ++i) {
    ASSERT_EQ(module.write("run", std::string(test().id) + " loops=1000000 hold_us=300 period_us=300"), 0);
    const uint64_t wanted = static_cast<uint64_t>(i) % 3;
    ASSERT_TRUE(await([&] { return module.turns() >= wanted || module.status()["state"] == "idle"; }));
    std::this_thread::sleep_for(std::chrono::microseconds(37 * i));
    ASSERT_EQ(module.write("stop", "1"), 0);
    EXPECT_EQ(module.status()["state"], "idle");
    EXPECT_THAT(module.result().at("verdict"), testing::Not(HasSubstr("infra"))) << module.result().at("reason");
  }
}

class UnloadDuring : public DuringCase {};

// ~Module and ~FakeKernel look for what was left behind: threads, timers, consoles, files.
TEST_P(UnloadDuring, LeavesNothing) {
  Module module(config());
  ASSERT_EQ(module.write("run", endless(test())), 0);
  module.unload();
  EXPECT_EQ(module.write("run", test().id), -ENOENT);
  EXPECT_EQ(module.kernel().threads(), 0);
}

std::string name_of_test(const testing::TestParamInfo<Pairing>& info) {
  return info.param.name();
}

INSTANTIATE_TEST_SUITE_P(Cases, StopDuring, testing::ValuesIn(pairings(Pairing::on_plain_or_rt)), name_of_test);
INSTANTIATE_TEST_SUITE_P(Cases, UnloadDuring, testing::ValuesIn(pairings(Pairing::on_plain_or_rt)), name_of_test);

}  // namespace
}  // namespace zlt::test
