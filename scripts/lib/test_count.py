#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""test_count.py JUNIT FOLDER: what a run of ctest came to, as "PASSED FAILED" and then what failed, with the end of what it printed.
A GoogleTest program counts as its tests do, by the NAME.xml it left in FOLDER; one that left none ended early, and that is a
failure of the test it was in. Any other program is one test."""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

LAST_LINES = 25
RAN = re.compile(r"^\[ +(RUN|OK|FAILED|SKIPPED) +\] ([^\s,(]+)", re.M)


def end_of(text):
    return ["  " + line for line in text.splitlines()[-LAST_LINES:]]


def by_tests(file):
    """Passed ones, and of each failed one its name and message."""
    passed, failed = 0, []
    for test in tree.parse(file).getroot().iter("testcase"):
        if test.get("status") != "run" or test.get("result") == "skipped":
            continue
        messages = [failure.get("message", "") for failure in test.iter("failure")]
        if messages:
            failed.append([f"{test.get('classname')}.{test.get('name')}", *end_of("\n".join(messages))])
        else:
            passed += 1
    return passed, failed


def of_broken(name, output):
    """By its lines: a program that came to no end."""
    states = {}
    for state, test in RAN.findall(output):
        states[test] = state
    passed = sum(state == "OK" for state in states.values())
    failed = [[test] for test, state in states.items() if state == "FAILED"]
    inside = [test for test, state in states.items() if state == "RUN"]
    failed.append([f"{name} ended early" + (f" in {inside[-1]}" if inside else ""), *end_of(output)])
    return passed, failed


def main():
    passed, failed = 0, []
    folder = pathlib.Path(sys.argv[2])
    for program in tree.parse(sys.argv[1]).getroot().iter("testcase"):
        name, good = program.get("name"), program.get("status") == "run"
        output = program.findtext("system-out") or ""
        file = folder / f"{name}.xml"
        if output.startswith("Running main() from") or "[==========]" in output or file.exists():
            try:
                more, bad = by_tests(file)
            except (OSError, tree.ParseError):
                more, bad = of_broken(name, output)
            else:
                # a sanitizer may speak after the last test
                if not good and not bad:
                    bad = [[f"{name} ended with an error", *end_of(output)]]
            passed += more
            failed += bad
        elif good:
            passed += 1
        else:
            failed.append([name, *end_of(output)])
    print(passed, len(failed))
    for lines in failed:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
