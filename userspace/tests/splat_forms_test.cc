// SPDX-License-Identifier: GPL-2.0-only
//
// Forms of a report that architectures, old kernels, real-time kernels and collectors give it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

struct Form {
  const char* name;
  const char* title;
  const char* log;
};

constexpr Form kForms[] = {
    {"ArmWithoutAHead", "BUG: scheduling while atomic in spool_next",
     "[    1.000000] BUG: scheduling while atomic: spoold/12/0x00000002\n"
     "[    1.000000] [<c0011725>] (unwind_backtrace) from [<c000fdcf>] (show_stack+0xb/0xc)\n"
     "[    1.000000] [<c000fdcf>] (show_stack) from [<c002d2ab>] (__schedule_bug+0x3f/0x60)\n"
     "[    1.000000] [<c002d2ab>] (__schedule_bug) from [<c02441f5>] (schedule+0x29/0x284)\n"
     "[    1.000000] [<c02441f5>] (schedule) from [<c02444a7>] (spool_next+0x57/0x64)\n"
     "[    1.000000] [<c02444a7>] (spool_next) from [<c02444b7>] (spool_run+0x57/0x64)\n"},
    {"ArmWithModules", "UBSAN: array-index-out-of-bounds in spool_next",
     "[    1.000000] UBSAN: array-index-out-of-bounds in drivers/spool/job.c:12:3\n"
     "[    1.000000] Call trace: \n"
     "[    1.000000]  unwind_backtrace from show_stack+0x18/0x1c\n"
     "[    1.000000]  show_stack from ubsan_epilogue+0x8/0x34\n"
     "[    1.000000]  ubsan_epilogue from spool_next+0x110/0x3e4 [spool]\n"
     "[    1.000000]  spool_next [spool] from spool_run+0x248/0x2b4 [spool]\n"
     "[    1.000000] ---[ end trace ]---\n"},
    {"RealTimeLocks", "BUG: scheduling while atomic in spool_next",
     "[    1.000000] BUG: scheduling while atomic: spoold/12/0x00000002\n[    1.000000] Call Trace:\n"
     "[    1.000000]  schedule_rtlock+0x2c/0xd0\n[    1.000000]  rtlock_slowlock_locked+0x1c3/0x300\n"
     "[    1.000000]  rt_spin_lock+0x76/0xd0\n[    1.000000]  spool_next+0x99/0x560\n"},
    {"HardLockupAsAWarning", "hard LOCKUP in spool_next",
     "[    1.000000] ------------[ cut here ]------------\n"
     "[    1.000000] WARNING: CPU: 3 PID: 12 at kernel/watchdog.c:265 watchdog_overflow_callback+0x98/0xc0()\n"
     "[    1.000000] Watchdog detected hard LOCKUP on cpu 3\n[    1.000000] Call Trace:\n"
     "[    1.000000]  <NMI>  [<ffffffff8150b4c5>] dump_stack+0x41/0x51\n"
     "[    1.000000]  [<ffffffff810677cc>] warn_slowpath_fmt+0x4c/0x50\n"
     "[    1.000000]  [<ffffffff810fccd8>] watchdog_overflow_callback+0x98/0xc0\n"
     "[    1.000000]  [<ffffffff81134338>] __perf_event_overflow+0x7f/0x1c0\n"
     "[    1.000000]  [<ffffffffa0134338>] spool_next+0x7f/0x1c0 [spool]\n"
     "[    1.000000] ---[ end trace 92750d3eb1480a4a ]---\n"},
    {"LockOrderOfReaders", "possible deadlock in spool_next",
     "[    1.000000] WARNING: HARDIRQ-READ-safe -> HARDIRQ-READ-unsafe lock order detected\n"
     "[    1.000000] ... which became HARDIRQ-READ-irq-safe at:\n[    1.000000]   lock_acquire+0x1/0x2\n"
     "[    1.000000]   spool_next+0x1/0x2\n"},
    {"FirstLineTwice", "BUG: Bad page state in spool_next",
     "Nov  3 15:20:05 host kernel: BUG: Bad page state in process spoold  pfn:2663ff\n"
     "Nov  3 15:20:05 host kernel: BUG: Bad page state in process spoold  pfn:2663ff\n"
     "Nov  3 15:20:05 host kernel: Call Trace:\nNov  3 15:20:05 host kernel: bad_page+0xab/0x100\n"
     "Nov  3 15:20:05 host kernel: spool_next+0x11c/0x1a0\n"},
    {"NewlinesOfRsyslog", "possible deadlock in spool_next",
     "2026-03-26T20:52:22.526425+00:00 host kernel: [ INFO: possible circular locking dependency detected ]\n"
     "2026-03-26T20:52:22.526661+00:00 host kernel: spoold/12 is trying to acquire lock:\n"
     "2026-03-26T20:52:22.526779+00:00 host kernel: (&a->lock){+.+.+.}, at: [<ffffffffa04b609d>] "
     "spool_next+0x6d/0x320\n"
     "2026-03-26T20:52:22.526854+00:00 host kernel: #012but task is already holding lock:\n"
     "2026-03-26T20:52:22.527082+00:00 host kernel: #012-> #0 (&a->lock){+.+.+.}:\n"
     "2026-03-26T20:52:22.527136+00:00 host kernel:       [<ffffffff811061a6>] lock_acquire+0x196/0x1e0\n"},
    {"QuotedInAMail", "kernel panic: Attempted to kill init!",
     "> Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b\n"
     "> [<800138c8>] (unwind_backtrace+0x0/0xf8) from [<802d9974>] (panic+0x5c/0x18c)\n"
     "> [<802d9974>] (panic+0x5c/0x18c) from [<80023970>] (do_exit+0x590/0x63c)\n"},
    {"StampsOfATerminal", "WARNING in spool_next",
     "[2026/07/05, 13:43:52.334] WARNING: CPU: 0 PID: 3 at drivers/spool/job.c:12 spool_next+0x1/0x2\n"
     "[2026/07/05, 13:43:52.371] [<c0011725>] (unwind_backtrace) from [<c000fdcf>] (show_stack+0xb/0xc)\n"
     "[2026/07/05, 13:43:52.380] [<c000fdcf>] (show_stack) from [<c002d2ab>] (spool_next+0x3f/0x60)\n"
     "[2026/07/05, 13:43:52.385] [<c002d2ab>] (spool_next) from [<c02441f5>] (spool_run+0x29/0x284)\n"
     "[2026/07/05, 13:43:52.385] ---[ end trace 92750d3eb1480a4a ]---\n"},
    {"DecodedStack", "general protection fault in spool_next",
     "[    1.000000] general protection fault: 0000 [#1] SMP\n"
     "[    1.000000] RIP: 0010:memcmp (lib/string.c:12 (discriminator 3))\n[    1.000000] Call Trace:\n"
     "[    1.000000]  spool_next (drivers/spool/job.c:34) spool\n[    1.000000]  spool_run (drivers/spool/job.c:56) "
     "spool\n"
     "[    1.000000] ---[ end trace 92750d3eb1480a4a ]---\n"},
    {"CollectedNetconsole", "BUG: sleeping function called from invalid context in spool_next",
     "May 25 07:29:42 host 3,630,413574879,-,caller=T9;BUG: sleeping function called from invalid context at a.c:1\n"
     "May 25 07:29:42 host 4,631,413574901,-,caller=T8;usb 1-1: new device\n"
     "May 25 07:29:42 host 4,632,413574911,-,caller=T9;Call Trace:\n"
     "May 25 07:29:42 host 4,633,413574918,-,caller=T9; spool_next+0x1/0x2\n"},
    {"StampsWithACpu", "BUG: scheduling while atomic in spool_next",
     "[ 6020.023137@0] BUG: scheduling while atomic: spoold/12/0x00000002\n[ 6020.023138@0] Call trace:\n"
     "[ 6020.031458@1]  __schedule+0x1/0x2\n[ 6020.031459@0]  spool_next+0x1/0x2\n"},
    {"XenRegisters", "BUG: soft lockup in spool_next",
     "[    1.000000] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [spoold:12]\n"
     "[    1.000000] RIP: e030:spool_next+0xa/0x20\n[    1.000000] Call Trace:\n[    1.000000]  "
     "do_syscall_64+0x1/0x2\n"},
    {"OopsWithoutTheLineInFront", "Oops in spool_next",
     "[    1.000000] Oops: 0002 [#1] PREEMPT SMP\n[    1.000000] RIP: 0010:spool_next+0x24/0x30\n"
     "[    1.000000] ---[ end trace 0000000000000000 ]---\n"},
    {"Breakpoint", "int3 in spool_next",
     "[    1.000000] int3: 0000 [#1] PREEMPT SMP\n[    1.000000] RIP: 0010:spool_next+0x24/0x30\n"
     "[    1.000000] ---[ end trace 0000000000000000 ]---\n"},
    {"Sparc", "BUG: unable to handle kernel paging request in spool_next",
     "[    1.000000] Unable to handle kernel paging request at virtual address 00000000fff00000\n"
     "[    1.000000] spoold(12): Oops [#1]\n[    1.000000] TPC: <spool_next+0x4/0x8>\n"
     "[    1.000000] Call Trace:\n[    1.000000]  [0000000000456784] spool_run+0x4/0x8\n"},
};

