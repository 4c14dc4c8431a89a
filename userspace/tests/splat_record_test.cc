// SPDX-License-Identifier: GPL-2.0-only
//
// What a record says besides its title.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "userspace/splat/json.h"
#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

Record only(const std::string& log) {
  std::vector<Record> records = scan(log);
  EXPECT_THAT(records, SizeIs(1));
  return records.empty() ? Record{} : std::move(records.front());
}

constexpr const char kCircular[] = R"(
WARNING: possible circular locking dependency detected
6.12.0 #1 Tainted: G        W
------------------------------------------------------
kworker/0:1/12 is trying to acquire lock:
ffff888001234567 (&a->lock#2){+.+.}-{4:4}, at: want+0x1/0x20 [mod]

but task is already holding lock:
ffff888007654321 (&b->lock/1){+.-.}-{3:3}, at: have+0x2/0x20

which lock already depends on the new lock.

the existing dependency chain (in reverse order) is:

-> #1 (&b->lock/1){+.-.}-{3:3}:
       lock_acquire+0x1/0x2
       other+0x3/0x20

-> #0 (&a->lock#2){+.+.}-{4:4}:
       lock_acquire+0x1/0x2
       want+0x1/0x20 [mod]

other info that might help us debug this:

Chain exists of:
  &a->lock#2 --> &c->lock --> &b->lock/1

2 locks held by kworker/0:1/12:
 #0: ffff888000000001 ((wq_completion)events){+.+.}-{0:0}, at: process_one_work+0x1/0x2
 #1: ffff888007654321 (&b->lock/1){+.-.}-{3:3}, at: have+0x2/0x20

stack backtrace:
CPU: 3 UID: 0 PID: 12 Comm: kworker/0:1 Tainted: G        W          6.12.0 #1
Call Trace:
 dump_stack+0x1/0x2
 want+0x1/0x20 [mod]
)";

TEST(Record, OfACircularDependency) {
  const Record record = only(kCircular);
  EXPECT_EQ(record.kind, "circular");
  EXPECT_EQ(record.family, "lockdep");
  EXPECT_EQ(record.title, "possible deadlock in want");
  EXPECT_EQ(record.guilty.function, "want");
  EXPECT_EQ(record.guilty.module, "mod");
  EXPECT_EQ(record.release, "6.12.0");
  EXPECT_EQ(record.taint, "GW");
  EXPECT_EQ(record.context.cpu, 3);
  EXPECT_EQ(record.context.pid, 12);
  EXPECT_EQ(record.context.task, "kworker/0:1");
  ASSERT_THAT(record.locks, SizeIs(4));
  EXPECT_EQ(record.locks[0].role, "acquiring");
  EXPECT_EQ(record.locks[0].name, "&a->lock#2");
  EXPECT_EQ(record.locks[0].usage, "+.+.");
  EXPECT_EQ(record.locks[0].wait, "4:4");
  EXPECT_EQ(record.locks[0].address, "ffff888001234567");
  EXPECT_EQ(record.locks[0].at.function, "want");
  EXPECT_EQ(record.locks[0].task, "kworker/0:1");
  EXPECT_EQ(record.locks[0].pid, 12);
  EXPECT_EQ(record.locks[1].role, "holding");
  EXPECT_EQ(record.locks[2].role, "held");
  EXPECT_EQ(record.locks[2].name, "(wq_completion)events");
  ASSERT_THAT(record.chain, SizeIs(2));
  EXPECT_EQ(record.chain[0].index, 0);
  EXPECT_EQ(record.chain[0].name, "&a->lock#2");
  EXPECT_EQ(record.chain[1].name, "&b->lock/1");
  ASSERT_NE(record.chain[1].stack, kUnknown);
  EXPECT_EQ(record.stacks.at(static_cast<size_t>(record.chain[1].stack)).frames.at(1).function, "other");
  EXPECT_THAT(record.chain_path, ElementsAre("&a->lock#2", "&c->lock", "&b->lock/1"));
  EXPECT_TRUE(record.whole);
}

TEST(Record, OfAnInconsistentState) {
  const Record record = only(
      "WARNING: inconsistent lock state\n6.12.0 #1 Not tainted\ninconsistent {HARDIRQ-ON-W} -> {IN-HARDIRQ-R} usage.\n"
      "swapper/1/0 [HC1[1]:SC0[0]:HE0:SE1] takes:\nffff888001234567 (seq){?...}-{0:0}, at: read_it+0x1/0x2\n"
      "{HARDIRQ-ON-W} state was registered at:\n  lock_acquire+0x1/0x2\n  write_it+0x1/0x2\n\nstack backtrace:\n"
      "CPU: 1 UID: 0 PID: 0 Comm: swapper/1 Not tainted 6.12.0 #1\nCall Trace:\n dump_stack+0x1/0x2\n "
      "read_it+0x1/0x2\n");
  EXPECT_EQ(record.title, "inconsistent lock state in read_it");
  EXPECT_THAT(record.usages, ElementsAre("HARDIRQ-ON-W", "IN-HARDIRQ-R"));
  EXPECT_EQ(record.context.hardirq, 1);
  EXPECT_EQ(record.context.softirq, 0);
  EXPECT_EQ(record.context.hardirqs_enabled, 0);
  EXPECT_EQ(record.context.softirqs_enabled, 1);
  EXPECT_EQ(record.context.task, "swapper/1");
  EXPECT_EQ(record.taint, "not tainted");
  ASSERT_THAT(record.locks, SizeIs(1));
  EXPECT_EQ(record.locks[0].role, "acquiring");
  ASSERT_THAT(record.stacks, SizeIs(2));
  EXPECT_EQ(record.stacks[0].label, "{HARDIRQ-ON-W} state was registered at:");
  EXPECT_EQ(record.stacks[1].cpu, 1);
}

