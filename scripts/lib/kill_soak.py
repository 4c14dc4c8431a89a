#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""kill_soak.py ROOT WORK KILLS SECONDS: what scripts/kill-soak does once its folder is there."""

import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

MARK = "ZLT_KILL_SOAK"  # in the environment of all that a round starts
GONE_WITHIN = 90  # seconds until what a dead zlt started has cleared away and ended
LONGEST_RUN = 900
MOST_FAULTS = 20  # then something is wrong with all of it


def text_of(path):
    try:
        return pathlib.Path(path).read_bytes().decode(errors="replace")
    except OSError:
        return ""


class Process:
    def __init__(self, pid):
        self.pid = pid
        words = text_of(f"/proc/{pid}/cmdline").split("\0")
        self.words = words
        name = os.path.basename(words[0])
        if name == "zlt":
            self.kind = "zlt"
        elif name.startswith("qemu-system"):
            self.kind = "qemu"
        else:
            self.kind = "script"


def alive(pid):
    stat = text_of(f"/proc/{pid}/stat")
    return bool(stat) and stat[stat.rfind(")") + 2] not in "ZX"


def started_by(mark):
    """What runs with that mark in its environment."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                environment = pathlib.Path(f"/proc/{name}/environ").read_bytes()
            except OSError:
                continue
            if wanted in environment.split(b"\0") and alive(int(name)):
                found.append(Process(int(name)))
    return found


class Soak:
    def __init__(self, root, work, seed):
        self.root, self.work = root, work
        self.random = random.Random(seed)
        self.rounds = 0
        self.faults = []
        self.counts = collections.Counter()
        self.took = {}

    def fault(self, text):
        self.faults.append(f"round {self.rounds}: {text}")
        print(f"kill-soak: FAULT in round {self.rounds}: {text}", file=sys.stderr, flush=True)

    def start(self, what, log):
        """zlt, for what is to be killed."""
        self.mark = f"{os.getpid()}-{self.rounds}-{what}-{time.monotonic_ns()}"
        environment = dict(os.environ, TMPDIR=str(self.work / "tmp"))
        environment[MARK] = self.mark
        if what == "kernel":
            place = self.work / "kernel"
            environment.update(XDG_CACHE_HOME=str(place / "cache"), ZLT_APT_ETC=str(place / "etc"))
            environment.pop("ZLT_FLAVOURS", None)
            command = [place / "installed/usr/bin/zlt", "kernel", "--data", place / "installed/usr/share/zltorture", "build", "made-up"]
        else:
            environment.update(XDG_CACHE_HOME=str(self.work / "cache"), ZLT_MODULE_DIR=str(self.work / "module"))
            command = [self.root / "build/bin/zlt", "run", "--flavour", "stock", "--results", self.work / "results"]
            for case in os.environ.get("ZLT_KILL_CASES", "irqsave/hardirq-reader").split():
                command += ["--case", case]
        with open(log, "w", encoding="utf-8") as out:
            return subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def begin_anew(self, what):
        """Takes away what would be found, so that there is something to do; what it was called."""
        if what == "kernel":
            cache = self.work / "kernel/cache/zltorture"
            if self.random.random() < 0.5:
                shutil.rmtree(cache / "sources", ignore_errors=True)
            shutil.rmtree(cache / "kernels", ignore_errors=True)
            return "kernel"
        choice = self.random.random()
        if choice < 0.15:
            shutil.rmtree(self.work / "module", ignore_errors=True)
            return "module"
        if choice < 0.6:
            shutil.rmtree(self.work / "cache/zltorture/snapshots", ignore_errors=True)
            shutil.rmtree(self.work / "cache/zltorture/initramfs", ignore_errors=True)
            return "saving"
        return "restoring"

    def kill_one(self, zlt, what):
        """Kills somebody at some moment; its kind and how, or nothing: all was over before."""
        moment = self.random.uniform(0, self.took.get(what, 5))
        wanted = self.random.choice(["zlt", "qemu", "script"] if what != "kernel" else ["zlt", "script", "script"])
        how = self.random.choice(["KILL", "TERM", "STOP+KILL"])
        deadline = time.monotonic() + moment
        while time.monotonic() < deadline and zlt.poll() is None:
            time.sleep(min(0.05, max(0, deadline - time.monotonic())))
        while zlt.poll() is None:
            victims = [each for each in started_by(self.mark) if each.kind == wanted]
            if not victims:
                if time.monotonic() > deadline + 3:
                    wanted = "zlt"  # there may be none of the other kind any more
                time.sleep(0.01)
                continue
            victim = self.random.choice(victims)
            try:
                if how == "STOP+KILL":
                    os.kill(victim.pid, signal.SIGSTOP)
                    time.sleep(self.random.uniform(0, 1))
                os.kill(victim.pid, signal.SIGTERM if how == "TERM" else signal.SIGKILL)
            except ProcessLookupError:
                continue
            return wanted, how
        return None

    def all_gone(self, what):
        deadline = time.monotonic() + GONE_WITHIN
        while left := started_by(self.mark):
            if time.monotonic() > deadline:
                self.fault(f"{what}: still running: " + "; ".join(" ".join(each.words)[:100] for each in left))
                for each in left:
                    os.kill(each.pid, signal.SIGKILL)
                return
            time.sleep(0.02)

    def left_behind(self):
        found = [str(path) for path in (self.work / "tmp").iterdir()]
        caches = [self.work / "cache/zltorture", self.work / "kernel/cache/zltorture", self.work / "module"]
        for place in caches:
            for folder, folders, files in os.walk(place):
                if "objects" in folder.split("/") or "headers" in folder.split("/"):
                    continue
                for name in folders + files:
                    path = pathlib.Path(folder) / name
                    if name.startswith(".making-") or name.endswith(".tmp") or ".new." in name or name in (".building", ".compilers") or path.is_socket():
                        found.append(str(path))
        for path in (self.work / "results").iterdir():
            if path.name != "latest" and not (path / "results.json").is_file():
                found.append(str(path))
        return found

    def is_right(self, what, status, log):
        text = text_of(log)
        if status != 0:
            return f"exit status {status}: {text[-400:]}"
        if what == "kernel":
            entry = pathlib.Path(text.strip().splitlines()[-1])
            if text_of(entry / "vmlinux") != "a\nb\nc\nd\ne\nf\ng\nh\n" or not (entry / "meta.toml").is_file():
                return f"{entry} is not whole"
            return ""
        results = json.loads(text_of(self.work / "results/latest/results.json"))
        bad = [case["case"] for case in results["cases"] if not case["ok"]]
        return f"not as expected: {bad}" if bad or not results["cases"] else ""

    def whole_run(self, what, round_name):
        log = self.work / f"{round_name}.after.log"
        begin = time.monotonic()
        zlt = self.start(what, log)
        try:
            status = zlt.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            self.fault(f"{what}: the run after it did not end")
            zlt.kill()
            zlt.wait()
            return
        took = time.monotonic() - begin
        self.all_gone(what)
        wrong = self.is_right(what, status, log)
        if wrong:
            self.fault(f"{what}: the run after it: {wrong}")
        left = self.left_behind()
        if left:
            self.fault(f"{what}: left behind: {' '.join(left)}")
            for path in left:
                shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
        return took

    def round(self, what):
        self.rounds += 1
        name = self.begin_anew(what)
        if name not in self.took:  # how long it takes when nobody kills anything
            self.took[name] = self.whole_run(what, f"{name}.first") or 5
            shutil.rmtree(self.work / "kernel/cache/zltorture/kernels", ignore_errors=True) if what == "kernel" else None
            if name == "saving":
                shutil.rmtree(self.work / "cache/zltorture/snapshots", ignore_errors=True)
            if name == "module":
                shutil.rmtree(self.work / "module", ignore_errors=True)
        log = self.work / f"{self.rounds}.log"
        begin = time.monotonic()
        zlt = self.start(what, log)
        killed = self.kill_one(zlt, name)
        try:
            status = zlt.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            self.fault(f"{name}, {killed}: zlt did not end")
            zlt.kill()
            zlt.wait()
            return
        self.all_gone(f"{name}, {killed}")
        if killed is None:
            self.counts["over before"] += 1
            self.took[name] = time.monotonic() - begin
        else:
            self.counts[" ".join(killed)] += 1
            self.counts["while " + name] += 1
            self.counts["kills"] += 1
        if status == 1:
            self.fault(f"{name}, {killed}: an accusation: {text_of(log)[-400:]}")
        if killed is not None and killed[0] == "zlt" and killed[1] == "TERM" and (left := self.left_behind()):
            left = [each for each in left if not each.endswith(".building")]  # says that the next one has to begin anew
            if left:
                self.fault(f"{name}: ended by SIGTERM, left behind: {' '.join(left)}")
        self.whole_run(what, str(self.rounds))
        if not self.faults or not self.faults[-1].startswith(f"round {self.rounds}:"):
            for each in (log, self.work / f"{self.rounds}.after.log"):
                each.unlink(missing_ok=True)
        for old in sorted((self.work / "results").iterdir())[:-3]:
            if not old.is_symlink():
                shutil.rmtree(old, ignore_errors=True)
        print(f"kill-soak: {self.counts['kills']} kills: {name}, {' '.join(killed) if killed else 'over before'}", file=sys.stderr, flush=True)


def main():
    root, work, kills, limit = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    seed = int(os.environ.get("ZLT_KILL_SEED") or random.randrange(1, 1 << 32))
    kinds = os.environ.get("ZLT_KILL_WHAT", "run kernel").split()
    soak = Soak(root, work, seed)
    begin = time.monotonic()
    while soak.counts["kills"] < kills and time.monotonic() - begin < limit and len(soak.faults) < MOST_FAULTS:
        soak.round(soak.random.choice(kinds))
    print(f"{soak.counts['kills']} kills in {time.monotonic() - begin:.0f} s, seed {seed}: {len(soak.faults)} faults")
    for what, count in sorted(soak.counts.items()):
        if what != "kills":
            print(f"  {count:4} {what}")
    for fault in soak.faults:
        print(f"  fault: {fault}")
    sys.exit(1 if soak.faults else 0)


main()
