# needs: root
"""What `pidns validate` accepts runs: random specs of the whole language are validated, planned,
verified and run for real. A run that ends with 125, that hangs or leaves anything behind is a bug of
the validator, the planner or the executor, and its spec, made as small as it goes, is printed.

Usage: soundness.py root|user [--count N] [--seed S] [--first I] [--seconds T] [--only I] [--keep DIR]
"""

import argparse
import collections
import os
import re
import sys
import time

from coverage import Coverage, schema_of
from generator import Generator
from shrink import smaller
from text import text_of
from world import World

REFUSED = 1


def verdict(world, text, shared):
    """Nothing where all is well; else (kind of failure, outcome). `refused` is no failure."""
    world.clean()
    path = world.spec_file(text)
    checked = world.call(world.program, "validate", path, shared=shared)
    if checked.status == REFUSED:
        return "refused", checked
    if checked.status != 0 or checked.left:
        return "validate", checked
    planned = world.call(world.program, "plan", "--format", "json", path, shared=shared)
    if planned.status != 0:
        return "plan", planned
    ran = world.call(world.program, "run", path, shared=shared)
    if ran.status == 125:
        return "125", ran
    if ran.status is None:
        return "hangs", ran
    if ran.left:
        return "leaves processes behind", ran
    return None, ran


def cause_of(err):
    """The first error of a message, without its place, and without names and numbers."""
    for line in err.splitlines():
        if ": error" in line:
            return re.sub(r"\d+", "N", re.sub(r"(error: )[\w./-]+: ", r"\1", line.split(": ", 1)[1]))
    return err.strip()[:100]


class Soundness:
    def __init__(self, options):
        self.options = options
        self.world = World(options.caller)
        self.coverage = Coverage(schema_of(self.world.program))
        self.refused = collections.Counter()
        self.statuses = collections.Counter()
        self.failures = []

    def spec(self, index):
        seed = f"{self.options.seed}/{self.options.caller}/{index}"
        return Generator(seed, self.world.caller, self.coverage.supported()).spec()

    def one(self, index):
        spec = self.spec(index)
        # Every third with `/` shared, as systemd has it.
        shared = index % 3 == 0
        kind, outcome = verdict(self.world, text_of(spec, index), shared)
        if kind == "refused":
            self.refused[cause_of(outcome.err)] += 1
            return
        self.coverage.add(spec)
        self.statuses[outcome.status] += 1
        if kind is None:
            return
        wanted = kind, cause_of(outcome.err)

        def fails(other):
            kind, outcome = verdict(self.world, text_of(other, index), shared)
            return (kind, cause_of(outcome.err)) == wanted

        small = smaller(spec, fails, self.options.shrink)
        kind, outcome = verdict(self.world, text_of(small, index), shared)
        report = f"spec {index} of seed {self.options.seed}, as {self.options.caller}" \
                 f"{', / shared' if shared else ''}: {kind}\n{text_of(small, index)}---\n{outcome!r}"
        self.failures.append(report)
        print(report, flush=True)
        if self.options.keep:
            with open(f"{self.options.keep}/{self.options.caller}-{self.options.seed}-{index}.yaml", "w") as file:
                file.write(text_of(small, index))

    def all(self):
        options = self.options
        begin = time.monotonic()
        index = options.first
        while self.coverage.specs < options.count and time.monotonic() - begin < options.seconds:
            self.one(index)
            index += 1
            if len(self.failures) >= options.failures:
                break
        self.world.close()
        return index - options.first, time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("caller", choices=("root", "user"))
    parser.add_argument("--count", type=int, default=int(os.environ.get("PIDNS_PROPERTY_SPECS", 400)))
    parser.add_argument("--seed", default=os.environ.get("PIDNS_PROPERTY_SEED", "1"))
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--only", type=int, help="this one alone")
    parser.add_argument("--seconds", type=float, default=1e9, help="end after this time")
    parser.add_argument("--failures", type=int, default=5, help="end after so many")
    parser.add_argument("--shrink", type=float, default=20, help="seconds to make each smaller")
    parser.add_argument("--keep", help="a folder for specs that failed")
    parser.add_argument("-v", action="store_true", dest="verbose")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    if options.only is not None:
        options.first, options.count, options.seconds = options.only, 1, 1e9
        test = Soundness(options)
        text = text_of(test.spec(options.only), options.only)
        print(text)
        print(*verdict(test.world, text, options.only % 3 == 0))
        test.world.close()
        return 0
    test = Soundness(options)
    drawn, seconds = test.all()
    ran = test.coverage.specs
    missing = test.coverage.missing() if ran >= min(options.count, 200) else []
    print(f"{ran} specs ran as {options.caller} in {seconds:.0f} s, of {drawn} drawn from seed {options.seed}; "
          f"{len(test.failures)} failed")
    if options.verbose:
        print(test.coverage.table())
        print("refused:", *(f"{count:5} {cause}" for cause, count in test.refused.most_common(60)), sep="\n")
        print("statuses:", dict(test.statuses))
    print(*("not written: " + line for line in missing), sep="\n" if missing else "")
    return 1 if test.failures or missing or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
