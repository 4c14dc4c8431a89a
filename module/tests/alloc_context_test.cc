// SPDX-License-Identifier: GPL-2.0-only
//
// The family alloc-context: what each member says of its context and of the memory, and how it ends when something
// fails.
#include <gmock/gmock.h>

#include "module/tests/module_host.h"

namespace zlt::test {
namespace {

TEST(AllocContext, SaysWhetherMemoryCame) {
  Module module({.alloc_fails = true});
  const Pairs refused = module.run("alloc-context/hardirq-gfp-atomic loops=3");
  EXPECT_EQ(refused.at("counter.came"), "0");
  EXPECT_EQ(refused.at("counter.refused"), "3");
  EXPECT_EQ(refused.at("reason"), "memory came in 0 of 3 turns");
  EXPECT_EQ(refused.at("verdict"), "clean") << "who may not wait may be refused";
  EXPECT_EQ(module.run("alloc-context/task-gfp-kernel loops=3").at("reason"), "memory came in 3 of 3 turns");
}

TEST(AllocContext, AnInterruptThatDoesNotComeIsInfra) {
  Module module({.time_scale = 100, .timers_fire = false});
  const Pairs result = module.run("alloc-context/hardirq-gfp-kernel loops=1");
  EXPECT_EQ(result.at("verdict"), "infra");
  EXPECT_EQ(result.at("reason"), "the interrupt to allocate in did not come");
}

TEST(AllocContext, WithoutACacheItIsInfra) {
  Module module({.cache_error = -12});
  const Pairs result = module.run("alloc-context/task-gfp-kernel loops=1");
  EXPECT_EQ(result.at("verdict"), "infra");
  EXPECT_EQ(result.at("reason"), "cannot create a slab cache (error -12)");
}

// The table of expectations, against the reasons in the scenario's header.
TEST(AllocContext, ExpectsWhatTheChecksSay) {
  const auto expectation = [](const std::string& id, const FakeConfig& config) {
    for (const Case* test : cases()) {
      if (test->id == id) return verdict_text(Pairing{test, {"", config}}.expectation(Form::kBounded));
    }
    return std::string("no such case");
  };
  const FakeConfig plain = {};
  const FakeConfig rt = {.rt = true};
  const FakeConfig lockdep = {.lockdep = true, .raw_nesting = true, .atomic_sleep = true};
  FakeConfig rt_lockdep = lockdep;
  rt_lockdep.rt = true;
  FakeConfig rt_bare_lockdep = rt_lockdep;
  rt_bare_lockdep.raw_nesting = false;

  for (const char* member : {"task-gfp-kernel", "task-gfp-atomic", "spinlock-gfp-atomic", "bh-off-gfp-nowait"}) {
    EXPECT_EQ(expectation(std::string("alloc-context/") + member, rt_lockdep), "clean");
  }
  for (const Case* test : cases()) {
    if (!std::string(test->id).starts_with("alloc-context/")) continue;
    EXPECT_EQ(expectation(test->id, plain), "clean");
    EXPECT_EQ(expectation(test->id, rt), "clean") << "nobody looks";
  }
  EXPECT_EQ(expectation("alloc-context/preempt-off-gfp-kernel", lockdep), "splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/irq-off-gfp-kernel", lockdep), "splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/hardirq-gfp-kernel", lockdep), "splat:inconsistent-state,splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/hardirq-gfp-atomic", lockdep), "clean");
  EXPECT_EQ(expectation("alloc-context/softirq-gfp-kernel", lockdep), "splat:inconsistent-state,splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/softirq-gfp-kernel", rt_lockdep), "splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/raw-spinlock-gfp-nowait", lockdep), "splat:wait-context");
  EXPECT_EQ(expectation("alloc-context/raw-spinlock-gfp-nowait", rt_lockdep),
            "splat:sleeping-atomic,splat:wait-context");
  EXPECT_EQ(expectation("alloc-context/irq-off-gfp-atomic", rt_lockdep), "splat:sleeping-atomic");
  EXPECT_EQ(expectation("alloc-context/hardirq-gfp-atomic", rt_lockdep), "splat:sleeping-atomic,splat:wait-context");
  EXPECT_EQ(expectation("alloc-context/hardirq-gfp-atomic", rt_bare_lockdep),
            "splat:inconsistent-state,splat:sleeping-atomic");
}

}  // namespace
}  // namespace zlt::test
