// SPDX-License-Identifier: GPL-2.0-only
//
// The stream: pieces, bounds, interleaving, and what consoles do to a log.
#include "userspace/splat/scanner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "userspace/tests/splat_corpus.h"

namespace zlt::splat {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string warning(const std::string& prefix, const std::string& function) {
  return prefix + "------------[ cut here ]------------\n" + prefix + "WARNING: CPU: 1 PID: 12 at mm/a.c:7 " +
         function + "+0x1/0x2\n" + prefix + "CPU: 1 PID: 12 Comm: a Not tainted 6.1.0 #1\n" + prefix +
         "RIP: 0010:" + function + "+0x1/0x2\n" + prefix + "Call Trace:\n" + prefix + " caller+0x1/0x2\n" + prefix +
         "---[ end trace 0000000000000000 ]---\n";
}

std::vector<std::string> titles(const std::vector<Record>& records) {
  std::vector<std::string> all;
  all.reserve(records.size());
  for (const Record& record : records) all.push_back(record.title);
  return all;
}

TEST(Scanner, KeepsInterleavedCallersApart) {
  const std::string a = warning("[    1.000000][   T1] ", "first");
  const std::string b = warning("[    1.000000][   T2] ", "second");
  std::string log;
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const size_t next_a = std::min(a.size(), a.find('\n', i) + 1);
    log += a.substr(i, next_a - i);
    i = next_a;
    const size_t next_b = std::min(b.size(), b.find('\n', j) + 1);
    log += b.substr(j, next_b - j);
    j = next_b;
  }
  const auto records = scan(log);
  EXPECT_THAT(titles(records), testing::ElementsAre("WARNING in first", "WARNING in second"));
  for (const Record& record : records) {
    EXPECT_TRUE(record.whole);
    EXPECT_THAT(record.unreliable, IsEmpty());
    EXPECT_FALSE(record.inside);
  }
}

TEST(Scanner, SaysWhenReportsMayBeMixed) {
  const std::string log =
      "[    1.000000] WARNING: CPU: 1 PID: 12 at mm/a.c:7 first+0x1/0x2\n" + warning("[    1.000000] ", "second");
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].unreliable, SizeIs(1));
  EXPECT_THAT(records[1].unreliable, SizeIs(1));
  EXPECT_TRUE(records[1].inside);
}

TEST(Scanner, NestedReportOfOneCallerIsInsideButReliable) {
  const std::string p = "[    1.000000][   T1] ";
  const std::string log = p + "WARNING: CPU: 1 PID: 12 at mm/a.c:7 outer+0x1/0x2\n" + warning(p, "inner") + p +
                          "RIP: 0010:outer+0x1/0x2\n" + p + "Call Trace:\n" + p + " outer_caller+0x1/0x2\n" + p +
                          "---[ end trace 0 ]---\n";
  const auto records = scan(log);
  EXPECT_THAT(titles(records), testing::ElementsAre("WARNING in outer", "WARNING in inner"));
  EXPECT_TRUE(records[1].inside);
  EXPECT_TRUE(records[0].whole);
  EXPECT_THAT(records[0].unreliable, IsEmpty());
}

TEST(Scanner, CutAtTheEndOfTheLog) {
  const std::string whole = warning("[    1.000000] ", "foo");
  const auto records = scan(whole.substr(0, whole.find("Call Trace")));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_FALSE(records[0].whole);
}

TEST(Scanner, NoFinalNewline) {
  std::string log = warning("[    1.000000] ", "foo");
  log.pop_back();
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_TRUE(records[0].whole);
  EXPECT_EQ(records[0].end, log.size());
}

TEST(Scanner, DroppedMessagesCutAReport) {
  std::string log = warning("[    1.000000] ", "foo");
  log.insert(log.find("[    1.000000] Call Trace"), "** 17 printk messages dropped **\n");
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_FALSE(records[0].whole);
  EXPECT_THAT(records[0].unreliable, SizeIs(1));
}

