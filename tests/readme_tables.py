#!/usr/bin/python3
"""The tables of other tools in the README leave no option out, and name no key that there is not.

Each option of `unshare --help`, `nsenter --help` and `bwrap --help` on this machine must stand in the
first column of its table, and no other; each key in the second column must be a key of the language.
A program that is not installed is passed over.

And the table of steps says of the plan as JSON what src/render/json.cpp writes.
"""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
PROGRAMS = {"unshare(1)": "unshare", "nsenter(1)": "nsenter", "bubblewrap": "bwrap"}
HEADINGS = [*PROGRAMS, "OCI runtime specification"]
# What may stand between backticks in a second column and is no key: kinds, words and values of keys.
WORDS = set("""mount uts ipc net pid user cgroup time all root current auto list with FILE PID KIND NAME name value
path type source target options content mode optional create inside outside count bind tmpfs mqueue dev dir symlink
file inherit none rbind ro nodev nosuid proc self N null true false max_user_namespaces size pidns run m""".split())


def rows_of(heading):
    """(first column, second column) of the table below a heading."""
    _, _, rest = README.partition(f"\n### {heading}\n")
    table = rest.split("\n#")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def ticked(cell):
    return re.findall(r"`([^`]*)`", cell)


def keys_of_the_language():
    table = (ROOT / "src/load/fields.cpp").read_text()
    return set(re.findall(r'^  \{"([a-z0-9-]+)", ', table, re.M))


def options_of(program):
    text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True,
                          env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}).stdout
    return set(re.findall(r"^\s+(?:-\w[,.] )?(--[a-z][a-z0-9-]*)", text, re.M))


def steps_of_the_plan():
    """What a step may `do`, and the members that it then has."""
    code = (ROOT / "src/render/json.cpp").read_text()
    for made in re.findall(r'return \{(\{"do", .*?)\};', code, re.S):
        yield re.search(r'"do", "([a-z0-9-]+)"', made)[1], re.findall(r'\{"([a-z0-9_]+)",', made)[1:]


def findings_in_the_plan():
    table = README.partition("| `do` | members |\n|---|---|\n")[2].partition("\n\n")[0]
    written = {}
    for row in table.splitlines():
        first, second = row.strip("|").split("|")
        written.update({step: ticked(second.partition(":")[0]) for step in ticked(first)})
    made = dict(steps_of_the_plan())
    for step in sorted({*made, *written}):
        if written.get(step) != made.get(step):
            yield f"the plan as JSON: `{step}` has {made.get(step)}, and the table {written.get(step)}"


def findings():
    yield from findings_in_the_plan()
    known = keys_of_the_language() | {"x-…"}
    for heading in HEADINGS:
        rows = rows_of(heading)
        if not rows:
            yield f"{heading}: there is no such table"
        for first, second in rows:
            for text in ticked(second):
                for word in re.findall(r"[a-z][a-z0-9_.-]*[a-z0-9]", re.sub("/[a-z/]+", "", text)):
                    if word not in known | WORDS and not word.startswith("user."):
                        yield f"{heading}: {first}: `{word}` is no key of the language"
    for heading, program in PROGRAMS.items():
        if not shutil.which(program):
            print(f"{program} is not installed: its table is not compared")
            continue
        written = {option for first, _ in rows_of(heading) for option in ticked(first) if option.startswith("--")}
        yield from (f"{heading}: {option} is missing" for option in sorted(options_of(program) - written))
        yield from (f"{heading}: the program has no {option}" for option in sorted(written - options_of(program)))


def main():
    found = list(findings())
    for finding in found:
        print(finding)
    print(f"{len(HEADINGS) + 1} tests run, {len({line.partition(':')[0] for line in found})} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
