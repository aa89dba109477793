# needs: root
"""The script of a random spec that says it is complete writes, and ends with, what `run` does. (It may
leave something behind where no pid namespace is around a process: only the run looks for that.)

Usage: scripts.py root|user [--count N] [--seed S] [--first I]
"""

import re
import sys

from drawn import holds_for_each
from forms import lines


def is_one_of_many(spec):
    """A cheap look before anything is started: such a script is never complete."""
    return len(spec.get("processes", {})) + len(spec.get("namespaces", {})) > 1


def as_number(status):
    return status if status is None or status >= 0 else 128 - status


def promised(text):
    """Of pids that nobody promises it is left that there are some; and a shell is in place of our processes."""
    return lines(re.sub(r"pidns: (init|holder)", "sh", text))


def difference(world, spec, text, shared):
    if is_one_of_many(spec):
        return None
    path = world.spec_file(text)
    planned = world.call(world.program, "plan", "--format", "sh", path, shared=shared)
    if planned.status != 0 or "\n# complete: yes\n" not in planned.out:
        return None
    script = path + ".sh"
    with open(script, "w") as file:
        file.write(planned.out)
    ends = []
    for argv in ((world.program, "run", path), ("/bin/sh", script)):
        world.clean()
        ran = world.call(*argv, shared=shared)
        # In what words a program is not found may stand in a file, too.
        written = {} if ran.status in (126, 127) else world.written()
        # A shell tells of a signal that has ended its child, and unshare(1) that it knows none such as 0.
        shells = ("Killed", "Terminated", "Segmentation fault", "unshare: sigprocmask unblock failed: Invalid argument")
        written = {name: [line for line in found if line not in shells] for name, found in written.items()}
        # On a terminal of its own nobody but the process itself can say that it was not found.
        out = [line for line in promised(ran.out) if not re.match(r"env: |\S+: line 1: exec: .*: not found", line)]
        ends.append((as_number(ran.status), out, written, ran.err))
    # A set-up that can't be done ends otherwise, and in other words.
    if ends[0][0] == 125:
        return None
    if ends[0][:3] == ends[1][:3]:
        return ""
    return f"run: {ends[0]}\nscript: {ends[1]}\n{planned.out}"


if __name__ == "__main__":
    sys.exit(holds_for_each(difference, "their complete scripts run beside them"))
