// SPDX-License-Identifier: GPL-2.0-only
//
// Logs as people paste them, one kind of change after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> functions(const Record& record) {
  std::vector<std::string> names;
  for (const Stack& stack : record.stacks) {
    for (const Frame& frame : stack.frames) names.push_back(frame.function);
  }
  return names;
}

Record only_record(const std::string& log) {
  std::vector<Record> records = scan(log);
  EXPECT_THAT(records, SizeIs(1)) << log;
  return records.empty() ? Record{} : records.front();
}

// A: what a first boot prints in front of its banner is no running kernel.
TEST(Paste, FirstBootsOfAllKindsAreNoReboots) {
  const char* const fronts[] = {
      "[    0.000000] microcode: microcode updated early to revision 0xf0, date = 2021-11-12\n",
      "[    0.000000] radix-mmu: Page sizes from device-tree:\n[    0.000000] radix-mmu: Page size shift = 12 AP=0x0\n",
      "[    0.000000] Initializing cgroup subsys cpuset\n",
      "[    0.512] U-Boot 2024.01 (Jan 01 2024)\n[    0.900] DRAM:  1 GiB\n[    3.104] Starting kernel ...\n\n",
      "[    0.512001] U-Boot SPL 2024.01\n[    3.104112] Starting kernel ...\n\n",
      "U-Boot 2024.01\nStarting kernel ...\n\n[    0.000000] Booting Linux on physical CPU 0x0\n",
      "Jan 10 14:08:03 box kernel: Booting Linux on physical CPU 0x0000000000 [0x410fd034]\n",
  };
  for (const std::string front : fronts) {
    EXPECT_THAT(scan(front + "[    0.000000] Linux version 6.6.20 (me@here) #1 SMP\n[    0.000000] Machine model: x\n"),
                IsEmpty())
        << front;
  }
}

TEST(Paste, AClockThatGoesBackIsAReboot) {
  EXPECT_EQ(only_record("[  512.330001] spool: done\n[    0.000000] Booting Linux on physical CPU 0x0\n"
                        "[    0.000000] Linux version 6.6.20 (me@here) #1 SMP\n")
                .title,
            "unexpected kernel reboot");
  EXPECT_EQ(only_record(
                "[    0.000000] spool: done\n\nU-Boot SPL 2024.01\n[    0.000000] Linux version 6.6.20 (me@here) #1\n")
                .title,
            "unexpected kernel reboot");
}

constexpr const char kOops[] =
    "BUG: kernel NULL pointer dereference, address: 0000000000000010\nOops: 0000 [#1] PREEMPT SMP\n"
    "CPU: 1 PID: 77 Comm: loader Not tainted 6.6.20 #7\nRIP: 0010:job_get+0x26/0x80 [spool]\nCall Trace:\n <TASK>\n"
    " job_read+0x33/0x70 [spool]\n </TASK>\n---[ end trace 0000000000000000 ]---\n";

std::string prefixed(const std::string& prefix, std::string_view log = kOops) {
  std::string out;
  while (!log.empty()) {
    const size_t end = log.find('\n');
    out += prefix + std::string(log.substr(0, end + 1));
    log.remove_prefix(end + 1);
  }
  return out;
}

void expect_oops(const Record& record, const std::string& what) {
  EXPECT_EQ(record.kind, "null-deref") << what;
  EXPECT_EQ(record.title, "BUG: unable to handle kernel NULL pointer dereference in job_get") << what;
  EXPECT_EQ(record.context.pid, 77) << what;
  EXPECT_EQ(record.release, "6.6.20") << what;
  EXPECT_TRUE(record.whole) << what;
  EXPECT_THAT(functions(record), Contains("job_read")) << what;
}

// C: prefixes that nobody told the engine of.
TEST(Paste, PrefixesThatAreNotKnown) {
  for (const char* prefix :
       {"vm-3: ", "rack12/console | ", "(qemu) ttyS0> ", "2024/01/10-14:08:03 c3po: ", "#4711 14:08:03.123 [ttyAMA0] ",
        "10.1.14 14h08m03s -- ", "{\"seq\":9} ", "@guest[7] ", "<host-a> ", "console.log:312:", "* ", "- ", "$ "}) {
    expect_oops(only_record(prefixed(prefix)), prefix);
  }
}

TEST(Paste, SaysWhatItLearned) {
  EXPECT_THAT(only_record(prefixed("rack12/console | ")).undone, ElementsAre("the prefix \"rack12/console | \""));
  EXPECT_THAT(only_record(kOops).undone, IsEmpty());
  EXPECT_THAT(only_record(prefixed("[   12.345678] ")).undone, IsEmpty());
}

