// SPDX-License-Identifier: GPL-2.0-only
//
// Diseases of emulator and host: each is recognised by its evidence, and not without it.
#include "qemu/zlt/forensics/disease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qemu/zlt/forensics/stale_breakpoint.h"

namespace zlt::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Disease, AMachineThatQemuStoppedIsNoDeadKernel) {
  EXPECT_FALSE(stopped_clock("running"));
  for (const char* state : {"paused", "io-error", "internal-error"}) {
    const std::optional<Disease> found = stopped_clock(state);
    ASSERT_TRUE(found) << state;
    EXPECT_STREQ(found->known->name, "stopped-clock");
    EXPECT_THAT(found->detail, HasSubstr(state));
  }
}

TEST(Disease, StolenTimeIsTheHosts) {
  const HostTimes before =
      parse_host_times("cpu  100 0 100 1000 0 0 0 50 0 0\ncpu0 1 2 3\n", "nr_free 1\noom_kill 3\n");
  EXPECT_EQ(before.total, 1250U);
  EXPECT_EQ(before.stolen, 50U);
  EXPECT_EQ(before.oom_kills, 3U);
  EXPECT_FALSE(host_cpu(before, {1350, 90, 3}));
  const std::optional<Disease> found = host_cpu(before, {1350, 110, 3});
  ASSERT_TRUE(found);
  EXPECT_STREQ(found->known->name, "host-cpu");
  EXPECT_THAT(found->detail, HasSubstr("60 %"));
  EXPECT_FALSE(host_cpu(before, before));
  EXPECT_EQ(parse_host_times("nothing", "").total, 0U);
}

TEST(Disease, AKilledQemuIsTheHostsWhenItKilledForMemory) {
  EXPECT_TRUE(host_memory("QEMU died (killed by SIGKILL)", {0, 0, 3}, {0, 0, 4}));
  EXPECT_FALSE(host_memory("QEMU died (killed by SIGKILL)", {0, 0, 3}, {0, 0, 3}));
  EXPECT_FALSE(host_memory("QEMU died (killed by SIGSEGV)", {0, 0, 3}, {0, 0, 4}));
}

TEST(Disease, TakesTheVerdictAndKeepsWhatWasSeen) {
  report::CaseRecord record;
  record.observed = {"deadlock"};
  record.reason = "no progress for 2.0 s";
  blame_disease(record, {&kHostCpu, "90 % of it was stolen"});
  EXPECT_EQ(record.standing(), report::Standing::kInfra);
  EXPECT_EQ(record.disease, "host-cpu");
  EXPECT_THAT(record.reason, HasSubstr("deadlock, no progress for 2.0 s"));
}

TEST(Disease, EachHasANameAndASource) {
  for (const KnownDisease& each : kDiseases) {
    EXPECT_STRNE(each.name, "");
    EXPECT_STRNE(each.what, "");
    EXPECT_STRNE(each.source, "");
  }
}

class StaleBreakpoint : public testing::Test {
 protected:
  StaleBreakpoint() {
    symbols.add_system_map(
        "ffffffff81000000 T _text\nffffffff81001000 t enqueue_entity\nffffffff81002000 T kprobe_int3_handler\n"
        "ffffffff81003000 T asm_exc_int3\nffffffff81004000 t native_queued_spin_lock_slowpath\n");
  }
  Symbols symbols;
};

TEST_F(StaleBreakpoint, IsAVcpuThatOnlyHandlesInt3) {
  const VcpuPosition handler{0, 0xffffffff81002010, false};
  const VcpuPosition entry{0, 0xffffffff81003004, false};
  const VcpuPosition place{0, 0xffffffff81001020, false};
  const VcpuPosition lock{1, 0xffffffff81004001, false};
  EXPECT_EQ(vcpu_in_int3({{handler, lock}, {entry, lock}, {handler, lock}, {place, lock}}, symbols), 0U);
  EXPECT_FALSE(vcpu_in_int3({{lock}, {lock}}, symbols));
  EXPECT_FALSE(vcpu_in_int3({{place}, {handler}, {place}}, symbols));  // a kprobe that fires often
  EXPECT_FALSE(vcpu_in_int3({{VcpuPosition{0, 0xffffffff81002010, true}}}, symbols));
}

TEST_F(StaleBreakpoint, ReadsTheMonitorsWords) {
  EXPECT_THAT(parse_words("ffffc90000003f58: 0x0000000000000010 0xffffffff81001021\nffffc90000003f68: 0x18\n"),
              ElementsAre(0x10U, 0xffffffff81001021U, 0x18U));
  EXPECT_THAT(parse_words("Cannot access memory"), ElementsAre());
}

TEST_F(StaleBreakpoint, FindsWhereTheExceptionCameFrom) {
  const std::uint64_t text = 0xffffffff81001021U;
  const std::uint64_t stack = 0xffffc90000003f98U;
  EXPECT_EQ(returns_to({7, 0xffffffff81002000U, 5, text, 0x10, 0x46, stack, 0x18, 9}), text);
  EXPECT_FALSE(returns_to({text, 0x33, 0x46, stack, 0x2b}));  // user space
  EXPECT_FALSE(returns_to({text, 0x10, 0x46}));
}

}  // namespace
}  // namespace zlt::run
