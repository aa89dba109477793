#!/usr/bin/python3
"""The house keeps its floors: a file includes only from floors below its own, or from its folder.

One table says which room stands on which floor, another which room alone may use a library.
Usage: floors.py SRC
"""

import pathlib
import re
import sys

FLOORS = {
    "base": 0,
    "spec": 1, "sys": 1,
    "load": 2, "check": 2, "explain": 2, "plan": 2, "state": 2,
    "render": 3,
    "run": 4,
    "lab": 5,
    "cli": 6,
    "main.cpp": 7,
}

# The only file (or room) that may include what begins so.
KEEPERS = {
    "yaml-cpp/": "load/",
    "cxxopts": "cli/options.cpp",
    "spdlog/": "cli/log.cpp",
    "nlohmann/": ("render/json.cpp", "render/schema.cpp", "state/read_record.cpp"),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def findings_of(path, name):
    """Each include of one file that its floor does not allow, as `file:line: words`."""
    room = name.split("/")[0]
    if room not in FLOORS:
        yield f"{name}:1: the room {room} stands on no floor: add it to the table in tests/floors.py"
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, included = match.groups()
        for prefix, keeper in KEEPERS.items():
            if included.startswith(prefix) and not name.startswith(keeper):
                keepers = " and ".join([keeper] if isinstance(keeper, str) else keeper)
                yield f"{name}:{number}: only {keepers} may include {prefix.rstrip('/')}"
        other = included.split("/")[0]
        if quote != '"' or other == room:
            continue
        if other not in FLOORS:
            yield f"{name}:{number}: \"{included}\" is in no room: write it from src/ on"
        elif FLOORS[other] >= FLOORS[room]:
            yield (f"{name}:{number}: {room} (floor {FLOORS[room]}) includes {included} "
                   f"(floor {FLOORS[other]}); only floors below are allowed")


def main():
    root = pathlib.Path(sys.argv[1])
    files = sorted(path for path in root.rglob("*") if path.suffix in (".h", ".cpp"))
    findings = [text for path in files for text in findings_of(path, path.relative_to(root).as_posix())]
    print("\n".join(findings + [f"{len(files)} files, {len(findings)} findings"]))
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main())
