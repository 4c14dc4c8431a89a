# SPDX-License-Identifier: GPL-2.0-only
"""Count what a soak saw.

soak_count.py round RESULTS LOAD FILE   add a line about one run to FILE; exit status 1 if it accused a kernel
soak_count.py guests FILE               guests so far
soak_count.py total FILE                the figures
"""
import collections
import json
import pathlib
import sys


def count_round(results, load):
    run = json.loads((results / "latest" / "results.json").read_text(encoding="utf-8"))
    cases = run["cases"]
    out = collections.Counter(verdicts=len(cases), guests=len(cases))
    told = []
    for case in cases:
        again = case.get("confirmation", {}).get("runs", [])
        out["guests"] += len(again)
        out[case["standing"]] += 1
        out["flips"] += any(not run["agrees"] for run in again)
        if case["expected"] != ["clean"] and case["expected"] != ["unsupported"]:
            out["bad cases"] += 1
            out["bad cases caught"] += case["ok"]
        if case["standing"] != "expected":
            told.append([case["flavour"], case["case"], case["standing"], case.get("disease", ""), case["reason"]])
    # every machine of a flavour was booted once, saved, and proven by one more guest
    machines = len(list((results / "latest").glob("*/boot*")))
    out["guests"] += 2 * machines
    out["snapshots proven"] = machines
    return {"load": load, "counts": dict(out), "told": told}


def rounds(file):
    return [json.loads(line) for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines()]


def total(file):
    everything = collections.Counter()
    loaded = collections.Counter()
    for line in rounds(file):
        everything.update(line["counts"])
        if not line["load"].startswith(("idle", "slow-disk refused")):
            loaded.update(line["counts"])
        print(f"{line['load']}: {line['counts']}")
        for told in line["told"]:
            print("  " + " ".join(filter(None, told)))
    print(f"{everything['guests']} guests, {loaded['guests']} of them under load; {everything['verdicts']} verdicts, "
          f"{everything['unexpected']} accusations, {everything['unconfirmed']} unconfirmed, {everything['infra']} infra, "
          f"{everything['flips']} flips; known-bad cases caught {everything['bad cases caught']} of {everything['bad cases']}")


def main():
    what = sys.argv[1]
    if what == "round":
        try:
            line = count_round(pathlib.Path(sys.argv[2]), sys.argv[3])
        except (OSError, ValueError) as error:
            line = {"load": sys.argv[3], "counts": {"runs without results": 1}, "told": [[str(error)]]}
        with open(sys.argv[4], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return 1 if line["counts"].get("unexpected") or line["counts"].get("runs without results") else 0
    if what == "guests":
        print(sum(line["counts"].get("guests", 0) for line in rounds(sys.argv[2])))
        return 0
    total(sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
