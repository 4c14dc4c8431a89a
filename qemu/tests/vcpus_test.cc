// SPDX-License-Identifier: GPL-2.0-only
#include "qemu/zlt/forensics/vcpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zlt::run {
namespace {

using testing::HasSubstr;

// As QEMU 7.2 prints it, shortened.
constexpr const char* kRegisters =
    "\r\nCPU#0\r\n"
    "RAX=0000000000000001 RBX=ffffc90000003f08 RCX=0000000000000000 RDX=0000000000000000\r\n"
    "RIP=ffffffff81001010 RFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0\r\n"
    "ES =0000 0000000000000000 ffffffff 00c00000\r\n"
    "\r\nCPU#1\r\n"
    "RAX=0000000000000000\r\n"
    "RIP=ffffffff81002004 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n";

constexpr const char* kMapOfLocks =
    "ffffffff81001000 t native_queued_spin_lock_slowpath\n"
    "ffffffff81002000 T default_idle\n"
    "ffffffff81003000 T _raw_spin_unlock_irqrestore\n"
    "ffffffff81004000 T ktime_get\n";

constexpr std::uint64_t kInLock = 0xffffffff81001008;
constexpr std::uint64_t kInUnlock = 0xffffffff81003008;
constexpr std::uint64_t kElsewhere = 0xffffffff81004008;

Symbols lock_symbols() {
  Symbols out;
  out.add_system_map(kMapOfLocks);
  return out;
}

TEST(Registers, AreParsed) {
  const std::vector<VcpuPosition> positions = parse_registers(kRegisters);
  ASSERT_EQ(positions.size(), 2U);
  EXPECT_EQ(positions[0].rip, 0xffffffff81001010U);
  EXPECT_FALSE(positions[0].halted);
  EXPECT_EQ(positions[1].cpu, 1U);
  EXPECT_TRUE(positions[1].halted);
}

TEST(Registers, WhatIsCutIsLeftOut) {
  EXPECT_TRUE(parse_registers("").empty());
  EXPECT_TRUE(parse_registers("CPU#").empty());
  EXPECT_EQ(parse_registers(std::string(kRegisters).substr(0, 260)).size(), 1U);
}

TEST(Hang, SpinningInALockIsADeadlock) {
  const HangFinding found = judge_hang({{{0, kElsewhere, false}, {1, kInLock, false}}}, lock_symbols());
  EXPECT_EQ(found.outcome, "deadlock");
  EXPECT_EQ(found.vcpus.at(1), "spinning in native_queued_spin_lock_slowpath+0x8");
  EXPECT_THAT(found.reason, HasSubstr("vCPU 0 spinning in ktime_get+0x8, vCPU 1 spinning"));
}

TEST(Hang, ALockSeenOnceIsTheLock) {
  const HangFinding found = judge_hang({{{0, kElsewhere, false}}, {{0, kInLock, false}}}, lock_symbols());
  EXPECT_EQ(found.outcome, "deadlock");
  EXPECT_EQ(found.vcpus.at(0), "spinning in native_queued_spin_lock_slowpath+0x8");
}

TEST(Hang, SpinningElsewhereIsALivelock) {
  const HangFinding found = judge_hang({{{0, kElsewhere, false}, {1, 0, true}}}, lock_symbols());
  EXPECT_EQ(found.outcome, "livelock");
  EXPECT_FALSE(found.idle);
  EXPECT_EQ(found.vcpus.at(1), "halted");
}

TEST(Hang, UnlockingIsNoWaiting) {
  EXPECT_EQ(judge_hang({{{0, kInUnlock, false}}}, lock_symbols()).outcome, "livelock");
}

TEST(Hang, WhoSleepsInBetweenDoesNotSpin) {
  const HangFinding found =
      judge_hang({{{0, kElsewhere, false}, {1, kInLock, false}}, {{0, 0, true}, {1, 0, true}}}, lock_symbols());
  EXPECT_EQ(found.outcome, "deadlock");
  EXPECT_EQ(found.reason, "vCPU 0 halted, vCPU 1 halted");
  EXPECT_TRUE(found.idle);
}

TEST(Hang, NobodySpinningIsADeadlockOfSleepers) {
  EXPECT_EQ(judge_hang({{{0, 0, true}, {1, 0, true}}}, lock_symbols()).outcome, "deadlock");
}

}  // namespace
}  // namespace zlt::run
