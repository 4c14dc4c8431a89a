# SPDX-License-Identifier: GPL-2.0-only
"""Writes the logs that scripts/bench-splat measures on, runs the programs over them, prints figures against targets."""
import glob
import os
import statistics
import subprocess
import sys
import time

ROOT, FOLDER, MIB = sys.argv[1], sys.argv[2], int(sys.argv[3])
DATA = os.path.join(ROOT, "userspace/tests/data/splat")
SPLAT = os.path.join(ROOT, "build/bin/zlt-splat")
ROUNDS = 3


def fill(name, lines):
    """A log of MIB MiB: `lines` over and over, each time with its own seconds in the stamps."""
    path = os.path.join(FOLDER, name)
    turn = 0
    with open(path, "wb") as log:
        while log.tell() < MIB << 20:
            stamp = b"[%5d." % (turn % 99999)
            log.write(b"".join(stamp + line.split(b".", 1)[1] if line.startswith(b"[") and b"." in line[:16] else line
                               for line in lines))
            turn += 1
    return path


def endless(name, head, piece):
    """A quarter of MIB: `head`, then `piece` without end."""
    path = os.path.join(FOLDER, name)
    block = piece * (1 + (1 << 20) // len(piece))
    with open(path, "wb") as log:
        log.write(head)
        while log.tell() < MIB << 18:
            log.write(block)
    return path


def run(command):
    """Seconds of CPU and peak KiB of one run, its output thrown away, on one core."""
    core = min(os.sched_getaffinity(0))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    start = time.monotonic()
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, time.monotonic() - start


def best(command):
    runs = [run(command) for _ in range(ROUNDS)]
    return statistics.median(cpu for cpu, _, _ in runs), max(rss for _, rss, _ in runs)


def say(what, value, target, good):
    print(f"  {what:<46}{value:>14}   {target:<18}{'ok' if good else 'MISSED'}")
    return good


def main():
    clean = open(os.path.join(DATA, "clean-boot.log"), "rb").read().splitlines(True)
    dense = b"".join(open(path, "rb").read() for path in sorted(glob.glob(os.path.join(DATA, "guest-*.log"))))
    clean_log = fill("clean.log", clean)
    dense_log = fill("dense.log", dense.splitlines(True))
    size = os.path.getsize(clean_log) / 1e6
    print(f"splat engine, {MIB} MiB, CPU seconds on one core, median of {ROUNDS}")
    # Both read the file once before, so that neither pays for the disk.
    subprocess.run(["cat", clean_log, dense_log], stdout=subprocess.DEVNULL, check=True)
    grep, _ = best(["grep", "-c", "-F", "BUG:", clean_log])
    scan, clean_rss = best([SPLAT, clean_log])
    many, dense_rss = best([SPLAT, "--json", dense_log])
    dense_size = os.path.getsize(dense_log) / 1e6
    good = [
        say("clean log", f"{size / scan:.0f} MB/s", ">= 400 MB/s", size / scan >= 400),
        say("clean log against grep -c -F 'BUG:'", f"{scan / grep:.2f} x", "<= 3 x", scan <= 3 * grep),
        say("splat-dense log, records as JSON", f"{dense_size / many:.0f} MB/s", ">= 60 MB/s", dense_size / many >= 60),
        say("peak memory, clean", f"{clean_rss / 1024:.1f} MiB", "< 32 MiB", clean_rss < 32 << 10),
        say("peak memory, dense", f"{dense_rss / 1024:.1f} MiB", "< 32 MiB", dense_rss < 32 << 10),
    ]
    os.unlink(clean_log)
    os.unlink(dense_log)
    stamp = b"[    1.000000][    T1] "
    head = stamp + b"WARNING: possible circular locking dependency detected\n" + stamp + b"Call Trace:\n"
    for what, path in (
        ("a line without end", endless("line.log", head, b"BUG: KASAN: x in y+0x1/0x2 ")),
        ("a report without end", endless("report.log", head, stamp + b" spool_next+0x10/0x90\n")),
        ("reports that never end", endless("reports.log", b"", stamp + b"WARNING: possible circular locking dependency "
                                           b"detected\n" + stamp + b" #0: (&a->lock){+.+.}, at: a+0x1/0x2\n")),
    ):
        _, rss, _ = run([SPLAT, "--json", path])
        os.unlink(path)
        good.append(say(f"peak memory, {what}", f"{rss / 1024:.1f} MiB", "< 32 MiB", rss < 32 << 10))
    return 0 if all(good) else 1


sys.exit(main())
