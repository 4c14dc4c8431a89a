// SPDX-License-Identifier: GPL-2.0-only
//
// in() calls its body in the context that it is given, and leaves the context again.
#include "module/core/context.h"

#include <gmock/gmock.h>

#include "module/tests/fake_shim.h"
#include "module/tests/fake_shim_context.h"

namespace zlt::test {
namespace {

struct Seen {
  int calls = 0;
  bool preemptible = false;
  bool irqs_off = false;
  bool hardirq = false;
};

class ContextTest : public testing::TestWithParam<bool> {
 protected:
  Seen look(zlt::Context context) {
    Seen seen;
    EXPECT_TRUE(in(context, [&] {
      seen = {seen.calls + 1, zlt_preemptible(), zlt_irqs_disabled(), zlt_in_hardirq()};
    }));
    EXPECT_EQ(seen.calls, 1);
    EXPECT_TRUE(zlt_preemptible());
    EXPECT_THAT(kernel_.violations(), testing::IsEmpty());
    return seen;
  }

  FakeKernel kernel_{{.rt = GetParam()}};
  fake::OnCpu on_{0};
};

TEST_P(ContextTest, TaskIsTheCallersOwn) {
  const Seen seen = look(zlt::Context::kTask);
  EXPECT_TRUE(seen.preemptible);
}

TEST_P(ContextTest, PreemptOffLeavesInterruptsOn) {
  const Seen seen = look(zlt::Context::kPreemptOff);
  EXPECT_FALSE(seen.preemptible);
  EXPECT_FALSE(seen.irqs_off);
}

TEST_P(ContextTest, IrqOffMasksOnRtToo) {
  const Seen seen = look(zlt::Context::kIrqOff);
  EXPECT_TRUE(seen.irqs_off);
  EXPECT_FALSE(seen.hardirq);
}

TEST_P(ContextTest, HardirqIsOneOnRtToo) {
  const Seen seen = look(zlt::Context::kHardirq);
  EXPECT_TRUE(seen.hardirq);
  EXPECT_FALSE(seen.preemptible);
}

TEST_P(ContextTest, WhatIsOneOfASpinlockOnRtLeavesPreemptionOnThere) {
  for (const zlt::Context context :
       {zlt::Context::kBhOff, zlt::Context::kSpinlock, zlt::Context::kSoftirq, zlt::Context::kRcuCallback}) {
    const Seen seen = look(context);
    EXPECT_EQ(seen.preemptible, GetParam());
    EXPECT_FALSE(seen.irqs_off);
    EXPECT_FALSE(seen.hardirq);
  }
}

TEST_P(ContextTest, ARawSpinlockKeepsTheCpu) {
  EXPECT_FALSE(look(zlt::Context::kRawSpinlock).preemptible);
}

TEST_P(ContextTest, AReadSectionLeavesPreemptionOn) {
  EXPECT_TRUE(look(zlt::Context::kRcuReader).preemptible);
}

INSTANTIATE_TEST_SUITE_P(Rt, ContextTest, testing::Bool());

TEST(Context, AnInterruptThatDoesNotComeIsSaid) {
  const FakeKernel kernel({.time_scale = 100, .timers_fire = false});
  const fake::OnCpu on(0);
  bool called = false;
  EXPECT_FALSE(in(zlt::Context::kHardirq, [&] { called = true; }));
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace zlt::test
