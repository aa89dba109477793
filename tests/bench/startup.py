#!/usr/bin/env python3
"""How fast pidns starts, side by side with unshare(1).

    PIDNS=build/release/pidns tests/bench/startup.py

Two contests, each running a static program that ends at once: one level of pid, mount and uts with a
name and a fresh /proc against `unshare -pfmu --mount-proc --kill-child`, and ten nested levels against
ten unshare(1) in one another. Prints medians and ratios; uses hyperfine where it is installed.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

UNSHARE = ["unshare", "-pfmu", "--mount-proc", "--kill-child"]


def spec_of(levels, program):
    """The same thing as a spec: `levels` nested nodes, the innermost running `program`."""
    text, indent = "pidns: 1\n", ""
    for level in range(1, levels + 1):
        text += f"{indent}unshare: [pid, mount, uts]\n{indent}hostname: ns{level}\n{indent}mount-proc: true\n"
        if level == levels:
            text += f"{indent}command: [{program}]\n"
        else:
            text += f"{indent}namespaces:\n{indent}  ns{level + 1}:\n"
            indent += "    "
    return text


def contenders(pidns, program, levels, folder):
    """The two command lines: ours and that of unshare(1)."""
    file = os.path.join(folder, f"levels-{levels}.yaml")
    with open(file, "w") as spec:
        spec.write(spec_of(levels, program))
    return [pidns, "run", file], UNSHARE * levels + [program]


def once(argv, environment=None):
    """Seconds from the start to the end of one run."""
    begin = time.perf_counter()
    pid = os.posix_spawn(shutil.which(argv[0]), argv, environment or os.environ)
    _, status = os.waitpid(pid, 0)
    end = time.perf_counter()
    if status != 0:
        raise RuntimeError(f"{' '.join(argv)}: wait status {status}")
    return end - begin


def interleaved_ratio(ours, theirs, pairs, environments=(None, None)):
    """Median of ours by median of theirs, taken in turns so that what disturbs one disturbs both."""
    for argv in (ours, theirs) * 3:
        once(argv)
    mine, other = [], []
    for number in range(pairs):
        first, second = (mine, other) if number % 2 else (other, mine)
        for times in (first, second):
            times.append(once(ours, environments[0]) if times is mine else once(theirs, environments[1]))
    return statistics.median(mine) / statistics.median(other)


def hyperfine(ours, theirs, runs, folder):
    """Medians in milliseconds, by hyperfine without a shell."""
    report = os.path.join(folder, "report.json")
    subprocess.run(["hyperfine", "-N", "--warmup", "10", "--runs", str(runs), "--style", "none", "--export-json", report,
                    " ".join(ours), " ".join(theirs)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(report) as file:
        return [result["median"] * 1000 for result in json.load(file)["results"]]


def main():
    here = pathlib.Path(__file__).resolve()
    pidns = os.path.abspath(os.environ.get("PIDNS") or here.parents[2] / "build/release/pidns")
    sys.path.insert(0, str(here.parents[1] / "system"))
    from harness import static_true

    with tempfile.TemporaryDirectory() as folder:
        program = static_true(folder)
        print(f"{'':10} {'pidns':>10} {'unshare':>10} {'ratio':>7} {'in turns':>9}")
        for levels, runs in ((1, 400), (10, 100)):
            ours, theirs = contenders(pidns, program, levels, folder)
            turns = interleaved_ratio(ours, theirs, runs // 2)
            if shutil.which("hyperfine"):
                mine, other = hyperfine(ours, theirs, runs, folder)
                columns = f"{mine:7.2f} ms {other:7.2f} ms {mine / other:7.2f}"
            else:
                columns = f"{'-':>10} {'-':>10} {'-':>7}"
            print(f"{levels:2} level{'s' if levels > 1 else ' '}  {columns} {turns:9.2f}")


if __name__ == "__main__":
    main()
