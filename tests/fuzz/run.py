"""Build the fuzz target with clang and its sanitizers, and run it for a while; --coverage says what it reached.

The corpus starts as the examples, the golden specs and the specs of the pages;
what is found new is kept in build/fuzz/corpus for the next run. A finding is left in build/fuzz as a
file that the target reproduces, and is a failure.

Usage: run.py [--seconds N] [--coverage]
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/fuzz"
ROOMS = ("src/load", "src/check", "src/plan")
LEAST_COVERED = 85  # Percent of lines, in each room.


def build():
    """In a build folder of its own; nothing but the target and what it needs."""
    for command in (["cmake", "--preset", "fuzz"], ["cmake", "--build", "--preset", "fuzz", "--target", "fuzz_spec"]):
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout[-4000:])


def seeds(folder):
    """The specs of the tree as files of one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    specs = [*ROOT.glob("examples/*.yaml"), *ROOT.glob("tests/golden/**/*.yaml")]
    for number, spec in enumerate(specs):
        (folder / f"tree-{number}.yaml").write_bytes(spec.read_bytes())


def coverage(target, corpora):
    """Lines of each room that the corpora reach: {room: percent}."""
    raw, data = BUILD / "fuzz.profraw", BUILD / "fuzz.profdata"
    subprocess.run([target, "-runs=0", *corpora], check=True, stderr=subprocess.DEVNULL,
                   env={**os.environ, "LLVM_PROFILE_FILE": str(raw)})
    subprocess.run(["llvm-profdata", "merge", "-sparse", raw, "-o", data], check=True)
    report = subprocess.run(["llvm-cov", "export", "-summary-only", target, f"-instr-profile={data}"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    lines = {room: [0, 0] for room in ROOMS}
    for file in json.loads(report)["data"][0]["files"]:
        for room in ROOMS:
            if f"/{room}/" in file["filename"]:
                lines[room][0] += file["summary"]["lines"]["covered"]
                lines[room][1] += file["summary"]["lines"]["count"]
    return {room: 100 * covered / count for room, (covered, count) in lines.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--coverage", action="store_true")
    options = parser.parse_args()
    if not shutil.which("clang++"):
        print("skipped: needs clang")
        return 77
    build()
    here = BUILD / "tests/fuzz"
    target = here / "fuzz_spec"
    corpus = BUILD / "corpus"
    corpus.mkdir(exist_ok=True)
    seeds(here / "specs")
    corpora = [corpus, here / "seeds", here / "specs"]
    # A dictionary of the words that the program itself knows. 25 s: no spec may take so long.
    done = subprocess.run([target, f"-max_total_time={options.seconds}", f"-dict={here / 'words.dict'}", "-max_len=4096",
                           "-timeout=25", "-rss_limit_mb=3000", f"-artifact_prefix={BUILD}/", "-print_final_stats=1",
                           *corpora],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "LLVM_PROFILE_FILE": "/dev/null"})
    if done.returncode != 0:
        print(done.stdout[-8000:])
        return 1
    executed = re.search(r"number_of_executed_units: (\d+)", done.stdout)
    print(f"{int(executed[1]):,} executions in {options.seconds} s, no finding")
    if int(executed[1]) < 1000:
        print("too few to mean anything")
        return 1
    if not options.coverage:
        return 0
    reached = coverage(target, corpora)
    print(", ".join(f"{room}: {percent:.1f} % of the lines" for room, percent in reached.items()))
    return 0 if min(reached.values()) >= LEAST_COVERED else 1


if __name__ == "__main__":
    sys.exit(main())