// E: the first line without what stands in front of the others.
TEST(Paste, FirstLineWithoutItsPrefix) {
  const std::string first = std::string(kOops).substr(0, std::string(kOops).find('\n') + 1);
  const std::string rest = std::string(kOops).substr(first.size());
  for (const char* prefix : {"[  372.540001] ", "<4>[  372.540001] ", "Jan 10 14:08:03 box kernel: ", "rig | ",
                             "[  372.540001] box kernel: ", "2024-01-10T14:08:03.54Z "}) {
    expect_oops(only_record(first + prefixed(prefix, rest)), prefix);
  }
  for (const char* part :
       {"372.540000] ", "40000] ", "] ", "box kernel: ", "<p>[  372.540000] ", "```[  372.540000] "}) {
    expect_oops(only_record(part + first + prefixed("[  372.540001] ", rest)), part);
  }
}

// F: a name that a mailer cut is put together again, or not taken.
TEST(Paste, NamesThatWereCut) {
  const auto record = only_record(
      "[    1.000001] WARNING: possible recursive locking detected\n[    1.000002] spoold/61 is trying to acquire "
      "lock:\n"
      "[    1.000003] ffff88813fcd33a3 (&job->lock){+.+.}-{3:3}, at: job_che\nck_presence+0x2f/0xc0 [spool]\n"
      "[    1.000004] but task is already holding lock:\n"
      "[    1.000005] ffff88813fcd3313 (&job->lock){+.+.}-{3:3}, at: job_insert+0x\n2f/0xc0 [spool]\n");
  EXPECT_EQ(record.title, "possible deadlock in job_check_presence");
  ASSERT_THAT(record.locks, SizeIs(2));
  EXPECT_EQ(record.locks[1].at.function, "job_insert");
  EXPECT_EQ(record.locks[1].at.offset, 0x2fU);
  EXPECT_THAT(record.undone, ElementsAre(HasSubstr("wrapped lines")));
}

TEST(Paste, AGuessIsSaidToBeOne) {
  const auto record = only_record(
      "[    1.000001] Kernel panic - not syncing: VFS: Unable to mount the root fs\nagain today\n"
      "[    1.000002] CPU: 0 PID: 1 Comm: init Not tainted 6.6.20 #7\n");
  EXPECT_EQ(record.title, "kernel panic: VFS: Unable to mount the root fs again today");
  EXPECT_THAT(record.unreliable, ElementsAre(HasSubstr("guess")));
}

TEST(Paste, LinesOfOthersAreNotJoined) {
  const auto record = only_record(
      "[    1.000001] Kernel panic - not syncing: VFS: Unable to mount the root fs\n"
      "systemd[1]: Started a service.\n[    1.000002] CPU: 0 PID: 1 Comm: init Not tainted 6.6.20 #7\n");
  EXPECT_EQ(record.title, "kernel panic: VFS: Unable to mount the root fs");
  EXPECT_THAT(record.undone, IsEmpty());
}

// H and I in one: a page of a page.
TEST(Paste, EscapedTwice) {
  EXPECT_EQ(only_record("WARNING: possible recursive locking detected\nspoold/61 is trying to acquire lock:\n"
                        "ffff88813fcd33a3 (&amp;amp;job-&amp;gt;lock){+.+.}-{3:3}, at: job_take+0x30/0x80\n")
                .locks.at(0)
                .name,
            "&job->lock");
}

TEST(Paste, EntitiesOfAKernelStayWhatTheyAre) {
  const auto record = only_record(
      "[    1.0] WARNING: possible recursive locking detected\n[    1.0] a/6 is trying to acquire lock:\n"
      "[    1.0] ffff88813fcd33a3 (&a->b&lt;){+.+.}-{3:3}, at: job_take+0x30/0x80\n");
  EXPECT_EQ(record.locks.at(0).name, "&a->b&lt;") << "raw arrows: nobody escaped this";
}

TEST(Paste, DashesQuotesAndBlanksOfTypographers) {
  EXPECT_EQ(only_record("BUG:\xc2\xa0kernel NULL pointer dereference, address: 0\n").kind, "null-deref");
  EXPECT_EQ(only_record("Kernel panic \xe2\x80\x93 not syncing: job\xe2\x80\x99s gone\n").title,
            "kernel panic: job's gone");
  EXPECT_EQ(only_record("Kernel panic \x97 not syncing: gone\n").title, "kernel panic: gone") << "of Windows";
}

// G: only where the text shows it.
TEST(Paste, EqualsSignsThatAreNoEncoding) {
  const auto record = only_record(
      "[    1.000001] WARNING: possible recursive locking detected\n[    1.000002] a/6 is trying to acquire lock:\n"
      "[    1.000003] ffff88813fcd33a3 (&a=20lock){+.+.}-{3:3}, at: job_take+0x30/0x80\n");
  EXPECT_EQ(record.locks.at(0).name, "&a=20lock");
}

// J, K: other and old kernels.
TEST(Paste, TaintWithDashes) {
  EXPECT_EQ(
      only_record(
          "[   11.000001] WARNING: CPU: 3 PID: 90 at drivers/spool/main.c:100 job_put+0x34/0x70\n"
          "[   11.000002] CPU: 3 PID: 90 Comm: x Kdump: loaded Tainted: G    B      OE     -------- -  t 4.18.0 #1\n")
          .taint,
      "GBOEt");
}

