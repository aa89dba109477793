# needs: root
"""Text that is nearly a spec: random edits of random specs never crash or hang `validate`, and it runs
nothing of them.

Usage: edits.py [--count N] [--seed S]
"""

import argparse
import os
import re
import sys
import time

from coverage import Coverage, schema_of
from generator import Generator
from text import text_of
from values import Values
from world import WORLD, World

WORDS = ("[", "]", "{", "}", ":", "-", "&a", "*a", "<<:", "null", "~", "true", "\t", "\0", "'", '"', "|", "---", "#",
         "9999999999999999999999", "-1", "é", "\ufeff", "!!str", "%", "@", "`", "unshare", "namespaces:", "pidns: 1",
         " " * 40, "a" * 5000)
# Whatever of a spec is run says so there.
TRACE = WORLD + "/made/trace"
LONGEST = 5


def edited(values, text):
    """One to four edits of its lines, words and bytes."""
    for _ in range(values.choice((1, 1, 1, 2, 4))):
        lines = text.split("\n")
        at = values.randrange(len(lines))
        form = values.choice(("delete", "double", "swap", "word", "word", "cut", "indent", "bytes"))
        if form == "delete":
            del lines[at]
        elif form == "double":
            lines.insert(values.randrange(len(lines) + 1), lines[at])
        elif form == "swap":
            other = values.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif form == "indent":
            lines[at] = " " * values.randint(0, 9) + lines[at].lstrip()
        text = "\n".join(lines)
        if form == "word":
            words = list(re.finditer(r"\S+", text)) or [None]
            word = values.choice(words)
            begin, end = word.span() if word else (0, 0)
            text = text[:begin] + values.choice(WORDS) + text[values.choice((begin, end)):]
        elif form == "cut":
            text = text[:values.randrange(len(text) + 1)]
        elif form == "bytes":
            place = values.randrange(len(text) + 1)
            text = text[:place] + chr(values.choice((0x1b, 0x85, 0xa0, 0x2028, 0x10ffff, 0x7f))) + text[place + 1:]
    return text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=int(os.environ.get("PIDNS_PROPERTY_EDITS", 2000)))
    parser.add_argument("--seed", default=os.environ.get("PIDNS_PROPERTY_SEED", "3"))
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    world = World("root")
    supported = Coverage(schema_of(world.program)).supported()
    begin, failed, statuses = time.monotonic(), 0, {}
    for index in range(options.count):
        values = Values(f"{options.seed}/edit/{index}")
        spec = Generator(f"{options.seed}/root/{index // 4}", world.caller, supported).spec()
        spec["script"] = f"echo ran >> {TRACE}"
        text = edited(values, text_of(spec, values.randrange(4)))
        world.spec_file(text.encode("utf-8", "surrogatepass"))
        ended = world.call(world.program, "validate", WORLD + "/spec.yaml", longest=LONGEST)
        statuses[ended.status] = statuses.get(ended.status, 0) + 1
        told = bool(ended.err) if ended.status == 1 else True
        if ended.status not in (0, 1) or ended.left or not told or os.path.exists(TRACE):
            failed += 1
            print(f"edit {index} of seed {options.seed}:\n{text!r}\n---\n{ended!r}", flush=True)
    world.close()
    print(f"{options.count} edited specs in {time.monotonic() - begin:.0f} s, {statuses} by status; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
