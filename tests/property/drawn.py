"""What holds for every random spec: drawn one after another, and made smaller where it does not hold.

Usage of each program that does so: PROGRAM root|user [--count N] [--seed S] [--first I]
"""

import argparse
import os
import time

from coverage import Coverage, schema_of
from generator import Generator
from shrink import smaller
from text import text_of
from world import World


def holds_for_each(difference, words):
    """`difference(world, spec, text, shared)` says in words what is not as it should be, nothing where all
    is, and None for a spec that is not counted. Returns the status of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("caller", choices=("root", "user"))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", default=os.environ.get("PIDNS_PROPERTY_SEED", "2"))
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    world = World(options.caller)
    supported = Coverage(schema_of(world.program)).supported()
    index, ran, failed, begin = options.first, 0, 0, time.monotonic()
    while ran < options.count and failed < 5:
        spec = Generator(f"{options.seed}/{options.caller}/{index}", world.caller, supported).spec()
        shared = index % 3 == 0

        def differs(other, index=index, shared=shared):
            return difference(world, other, text_of(other, index), shared)

        found = differs(spec)
        # Twice: where a machine is slow, one of two may have been late.
        if found and differs(spec):
            failed += 1
            small = smaller(spec, differs, 20)
            print(f"spec {index} of seed {options.seed}, as {options.caller}{', / shared' if shared else ''}:\n"
                  f"{text_of(small, index)}---\n{differs(small) or found}", flush=True)
        ran += found is not None
        index += 1
    world.close()
    print(f"{ran} specs as {options.caller} in {time.monotonic() - begin:.0f} s, of {index - options.first} drawn from "
          f"seed {options.seed}: {words}; {failed} differ")
    return 1 if failed or not ran else 0
