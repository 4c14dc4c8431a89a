// SPDX-License-Identifier: GPL-2.0-only
//
// insmod, rmmod and the module's parameters.
#include <gmock/gmock.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "module/abi/params.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

using abi::Param;

constexpr auto kIndex = [](Param param) { return static_cast<unsigned int>(param); };

TEST(Entry, LoadingSaysSoAndStartsNothing) {
  Module module;
  EXPECT_EQ(module.error(), 0);
  EXPECT_THAT(module.kernel().log(),
              testing::ElementsAre(
                  "zltorture: loaded on 6.12.0-fake; nothing runs until a case is written to debugfs zltorture/run"));
  EXPECT_EQ(module.kernel().threads(), 0);
  EXPECT_EQ(module.status()["state"], "idle");
}

TEST(Entry, WithoutDebugfsItRefusesWithOneLine) {
  for (const int error : {-ENODEV, -EPERM}) {
    Module module({.debugfs_error = error});
    EXPECT_EQ(module.error(), error);
    const auto log = module.kernel().log();
    ASSERT_EQ(log.size(), 1U);
    EXPECT_THAT(log[0],
                testing::HasSubstr("not loaded: no debugfs to be driven by (error " + std::to_string(error) + ")"));
    EXPECT_THAT(log[0], testing::HasSubstr("CONFIG_DEBUG_FS"));
  }
}

TEST(Entry, WithoutKprobesItLoadsAndOneCaseIsUnsupportedWithTheReason) {
  Module module({.kprobes = false});
  ASSERT_EQ(module.error(), 0);
  const Pairs result = module.run("deferred-inside/port-feeder");
  EXPECT_EQ(result.at("verdict"), "unsupported");
  EXPECT_EQ(result.at("expected"), "unsupported");
  EXPECT_EQ(result.at("ok"), "1");
  EXPECT_EQ(result.at("reason"), "a kprobe cannot find printk_deferred_enter (error -95)");
  EXPECT_EQ(module.run("irqsave/hardirq-reader loops=1").at("verdict"), "clean");
}

TEST(Entry, AConsoleThatCannotBeRegisteredIsInfra) {
  Module module({.console_error = -EBUSY});
  const Pairs result = module.run("printk-inside/port-feeder loops=1");
  EXPECT_EQ(result.at("verdict"), "infra");
  EXPECT_EQ(result.at("ok"), "0");
  EXPECT_EQ(result.at("reason"), "cannot register the port console (error -16)");
}

TEST(Entry, FilesAreGoneAfterUnloading) {
  Module module;
  module.unload();
  for (const char* file : {"cases", "run", "stop", "status", "result", "histogram"}) {
    EXPECT_EQ(module.kernel().read(file), std::nullopt);
    EXPECT_EQ(module.write(file, "x"), -ENOENT);
  }
}

// A `run` that is being written while the module goes away: it gets in and is stopped, or finds no file.
TEST(Entry, UnloadingWhileRunsAreWrittenLeavesNothing) {
  for (int i = 0; i < 20; ++i) {
    Module module;
    std::atomic<bool> begun{false};
    std::thread writer([&] {
      int error = 0;
      while (error != -ENOENT) {
        error = module.write("run", "irqsave/softirq-reader loops=1000 hold_us=10 period_us=0");
        begun = true;
      }
    });
    while (!begun) std::this_thread::yield();
    module.unload();
    writer.join();
    EXPECT_EQ(module.kernel().threads(), 0);
  }
}

TEST(Entry, UnloadingWaitsForReadersThatAreInside) {
  for (int i = 0; i < 20; ++i) {
    Module module;
    std::thread reader([&] {
      while (module.kernel().read("cases").has_value()) {
      }
    });
    module.unload();
    reader.join();
  }
}

TEST(Param, EachKeepsWhatItIsGiven) {
  Module module;
  for (unsigned int i = 0; i < abi::kParamCount; ++i) {
    const auto& spec = abi::kParams[i];
    EXPECT_EQ(zlt_core_param_get(i), spec.fallback) << spec.name;
    for (const uint64_t value : {spec.max, spec.min}) {
      EXPECT_EQ(zlt_core_param_set(i, std::to_string(value).c_str()), 0) << spec.name;
      EXPECT_EQ(zlt_core_param_get(i), value) << spec.name;
    }
  }
}

// sysfs hands over what was echoed, with its newline; insmod the bare text.
TEST(Param, TakesANewline) {
  Module module;
  EXPECT_EQ(zlt_core_param_set(kIndex(Param::kLoops), "33\n"), 0);
  EXPECT_EQ(zlt_core_param_get(kIndex(Param::kLoops)), 33U);
}

TEST(Param, RefusesWhatIsOutOfRangeAndKeepsTheOldValue) {
  Module module;
  for (const char* text : {"0", "1000001", "-1", "", "\n", "ten", "5 6", "5,", "0x", "99999999999999999999999"}) {
    EXPECT_EQ(zlt_core_param_set(kIndex(Param::kLoops), text), -EINVAL) << text;
    EXPECT_THAT(module.kernel().log().back(), testing::HasSubstr("is not a number from 1 to 1000000")) << text;
  }
  EXPECT_EQ(zlt_core_param_get(kIndex(Param::kLoops)), 10U);
}

TEST(Param, MayBeSetBeforeTheModuleIsInitialised) {
  FakeKernel kernel;
  EXPECT_EQ(zlt_core_param_set(kIndex(Param::kLoops), "5"), 0);
  EXPECT_EQ(zlt_core_param_set(kIndex(Param::kLoops), "0"), -EINVAL);
  ASSERT_EQ(zlt_core_init(), 0);
  EXPECT_EQ(zlt_core_param_get(kIndex(Param::kLoops)), 5U);
  zlt_core_exit();
  EXPECT_EQ(zlt_core_param_set(kIndex(Param::kLoops), "10"), 0);
}

TEST(Param, IsWhatARunStartsFromAndWordsOverride) {
  Module module;
  ASSERT_EQ(zlt_core_param_set(kIndex(Param::kLoops), "2"), 0);
  ASSERT_EQ(zlt_core_param_set(kIndex(Param::kSeed), "41"), 0);
  EXPECT_EQ(module.run("irqsave/softirq-reader").at("param.loops"), "2");
  const Pairs result = module.run("irqsave/softirq-reader loops=1");
  EXPECT_EQ(result.at("param.loops"), "1");
  EXPECT_EQ(result.at("seed"), "41");
  EXPECT_EQ(zlt_core_param_get(kIndex(Param::kLoops)), 2U) << "a run's words are its own";
}

}  // namespace
}  // namespace zlt::test