TEST(Record, OfASleepInAtomicContext) {
  const Record record = only(
      "BUG: sleeping function called from invalid context at kernel/locking/spinlock_rt.c:48\n"
      "in_atomic(): 0, irqs_disabled(): 1, non_block: 0, pid: 34, name: kworker/u4:2\npreempt_count: 80000001, "
      "expected: 0\n"
      "RCU nest depth: 0, expected: 0\nINFO: lockdep is turned off.\n"
      "CPU: 0 UID: 0 PID: 34 Comm: kworker/u4:2 Not tainted 6.12.0-rt #1 PREEMPT_RT\nCall Trace:\n "
      "__might_resched+0x1/0x2\n"
      " rt_spin_lock+0x1/0x2\n build_all+0x1/0x2\n");
  EXPECT_EQ(record.kind, "sleeping-atomic");
  EXPECT_EQ(record.title, "BUG: sleeping function called from invalid context in build_all");
  EXPECT_EQ(record.context.irqs_disabled, 1);
  EXPECT_EQ(record.context.in_atomic, 0);
  EXPECT_EQ(record.context.non_block, 0);
  EXPECT_EQ(record.context.preempt_count, 0x80000001);
  EXPECT_EQ(record.context.preempt_expected, 0);
  EXPECT_EQ(record.context.rcu_depth, 0);
  EXPECT_TRUE(record.lockdep_off);
}

TEST(Record, LocksPrintedInPieces) {
  const Record record = only(
      "[    1.000000] [ INFO: suspicious RCU usage. ]\n[    1.000000] 4.9.0 #1 Not tainted\n[    1.000000] a.c:1 "
      "suspicious!\n"
      "[    1.000000] 1 lock held by a/12:\n[    1.000000]  #0: \n[    1.000000]  (\n[    1.000000] &v->mutex\n[    "
      "1.000000] ){+.+.+.}\n"
      "[    1.000000] , at: \n[    1.000000] [<ffffffff81055862>] vcpu_load+0x22/0x70\n[    1.000000] Call Trace:\n"
      "[    1.000000]  [<ffffffff81055863>] kvm_get+0x22/0x70\n");
  EXPECT_EQ(record.title, "INFO: suspicious RCU usage in kvm_get");
  ASSERT_THAT(record.locks, SizeIs(1));
  EXPECT_EQ(record.locks[0].name, "&v->mutex");
  EXPECT_EQ(record.locks[0].at.function, "vcpu_load");
}

TEST(Fingerprint, IsTheSameOnAnotherBoot) {
  std::string other = kCircular;
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (size_t at = other.find(from); at != std::string::npos; at = other.find(from, at + to.size()))
      other.replace(at, from.size(), to);
  };
  replace("ffff888001234567", "ffff99990000aaaa");
  replace("/12", "/345");
  replace("PID: 12", "PID: 345");
  replace("CPU: 3", "CPU: 0");
  replace("+0x1/0x20", "+0x19/0x40");
  replace("lock#2", "lock#7");
  replace("6.12.0", "6.13.1");
  EXPECT_EQ(only(kCircular).fingerprint, only(other).fingerprint);
  replace("want+", "wish+");
  EXPECT_NE(only(kCircular).fingerprint, only(other).fingerprint);
}

TEST(Fingerprint, TellsLocksApart) {
  std::string other = kCircular;
  for (size_t at = other.find("&b->lock"); at != std::string::npos; at = other.find("&b->lock", at + 1))
    other.replace(at, 8, "&d->lock");
  EXPECT_NE(only(kCircular).fingerprint, only(other).fingerprint);
}

TEST(Json, IsOneLineAndSurvivesAnyByte) {
  const Record record = only(
      "[    1.000000] BUG: \xff\xfe broken \"quoted\" text\n[    1.000000] CPU: 0 PID: 1 Comm: \x80 Not tainted 6.1 "
      "#1\n");
  JsonExtras with_text;
  with_text.text = true;
  const std::string line = to_json_line(record, with_text);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(line));
}

}  // namespace
}  // namespace zlt::splat
