// SPDX-License-Identifier: GPL-2.0-only
//
// What only looks like a report is none.
#include <gtest/gtest.h>

#include "userspace/splat/scanner.h"

namespace zlt::splat {
namespace {

class Negative : public testing::TestWithParam<const char*> {};

TEST_P(Negative, IsNoReport) {
  for (const char* prefix : {"", "[   12.345678] ", "<4>[   12.345678][   T1] "}) {
    const std::string log = std::string(prefix) + GetParam() + "\n" + prefix + "next line\n";
    for (const Record& record : scan(log)) ADD_FAILURE() << log << " gives " << record.title;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Negative,
    testing::Values(
        "INFO: lockdep is turned off.", "INFO: recovery required on readonly filesystem",
        "INFO: NMI handler (perf_event_nmi_handler) took too long to run: 1.2 msecs",
        "INFO: Stall ended before state dump start",
        "WARNING: Unprivileged eBPF is enabled, data leaks possible via Spectre v2 BHB attacks!",
        "WARNING: workqueue cpumask: online intersect > possible intersect",
        "WARNING: /etc/ssh/moduli does not exist, using fixed modulus",
        "EXT4-fs (sda1): WARNING: mounting unchecked fs", "XFS (sda1): WARNING: Reset corrupted AGFL",
        "ODEBUG: selftest passed", "Boot_DEBUG: done", "DEBUG: x",
        "kmemleak: Kernel memory leak detector initialized (mem pool available: 15677)",
        "traps: a.out[123] general protection fault ip:55 sp:7ffd error:0 in a.out[55+1]",
        "a.out[123]: segfault at 0 ip 000055 sp 00007ffd error 4 in a.out",
        "Kernel command line: root=/dev/sda panic=1 oops=panic panic_on_warn=1",
        "kworker/0:1: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)",
        "Out of memory: Killed process 123 (a.out) total-vm:1kB", "FAULT_INJECTION: forcing a failure.",
        "audit: type=1400 msg=\"BUG: KASAN: use-after-free in foo+0x1/0x2\"",
        "grep 'BUG: KASAN: slab-out-of-bounds' console.log", "UBSAN: enabled", "double fault handler installed",
        "Booting paravirtualized kernel on bare hardware", "Linux agpgart interface v0.103", "rcu: INFO: nothing",
        "systemd[1]: Starting Kernel panic notifier", "unreferenced objects are listed in /sys/kernel/debug/kmemleak",
        "BUG UNIX (Not tainted): kasan: bad access detected", "list_add corruption checks enabled",
        "watchdog: hard LOCKUP detector disabled"));

TEST(Negative, QuotedReportOfAUserIsNone) {
  EXPECT_TRUE(scan("$ echo \"WARNING: possible circular locking dependency detected\"\nok\n").empty());
}

TEST(Negative, StackWithoutAReportIsNone) {
  EXPECT_TRUE(scan("[    1.000000] CPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1\n[    1.000000] Call Trace:\n"
                   "[    1.000000]  dump_stack+0x1/0x2\n[    1.000000]  foo+0x1/0x2\n")
                  .empty());
}

TEST(Negative, CutHereWithoutAReportIsNone) {
  EXPECT_TRUE(scan("[    1.000000] ------------[ cut here ]------------\n[    1.000000] usb 1-1: hello\n").empty());
}

TEST(Negative, FirstBootIsNone) {
  EXPECT_TRUE(
      scan("SeaBIOS (version 1.16)\nBooting from ROM\n[    0.000000] Linux version 6.1.0 (x@y) #1 SMP\n").empty());
}

TEST(Negative, RebootThatWasAskedForIsNone) {
  EXPECT_TRUE(
      scan("[   10.000000] reboot: Restarting system\nSeaBIOS\n[    0.000000] Linux version 6.1.0 (x@y) #1 SMP\n")
          .empty());
}

}  // namespace
}  // namespace zlt::splat