// N: fields.
TEST(Paste, TasksOfSoftLockups) {
  const auto record = only_record("[  5.0] BUG: soft lockup - CPU#12 stuck for 67s! [my task: v2:4711]\n");
  EXPECT_EQ(record.context.cpu, 12);
  EXPECT_EQ(record.context.pid, 4711);
  EXPECT_EQ(record.context.task, "my task: v2");
}

// P: two texts without a line break between them.
TEST(Paste, TextsThatStickTogether) {
  const auto record = only_record(
      "[    1.000001] kasan: GPF could be caused by NULL-ptr deref or user memory accessgeneral protection fault: 0000 "
      "[#1] SMP\n"
      "[    1.000002] RIP: 0010:job_get+0x26/0x80\n[    1.000003] ---[ end trace 0000000000000000 ]---\n");
  EXPECT_EQ(record.title, "general protection fault in job_get");
  EXPECT_THAT(record.detail, testing::StartsWith("general protection fault"));
  EXPECT_EQ(only_record("[    1.0] usb 1-1: new deviceBUG: KASAN: slab-out-of-bounds in job_get+0x26/0x80\n").kind,
            "kasan");
}

TEST(Paste, ATaskThatNeverClosesIsCut) {
  const std::string log(kOops);
  EXPECT_FALSE(only_record(log.substr(0, log.find(" </TASK>"))).whole);
}

// R: a user program's trap is no report, and takes none with it.
TEST(Paste, TrapsOfUserPrograms) {
  for (const char* trap :
       {"traps: loader[90] general protection fault ip:401136 sp:7ffd0 error:0 in loader[401000+1000]",
        "traps: loader[90] trap invalid opcode ip:401136 sp:7ffd0 error:0 in loader[401000+1000]",
        "traps: loader[90] trap divide error ip:401136 sp:7ffd0 error:0 in loader[401000+1000]",
        "loader[90] general protection rip:401136 rsp:7ffd0 error:0",
        "loader[90]: segfault at 0 ip 0055 sp 7ffd error 4 in loader[401000+1000] likely on CPU 1 (core 1, socket 0)",
        "Alignment trap: loader (90) PC=0x00010400 Instr=0xe5912000 Address=0x00000001 FSR 0x801",
        "loader[90]: unhandled signal 11 code 0x1 at 0x0000000000000000 in loader[10000+1000]"}) {
    for (const char* stamp : {"[  372.540001] ", ""}) {
      const auto record = only_record(stamp + std::string(trap) + "\n" + prefixed(stamp));
      expect_oops(record, trap);
      EXPECT_THAT(record.unreliable, IsEmpty()) << trap;
    }
  }
}

// A flood is one report.
TEST(Paste, AFloodIsCounted) {
  std::string log;
  for (int i = 0; i < 50; ++i) {
    log +=
        "[    1.000001] BUG: scheduling while atomic: loader/9/0x00000002\n[    1.000002] Call Trace:\n"
        "[    1.000003]  __schedule_bug+0x1/0x2\n[    1.000004]  job_wait+0x1/0x2\n";
  }
  EXPECT_EQ(only_record(log).count, 50U);
  const auto apart =
      scan(log.substr(0, log.size() / 50) + prefixed("[    2.000000] ", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n") +
           log.substr(0, log.size() / 50));
  EXPECT_THAT(apart, SizeIs(2)) << "not right behind";
}

TEST(Paste, AListsCallerIsBlamedAndNobodyElse) {
  const auto cut = only_record(
      "[    1.000001] list_add corruption. next->prev should be prev (ffff888014), but was ffff888003. "
      "(next=ffff8880).\n"
      "[    1.000002] Call Trace:\n[    1.000003]  univ8250_console_write+0x23/0x30\n[    1.000004]  "
      "irqentry_exit+0x5e/0x90\n"
      "[    1.000005]  smpboot_thread_fn+0x1d5/0x300\n");
  EXPECT_EQ(cut.title, "BUG: corrupted list");
  EXPECT_EQ(cut.guilty.function, "");
  const auto whole = only_record(
      "[    1.000001] list_del corruption. prev->next should be ffff888014, but was ffff888003. (prev=ffff8880)\n"
      "[    1.000002] Call Trace:\n[    1.000003]  irqentry_exit+0x5e/0x90\n"
      "[    1.000004]  __list_del_entry_valid_or_report+0x5e/0x90\n[    1.000005]  "
      "rcu_note_context_switch+0x1d5/0x300\n");
  EXPECT_EQ(whole.title, "BUG: corrupted list in rcu_note_context_switch");
}

TEST(Paste, NestedLockNotTaken) {
  EXPECT_EQ(
      only_record(
          "[    1.000001] WARNING: Nested lock was not taken\n[    1.000002] 6.6.20 #7 Not tainted\n"
          "[    1.000003] a/6 is trying to lock:\n[    1.000004] ffff88 (&a->b){+.+.}-{3:3}, at: job_take+0x3/0x8\n"
          "[    1.000005] but this task is not holding:\n[    1.000006] c->d\n")
          .title,
      "WARNING: nested lock was not taken in job_take");
}

}  // namespace
}  // namespace zlt::splat