TEST(Scanner, ReplayedMessageIsOne) {
  std::string log = warning("[    1.000000] ", "foo");
  const size_t rip = log.find("[    1.000000] RIP");
  log.insert(rip, "[    1.000000] RIP: 00** replaying previous printk message **\n");
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].title, "WARNING in foo");
  EXPECT_TRUE(records[0].whole);
  EXPECT_THAT(scan("[    1.000000] WARNING: CPU: 1 PID: 12 at mm/a.c:7 fo** replaying previous printk message **\n" +
                   warning("[    1.000000] ", "foo")),
              SizeIs(1));
}

TEST(Scanner, PanicBelongsToWhatLedToIt) {
  std::string log = warning("[    1.000000] ", "foo");
  log +=
      "[    1.000000] Kernel panic - not syncing: panic_on_warn set ...\n[    1.000000] Call Trace:\n[    1.000000]  "
      "panic+0x1/0x2\n"
      "[    1.000000] Rebooting in 10 seconds..\n";
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].panic, "panic_on_warn set ...");
  EXPECT_EQ(records[0].end, log.size());
}

TEST(Scanner, PanicAloneIsAReport) {
  EXPECT_THAT(
      titles(scan("[    1.000000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n")),
      testing::ElementsAre("kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)"));
}

TEST(Scanner, OtherCpusAnswerIntoTheReport) {
  const std::string p = "[    9.000000][    C0] ";
  const std::string q = "[    9.000000][    C1] ";
  const std::string log = p + "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n" + p +
                          "Sending NMI from CPU 0 to CPUs 1:\n" + q + "NMI backtrace for cpu 1\n" + q +
                          "CPU: 1 PID: 5 Comm: b Not tainted 6.1.0 #1\n" + q + "RIP: 0010:spin+0x1/0x2\n" + q +
                          "Call Trace:\n" + q + " looping+0x1/0x2\n" + q + " kthread+0x1/0x2\n";
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].title, "INFO: rcu detected stall in looping");
  ASSERT_THAT(records[0].stacks, SizeIs(1));
  EXPECT_EQ(records[0].stacks[0].cpu, 1);
}

TEST(Scanner, UnexpectedRebootAndWhatFollows) {
  const std::string log =
      "[   10.000000] eth0: up\n\nSeaBIOS (version 1)\n[    0.000000] Linux version 6.1.0 (x@y) #1\n" +
      warning("[    1.000000] ", "foo");
  const auto records = scan(log);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].title, "unexpected kernel reboot");
  EXPECT_EQ(records[0].begin, 0U);
  EXPECT_EQ(records[0].last_line, 4U);
  EXPECT_EQ(records[1].title, "WARNING in foo");
}

TEST(Scanner, AFirstLineInTheMiddleOfADumpIsStillOne) {
  const auto records = scan(
      "[    1.000000] RDX: 0000000000000008 RSI: 00007fffd30c BUG: KCSAN: data-race in ring_pop / ring_push\n"
      "[    1.000000]  ring_pop+0x31/0x60 BUG: KCSAN: assert: race in spool_claim / spool_release\n");
  EXPECT_THAT(titles(records), testing::ElementsAre("KCSAN: data-race in ring_pop / ring_push",
                                                    "KCSAN: assert: race in spool_claim / spool_release"));
}

// "(" at the end of a line is continued by the next one, but not by the first line of a report.
TEST(Scanner, AFirstLineIsNoPieceOfTheLineInFront) {
  const auto records = scan(
      "[    1.000000] ------------[ cut here ]------------\n"
      "[    1.000000] ring_push(\n" +
      warning("[    1.000000] ", "ring_pop").substr(15 + 37));
  EXPECT_THAT(titles(records), testing::ElementsAre("WARNING in ring_pop"));
}

