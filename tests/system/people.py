"""Who calls pidns, and where in a tree a node stands: the two things that most keys are tried with."""

import os
import shutil
import textwrap

import harness

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
# A user with a name and ranges, where `TestCase.lent_files` covers the machine's own.
TESTER = ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups"]
SUBUID = "tester:100000:1000\nother:200000:5\n4321:300000:500\n"
SUBGID = "tester:400000:65536\n"
CALLERS = {"root": [], "nobody": NOBODY}

# A node around the one that is tried, with all that it may need of its surroundings.
OUTER = "unshare: [user, pid, mount]\nmount-proc: true\n"


# A root of a node's own in which programs run: it holds nothing else.
SMALL_ROOT = """\
unshare: [mount]
root: {type: tmpfs}
mounts:
  - {type: bind, source: /usr, target: /usr, options: [rbind, ro]}
  - {type: symlink, source: usr/bin, target: /bin}
  - {type: symlink, source: usr/lib, target: /lib}
  - {type: symlink, source: usr/lib64, target: /lib64}
"""


def whole(body, outer=()):
    """A spec of `body`, the keys of one node, inside a node for each of `outer`."""
    for around in reversed(outer):
        body = around + "namespaces:\n  n:\n" + textwrap.indent(body, "    ")
    return "pidns: 1\n" + body


DEPTHS = {"depth 1": (), "depth 2": (OUTER,), "depth 3": (OUTER, OUTER)}


class TestCase(harness.TestCase):
    """Tests that run as root and as nobody: the program and the spec lie where everybody may read."""

    def program(self):
        copy = self.path("pidns")
        if not os.path.exists(copy):
            os.chmod(self.folder, 0o755)
            shutil.copy(harness.PIDNS, copy)
            os.chmod(copy, 0o755)
        return copy

    def lent_files(self, subuid=SUBUID, subgid=SUBGID):
        """Words of a wrapper: for what it starts, there is a user `tester`, who has these ranges."""
        with open("/etc/passwd") as file:
            self.write("passwd", "tester:x:4321:4321::/:/bin/sh\n" + file.read())
        self.write("subuid", subuid)
        self.write("subgid", subgid)
        cover = " && ".join(f"mount --bind {self.path(name)} /etc/{name}" for name in ("passwd", "subuid", "subgid"))
        return ["unshare", "-m", "--propagation", "private", "sh", "-c", f'{cover} && exec "$@"', "sh"]

    def start_as(self, who, spec, *args, before=(), **options):
        program = self.program()
        path = self.write("spec.yaml", spec)
        return harness.Run([*before, *CALLERS[who], program, "run", path, *args], **options)

    def run_as(self, who, spec, *args, **options):
        result = self.start_as(who, spec, *args, **options).wait()
        harness.assert_nothing_left(orphans=False)
        return result

    def ok_as(self, who, spec, *args, **options):
        result = self.run_as(who, spec, *args, **options)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def everywhere(self, body, who=("root", "nobody"), depths=tuple(DEPTHS)):
        """The output of a node at each depth and for each caller, each a subtest."""
        for caller in who:
            for depth in depths:
                with self.subTest(caller=caller, depth=depth):
                    yield self.ok_as(caller, whole(body, DEPTHS[depth]))

    def refused(self, spec, key, words, who="root", **options):
        """A run that must end with 125 at the line where `key` stands first."""
        result = self.run_as(who, spec, **options)
        self.assertEqual((result.status, result.out), (125, ""), result)
        line = next(n for n, text in enumerate(spec.splitlines(), 1) if key in text)
        self.assert_place(result, line, words=words)
        return result
