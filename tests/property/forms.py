# needs: root
"""What can be said of a random spec in several ways is the same: `plan` prints it in every format, and
`run --no-fuse` (unshare, fork, exec) writes, and ends with, what `run` does.

Usage: forms.py root|user [--count N] [--seed S] [--first I]
"""

import sys

from drawn import holds_for_each

FORMATS = ("text", "json", "dot", "mermaid", "sh")


def lines(text):
    """Whose line comes first is nobody's promise where several write."""
    return sorted(text.splitlines())


def holds_everywhere(spec, what):
    """Whether a node and all that is in it are so."""
    inner = list(spec.get("namespaces", {}).values()) + list(spec.get("processes", {}).values())
    return what(spec) and all(holds_everywhere(one, what) for one in inner)


def is_ended_by_nobody(spec):
    """Else it is a matter of time what a process has written when another's end ends it …"""
    return not (spec.get("main") or spec.get("timeout") or isinstance(spec.get("init"), str))


def has_no_named_init(spec):
    """… and, where that is the PID 1 of its node, whether it counts for the status."""
    return not isinstance(spec.get("init"), str)


def difference(world, spec, text, shared):
    """What differs, in words; nothing where all is as it should be, None for a spec that is refused."""
    path = world.spec_file(text)
    if world.call(world.program, "validate", path, shared=shared).status != 0:
        return None
    for name in FORMATS:
        planned = world.call(world.program, "plan", "--format", name, path, shared=shared)
        if planned.status != 0 or not planned.out or "error" in planned.err:
            return f"plan --format {name}: {planned!r}"
    ends = []
    for form in ((), ("--no-fuse",)):
        world.clean()
        ran = world.call(world.program, "run", *form, path, shared=shared)
        seen = (lines(ran.out), world.written()) if holds_everywhere(spec, is_ended_by_nobody) else ()
        status = ran.status if holds_everywhere(spec, has_no_named_init) else ran.status == 125
        ends.append((status, ran.left, seen, ran.err if ran.status == 125 else ""))
    if ends[0] == ends[1]:
        return ""
    return f"run: {ends[0]}\nrun --no-fuse: {ends[1]}"


if __name__ == "__main__":
    sys.exit(holds_for_each(difference, f"planned in {len(FORMATS)} formats, run in both forms"))