// Only the last 4 KiB in front of a boot say whether someone asked for it, however the log was fed.
TEST(Scanner, WhatExplainsARebootDoesNotDependOnThePieces) {
  const std::string banner = "[    0.000000] Linux version 6.1.0 (a@b) (gcc) #1\n";
  for (const size_t filler : {size_t{40}, size_t{80}, size_t{4000}, size_t{9000}}) {
    std::string log = "[    9.000000] reboot: Restarting system\n[    9.100000] " + std::string(filler, 'x') + "\n";
    for (int i = 0; i < 60; ++i) log += "[    9.200000] a message of the kernel, about sixty bytes\n";
    log += banner;
    std::vector<std::string> whole;
    for (const Record& record : scan(log)) whole.push_back(record.title);
    for (const size_t size : {size_t{1}, size_t{50}, size_t{700}, size_t{5000}}) {
      EXPECT_EQ(titles(scan_in_pieces(log, size)), whole) << filler << " in pieces of " << size;
    }
  }
}

TEST(Scanner, ALineOfGigabytesIsOneLine) {
  Scanner scanner([](Record&&) { FAIL(); });
  const std::string part(1 << 20, 'x');
  for (int i = 0; i < 64; ++i) scanner.feed(part);
  scanner.finish();
}

TEST(Scanner, AnEndlessReportIsBounded) {
  std::vector<Record> records;
  Scanner scanner([&](Record&& record) { records.push_back(std::move(record)); });
  scanner.feed(
      "[    1.000000] BUG: sleeping function called from invalid context at a.c:1\n[    1.000000] Call Trace:\n");
  for (int i = 0; i < 200000; ++i) scanner.feed(fmt::format("[    1.000000]  function_{}+0x1/0x2\n", i));
  scanner.finish();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_LT(records[0].text.size(), kMaxReportText);
  EXPECT_THAT(records[0].unreliable, SizeIs(1));
  EXPECT_FALSE(records[0].whole);
}

TEST(Scanner, ManyOpenReportsAreBounded) {
  size_t count = 0;
  Scanner scanner([&](Record&&) { ++count; });
  for (int i = 0; i < 1000; ++i) {
    scanner.feed(fmt::format("[    1.000000][T{}] WARNING: CPU: 1 PID: 12 at mm/a.c:7 foo+0x1/0x2\n", i));
  }
  EXPECT_GE(count, 1000 - kMaxOpen);
  scanner.finish();
  EXPECT_EQ(count, 1000U);
}

TEST(Scanner, RecordComesAsSoonAsItIsComplete) {
  size_t count = 0;
  Scanner scanner([&](Record&&) { ++count; });
  scanner.feed(warning("[    1.000000] ", "foo"));
  for (int i = 0; i < 20; ++i) scanner.feed("[    2.000000] usb 1-1: something else\n");
  EXPECT_EQ(count, 1U);
}

TEST(Scanner, SettlesWhatIsComplete) {
  size_t count = 0;
  Scanner scanner([&](Record&&) { ++count; });
  scanner.feed(warning("[    1.000000] ", "foo"));
  scanner.settle();
  EXPECT_EQ(count, 1U);
  scanner.feed("[    2.000000] WARNING: CPU: 1 PID: 12 at mm/a.c:7 foo+0x1/0x2\n");
  scanner.settle();
  EXPECT_EQ(count, 1U);
}

TEST(Scanner, FinishLeavesItUsable) {
  std::vector<Record> records;
  Scanner scanner([&](Record&& record) { records.push_back(std::move(record)); });
  const std::string log = warning("[    1.000000] ", "foo");
  scanner.feed(log);
  scanner.finish();
  scanner.feed(log);
  scanner.finish();
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[1].begin, log.size());
  EXPECT_EQ(records[0].fingerprint, records[1].fingerprint);
}

TEST(Scanner, NotesOnlyForThoseWhoAsk) {
  std::vector<Record> records;
  Scanner scanner([&](Record&& record) { records.push_back(std::move(record)); });
  scanner.feed("[    1.000000] INFO: lockdep is turned off.\n");
  scanner.finish();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_TRUE(records[0].note);
  EXPECT_THAT(scan("[    1.000000] INFO: lockdep is turned off.\n"), IsEmpty());
}

}  // namespace
}  // namespace zlt::splat
