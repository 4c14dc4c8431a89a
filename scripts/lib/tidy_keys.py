#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tidy_keys.py COMPILE_COMMANDS: "KEY FILE" for every C++ file that is compiled and not generated. The key changes when the file
does, a header of this tree that it includes, its compiler flags, or the rules; the place of the tree does not matter."""
import hashlib
import json
import os
import re
import sys

INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
top = os.getcwd()
texts = {}


def text(path):
    if path not in texts:
        with open(path, "rb") as file:
            texts[path] = file.read()
    return texts[path]


def with_headers(path):
    seen, todo = set(), [path]
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        for name in INCLUDE.findall(text(one)):
            name = name.decode()
            for place in (os.path.join(top, name), os.path.join(os.path.dirname(one), name)):
                if os.path.exists(place):
                    todo.append(os.path.normpath(place))
                    break
    return sorted(seen)


entries = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for entry in json.load(file):
        entries.setdefault(entry["file"], entry["command"])
for path, command in sorted(entries.items()):
    if not path.endswith(".cc") or not path.startswith(top + "/") or path.startswith(top + "/build/"):
        continue
    key = hashlib.sha256(command.replace(top, "").encode())
    key.update(text(os.path.join(top, ".clang-tidy")))
    for one in with_headers(path):
        key.update(one[len(top):].encode() + b"\0" + text(one))
    print(key.hexdigest()[:32], path)
