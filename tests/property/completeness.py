# needs: root
"""What `validate` refuses for a rule of the kernel, the kernel refuses: each such rule is broken in random
specs that were right, and they are run nevertheless, by a program that only the tests have. Each must
fail in a step; one that runs is a bug of the rule.

Usage: completeness.py [--count N] [--seed S] [--seconds T]
"""

import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from breaks import E2BIG, SAYS, Breaks
from coverage import Coverage, schema_of
from generator import Generator
from text import text_of
from values import Values
from world import WORLD, World, harness

FINDINGS = pathlib.Path(__file__).resolve().parents[1] / "golden/findings"
# Rules of the kernel that no spec of these can break here, and why.
NOT_FORCED = {}


def codes_of_the_kernel(program):
    """Those that refuse; a warning lets the spec run."""
    pages = json.loads(subprocess.run([program, "explain", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout)
    return {page["code"] for page in pages if page["rule"] == "kernel"
            and f"error[{page['code']}]" in (FINDINGS / f"{page['code']}.txt").read_text()}


class Completeness:
    def __init__(self, who, options, force):
        self.options = options
        self.world = World(who, force)
        self.force = f"{WORLD}/{os.path.basename(force)}"
        self.supported = Coverage(schema_of(self.world.program)).supported()
        self.forced = collections.Counter()
        self.errors = collections.Counter()
        self.failed = 0

    def one(self, code, number):
        """Breaks one rule in one spec: true where it was forced."""
        seed = f"{self.options.seed}/{code}/{number}"
        values = Values(seed)
        spec = Generator(seed, self.world.caller, self.supported).spec()
        broken = Breaks(values).broken(code, spec, self.world.caller.privileged)
        if broken is None:
            return False
        text = text_of(broken, number)
        self.world.clean()
        path = self.world.spec_file(text)
        ended = self.world.call(self.force, path)
        # One rule alone: what another would have refused proves nothing.
        if not ended.err.startswith(f"passed over: {code}\n"):
            return False
        step = re.search(r"^\S+:\d+:\d+: error: .*", ended.err.replace("\n    ", " "), re.M)
        words = step[0].rsplit(": ", 1)[-1].strip(" |") if step else None
        # What execve(2) refuses is the end of one process, which need not be that of the run.
        if words and not ended.left and (ended.status == 125 or words == E2BIG):
            # It failed, but of something else that came first: that proves nothing either.
            if words not in SAYS[code]:
                return False
            self.forced[code] += 1
            self.errors[words] += 1
            return True
        self.forced[code] += 1
        self.failed += 1
        print(f"{code}, spec {number} of seed {self.options.seed}, as {self.world.who}: the kernel lets it pass\n{text}---\n"
              f"{ended!r}", flush=True)
        return True

    def all(self, codes, each, end):
        for code in codes:
            tries = number = 0
            while self.forced[code] < each and tries < 40 + 30 * each and time.monotonic() < end and self.failed < 8:
                number += 1
                tries += 1
                self.one(code, number)
        self.world.close()


def in_a_child(who, options, force, codes, each, end):
    """A world of its own for each caller: (forced, kernel's words, failures)."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        test = Completeness(who, options, force)
        test.all(codes, each, end)
        sys.stdout.flush()
        os.write(writer, json.dumps([test.forced, test.errors, test.failed]).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answers:
        text = answers.read()
    os.waitpid(pid, 0)
    forced, errors, failed = json.loads(text or '[{}, {}, 1]')
    return collections.Counter(forced), collections.Counter(errors), failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=int(os.environ.get("PIDNS_PROPERTY_FORCED", 120)))
    parser.add_argument("--seed", default=os.environ.get("PIDNS_PROPERTY_SEED", "4"))
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--only", help="one code alone")
    options = parser.parse_args()
    program = harness.PIDNS
    force = os.environ.get("PIDNS_FORCE") or os.path.join(os.path.dirname(program), "tests/property/force")
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    codes = [options.only] if options.only else Breaks.codes()
    each = max(1, -(-options.count // (2 * len(codes))))
    begin = time.monotonic()
    forced, errors, failed = collections.Counter(), collections.Counter(), 0
    for who in ("root", "user"):
        part = in_a_child(who, options, force, codes, each, begin + options.seconds)
        forced, errors, failed = forced + part[0], errors + part[1], failed + part[2]
    of_the_kernel = codes_of_the_kernel(program)
    missing = sorted(of_the_kernel - set(NOT_FORCED) - set(forced)) if not options.only else []
    print(f"{sum(forced.values())} specs forced in {time.monotonic() - begin:.0f} s, seed {options.seed}: {failed} passed;",
          dict(sorted(forced.items())))
    print("the kernel said:", dict(errors.most_common()))
    print(*("never forced: " + code for code in missing), sep="\n" if missing else "")
    return 1 if failed or missing or not forced else 0


if __name__ == "__main__":
    sys.exit(main())
