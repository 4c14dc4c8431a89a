# SPDX-License-Identifier: GPL-2.0-only
"""stall_threads.py PID: hold single threads of the QEMUs below process PID, for 0.1 to 2 s each, until ended.

SIGSTOP stops a whole process; ptrace stops one thread of it, as a hypervisor does that takes one CPU away.
"""
import ctypes
import os
import random
import signal
import sys
import time

PTRACE_SEIZE = 0x4206
PTRACE_INTERRUPT = 0x4207
PTRACE_DETACH = 17
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)


def children():
    """Parent of each process."""
    out = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as stat:
                    out[int(name)] = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                pass
    return out


def qemus(top):
    parents = children()
    for pid in parents:
        above = pid
        while above > 1 and above != top:
            above = parents.get(above, 0)
        if above != top:
            continue
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as comm:
                if comm.read().startswith("qemu-system"):
                    yield pid
        except OSError:
            pass


def reap(thread):
    """A thread that was killed while it was held: its process stays a zombie until its tracer has been told."""
    try:
        os.waitpid(thread, WALL)
    except ChildProcessError:
        pass


def hold(thread, seconds):
    if libc.ptrace(PTRACE_SEIZE, thread, None, None) != 0:
        return False
    if libc.ptrace(PTRACE_INTERRUPT, thread, None, None) == 0:
        try:
            _, status = os.waitpid(thread, WALL)
        except ChildProcessError:
            return False
        time.sleep(seconds)
        # a signal on its way to the thread, as QEMU's kick of a vCPU is, came first: it must not be lost
        kick = os.WSTOPSIG(status) if os.WIFSTOPPED(status) and status >> 16 == 0 else 0
        if libc.ptrace(PTRACE_DETACH, thread, None, kick) != 0 and os.WIFSTOPPED(status):
            reap(thread)
    else:
        reap(thread)
    return True


def main():
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    top = int(sys.argv[1])
    held = 0
    while True:
        time.sleep(random.uniform(0.05, 0.5))
        candidates = list(qemus(top))
        if not candidates:
            continue
        try:
            threads = [int(name) for name in os.listdir(f"/proc/{random.choice(candidates)}/task")]
        except OSError:
            continue
        seconds = random.uniform(0.1, 2)
        if hold(random.choice(threads), seconds):
            held += 1
            print(f"{held}: {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    main()
