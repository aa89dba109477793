# needs: root
"""rlimits, nice, oom-score-adj: values, inheritance, and what only the maker may do."""

import os
import resource

import harness
import people
from people import whole

NAMES = {"as": "AS", "core": "CORE", "cpu": "CPU", "data": "DATA", "fsize": "FSIZE", "memlock": "MEMLOCK",
         "msgqueue": "MSGQUEUE", "nice": "NICE", "nofile": "NOFILE", "nproc": "NPROC", "rss": "RSS",
         "rtprio": "RTPRIO", "sigpending": "SIGPENDING", "stack": "STACK", "locks": None, "rttime": None}
ROWS = {"as": "address space", "core": "core file", "cpu": "cpu time", "data": "data size", "fsize": "file size",
        "locks": "file locks", "memlock": "locked memory", "msgqueue": "msgqueue", "nice": "nice priority",
        "nofile": "open files", "nproc": "processes", "rss": "resident set", "rtprio": "realtime priority",
        "rttime": "realtime timeout", "sigpending": "pending signals", "stack": "stack size"}


def limits(out):
    """Soft and hard limits of /proc/PID/limits, by their names in a spec."""
    found = {}
    for line in out.splitlines():
        for name, row in ROWS.items():
            if line.lower().startswith("max " + row):
                found[name] = tuple(line[26:].split()[:2])
    return found


class Rlimits(people.TestCase):
    SHOW = "command: [cat, /proc/self/limits]\n"

    def test_each_by_its_name(self):
        # Big enough for cat to run, and below what the caller has.
        values = {name: "0" for name in NAMES}
        values.update({"as": "900000000", "cpu": "77", "data": "800000000", "fsize": "1234567", "nofile": "99",
                       "nproc": "999", "rss": "7654321", "stack": "4000000", "rttime": "0"})
        body = "rlimits:\n" + "".join(f"  {name}: {value}\n" for name, value in values.items()) + self.SHOW
        for out in self.everywhere("unshare: [user]\n" + body, depths=("depth 1", "depth 2")):
            found = limits(out)
            for name, value in values.items():
                self.assertEqual(found[name], (value, value), name)

    def test_soft_and_hard(self):
        body = "rlimits: {nofile: {soft: 64, hard: 128}, core: {soft: 0, hard: unlimited}}\n" + self.SHOW
        hard = limits(harness.read("/proc/self/limits"))["core"][1]
        out = self.ok_as("root", whole(body if hard == "unlimited" else body.replace("unlimited", hard)))
        self.assertEqual(limits(out)["nofile"], ("64", "128"))
        self.assertEqual(limits(out)["core"], ("0", hard))

    def test_unlimited(self):
        if resource.getrlimit(resource.RLIMIT_STACK)[1] != resource.RLIM_INFINITY:
            self.skipTest("the caller's own limit is not unlimited")
        for out in self.everywhere("rlimits: {stack: unlimited}\n" + self.SHOW, depths=("depth 1",)):
            self.assertEqual(limits(out)["stack"], ("unlimited", "unlimited"))

    def test_few_descriptors_do_not_hinder_the_set_up(self):
        body = "rlimits: {nofile: 4}\noom-score-adj: 9\nuid: root\nscript: ulimit -n\n"
        for keys in ("", "unshare: [user]\n", "unshare: [user, pid, mount, time]\nmonotonic: 5s\nroot: /\n"):
            self.assertEqual(self.ok_as("root", whole(keys + body)), "4\n")

    def test_they_go_down_the_tree_and_are_merged_by_key(self):
        spec = ("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nrlimits: {nofile: 100, core: 0}\nprocesses:\n"
                "  a: {command: [sh, -c, ulimit -n; ulimit -c]}\n"
                "  b: {rlimits: {nofile: 50}, command: [sh, -c, ulimit -n; ulimit -c]}\n"
                "namespaces:\n  n:\n    unshare: [uts]\n    rlimits: {cpu: 9}\n    command: [sh, -c, ulimit -n; ulimit -t]\n")
        out = self.ok_as("root", spec).split()
        self.assertEqual(sorted(out), sorted(["100", "0", "50", "0", "100", "9"]))

    def test_a_raised_hard_limit_without_privilege(self):
        wrapper = ["prlimit", "--nofile=1000:1000"]
        for keys in ("", "unshare: [user]\n"):
            spec = whole(keys + "rlimits:\n  nofile: 2000\ncommand: ['true']\n")
            self.refused(spec, "nofile", "above the caller's hard limit", "nobody", before=wrapper)

    def test_the_supervisor_keeps_its_own(self):
        run = self.start_as("root", whole("rlimits: {nofile: 50}\nnice: 3\nscript: echo ready; exec sleep 1000\n"))
        run.until_out("ready")
        self.assertNotEqual(limits(harness.read(f"/proc/{run.pid}/limits"))["nofile"][0], "50")
        self.assertEqual(os.getpriority(os.PRIO_PROCESS, run.pid), os.getpriority(os.PRIO_PROCESS, 0))


class Priorities(people.TestCase):
    def test_nice(self):
        for out in self.everywhere("unshare: [user]\nnice: 7\ncommand: [nice]\n"):
            self.assertEqual(out, "7\n")

    def test_it_is_a_value_and_no_increment(self):
        self.assertEqual(self.ok_as("root", whole("nice: 7\ncommand: [nice]\n"), before=["nice", "-n", "5"]), "7\n")

    def test_a_lower_one(self):
        self.assertEqual(self.ok_as("root", whole("nice: -5\ncommand: [nice]\n")), "-5\n")
        # Set from outside, before the child with its user namespace goes on.
        for keys in ("unshare: [user]\n", "unshare: [user, pid]\nuid: 0\n"):
            for form in ((), ("--no-fuse",)):
                self.assertEqual(self.ok_as("root", whole(keys + "nice: -5\ncommand: [nice]\n"), *form), "-5\n")
        for keys in ("", "unshare: [user]\n"):
            self.refused(whole(keys + "nice: -1\ncommand: [nice]\n"), "nice", "below the caller's", "nobody")

    def test_oom_score_adj(self):
        for out in self.everywhere("unshare: [user]\noom-score-adj: 321\ncommand: [cat, /proc/self/oom_score_adj]\n"):
            self.assertEqual(out, "321\n")
        self.assertEqual(self.ok_as("root", whole("oom-score-adj: 1000\ncommand: [cat, /proc/self/oom_score_adj]\n")), "1000\n")

    def test_a_lower_oom_score_without_privilege(self):
        for keys in ("", "unshare: [user]\n"):
            self.refused(whole(keys + "oom-score-adj: -7\ncommand: ['true']\n"), "oom-score-adj", "least that the caller may set", "nobody")

    def test_the_supervisors_score_stays(self):
        before = harness.read("/proc/self/oom_score_adj")
        run = self.start_as("root", whole("oom-score-adj: 77\nscript: echo ready; exec sleep 1000\n"))
        run.until_out("ready")
        self.assertEqual(harness.read(f"/proc/{run.pid}/oom_score_adj"), before)


if __name__ == "__main__":
    harness.main()