class Forms : public testing::TestWithParam<Form> {};

TEST_P(Forms, IsOneReportOfThisTitle) {
  const std::vector<Record> records = scan(GetParam().log);
  ASSERT_THAT(records, testing::SizeIs(1));
  EXPECT_EQ(records[0].title, GetParam().title);
  EXPECT_THAT(records[0].unreliable, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Of, Forms, testing::ValuesIn(kForms),
                         [](const auto& form) { return std::string(form.param.name); });

TEST(Forms, SourceAndModuleOfADecodedFrame) {
  const std::vector<Record> records = scan(
      "[    1.000000] BUG: scheduling while atomic: spoold/12/0x00000002\n[    1.000000] Call Trace:\n"
      "[    1.000000]  spool_next (drivers/spool/job.c:34 (discriminator 1)) spool\n");
  ASSERT_THAT(records, testing::SizeIs(1));
  EXPECT_EQ(records[0].guilty.function, "spool_next");
  EXPECT_EQ(records[0].guilty.source, "drivers/spool/job.c:34");
  EXPECT_EQ(records[0].guilty.module, "spool");
}

TEST(Forms, ModuleOfAnArmFrame) {
  const std::vector<Record> records = scan(kForms[1].log);
  ASSERT_THAT(records, testing::SizeIs(1));
  EXPECT_EQ(records[0].guilty.module, "spool");
}

}  // namespace
}  // namespace zlt::splat
