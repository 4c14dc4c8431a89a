// SPDX-License-Identifier: GPL-2.0-only
//
// The scenario pcp: what becomes of the pages, and how it ends when something fails.
#include <gmock/gmock.h>

#include "module/tests/fake_shim_pages.h"
#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

TEST(Pcp, EveryPageComesBack) {
  for (const char* id : {"pcp/lock-irqsave", "pcp/trylock-irq-reentry", "pcp/remote-drain"}) {
    Module module;
    const Pairs result = module.run(std::string(id) + " loops=20");
    EXPECT_EQ(result.at("verdict"), "clean") << id << ": " << result.at("reason");
    EXPECT_EQ(result.at("counter.refilled"), "320") << id;
    EXPECT_EQ(result.at("counter.drained"), "320") << id;
    EXPECT_EQ(module.kernel().pages().taken(), 0U) << id;
  }
}

TEST(Pcp, TheInterruptGoesPastTheList) {
  Module module;
  EXPECT_EQ(module.run("pcp/trylock-irq-reentry loops=7").at("counter.bypassed"), "7");
}

TEST(Pcp, ALockWithoutStateLetsBothIn) {
  Module module({.trylock_tells = false, .smp = false, .cpus = 1});
  const Pairs result = module.run("pcp/trylock-irq-reentry loops=7");
  EXPECT_EQ(result.at("verdict"), "corruption");
  EXPECT_EQ(result.at("reason"), "an interrupt got the lock of the list, which the code below it holds");
  EXPECT_EQ(module.kernel().pages().taken(), 0U);
}

TEST(Pcp, AnInterruptThatDoesNotComeIsInfra) {
  Module module({.time_scale = 100, .timers_fire = false});
  const Pairs result = module.run("pcp/trylock-irq-reentry loops=1");
  EXPECT_EQ(result.at("verdict"), "infra");
  EXPECT_EQ(result.at("reason"), "the interrupt did not come");
}

}  // namespace
}  // namespace zlt::test
