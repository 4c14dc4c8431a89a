#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print one flavour as shell assignments, or the names of all: flavour.py FOLDER [NAME]."""
import pathlib
import re
import shlex
import sys
import tomllib

COMMON = {
    "name": str,
    "summary": str,
    "origin": str,
    "series": str,
    "rt": bool,
    "lockdep": bool,
    "form": str,
    "cmdline": (str, list),
    "ordering": str,
}
TABLES = {
    "debian": {"image": str},
    "build": {"source": str, "base": str, "fragments": list, "patches": list},
}


class Bad(Exception):
    """Something a person has to correct."""


def check(where, table, keys):
    for key, value in table.items():
        if key not in keys:
            raise Bad(f"{where}: unknown key '{key}'; known: {', '.join(keys)}")
        if not isinstance(value, keys[key]):
            raise Bad(f"{where}: '{key}' is a {type(value).__name__}, which it must not be")


def load(folder, name):
    names = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in names:
        raise Bad(f"unknown flavour '{name}'; there are: {', '.join(names)}")
    path = folder / f"{name}.toml"
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Bad(f"{path}: {error}") from error
    origin = whole.get("origin")
    if origin not in TABLES:
        raise Bad(f"{path}: origin must be one of {', '.join(TABLES)}")
    check(path, {k: v for k, v in whole.items() if k not in (*TABLES, "expect")}, COMMON)
    if whole.get("name") != name:
        raise Bad(f"{path}: name must be '{name}', like the file's")
    check(f"{path} [{origin}]", whole.get(origin, {}), TABLES[origin])
    missing = [k for k in ("summary", "series") if k not in whole]
    if origin == "debian" and "image" not in whole.get(origin, {}):
        missing.append("image in [debian]")
    if origin == "build" and not {"source", "base"} & set(whole.get(origin, {})):
        missing.append("source or base in [build]")
    if missing:
        raise Bad(f"{path}: missing: {', '.join(missing)}")
    return whole


def resolve(folder, name):
    """The flavour, with what it takes from its base already in it; the base's fragments come first."""
    flavour = load(folder, name)
    others = [path.stem for path in folder.glob("*.toml") if path.stem != name]
    flavour["is_base"] = any(load(folder, other).get("build", {}).get("base") == name for other in others)
    build = flavour.get("build", {})
    if base_name := build.get("base"):
        base = load(folder, base_name)
        if base["origin"] != "build" or "base" in base["build"]:
            raise Bad(f"{folder / name}.toml: base '{base_name}' must be a built flavour without a base of its own")
        if base["build"].get("patches"):
            raise Bad(f"{folder / name}.toml: base '{base_name}' has patches, so its objects are good for nothing else")
        build["source"] = base["build"]["source"]
        build["fragments"] = base["build"].get("fragments", []) + build.get("fragments", [])
    return flavour


def assignments(flavour):
    origin = flavour["origin"]
    yield f"flavour_is_base={str(flavour.get('is_base', False)).lower()}"
    for key, value in [(k, flavour.get(k)) for k in COMMON] + [(k, flavour[origin].get(k)) for k in TABLES[origin]]:
        if isinstance(value, bool):
            value = str(value).lower()
        if key in ("cmdline", "fragments", "patches"):
            value = value.split() if isinstance(value, str) else value
            yield f"flavour_{key}=({' '.join(shlex.quote(item) for item in value or [])})"
        else:
            yield f"flavour_{key}={shlex.quote(value or '')}"


def main():
    folder = pathlib.Path(sys.argv[1])
    try:
        if len(sys.argv) == 2:
            print("\n".join(sorted(path.stem for path in folder.glob("*.toml"))))
            return 0
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", sys.argv[2]):
            raise Bad(f"'{sys.argv[2]}' is no flavour's name")
        print("\n".join(assignments(resolve(folder, sys.argv[2]))))
    except (Bad, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
