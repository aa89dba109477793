# needs: root
"""`plan --format sh`: a script that says it is complete does what the run does."""

import pathlib
import re

import golden_specs
import harness
import people
import specs
from test_forms import promised

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

# What a script can take as a whole. Each level is one process, or holds just one nested node.
COMPLETE = ("nothing new", "pid", "pid, mount, uts", "without pid", "three levels", "levels with and without pid",
            "killed by a signal", "not found", "clocks, whole seconds", "network", "mounts", "who it is", "streams",
            "environment", "no kill-child", "a terminal's session", "read-only root", "oom score",
            "user, setgroups denied",
            "user inside user, denied")
MORE = {
    "clocks, whole seconds": "pidns: 1\nunshare: [time]\nboottime: 10d\nmonotonic: -2s\n"
                             "script: cat /proc/self/timens_offsets | tr -s ' '\n",
    "streams": "pidns: 1\nunshare: [pid]\nstdin: /etc/hostname\nstderr: null\nscript: cat; echo unseen >&2\n",
    "environment": "pidns: 1\nunshare: [pid]\nclear-env: true\nkeep-env: [LANG, NOT_THERE]\n"
                   "env: {A: \"it's\", B: \"two\\nlines\", PATH: '/usr/bin:/bin'}\n"
                   "script: env | grep -vE '^(PWD|_|SHLVL)=' | sort; cat /proc/$$/comm\n",
    "no kill-child": f"pidns: 1\nunshare: [pid]\nkill-child: false\nscript: echo $$; {specs.NSPID}; exit 11\n",
    "a terminal's session": "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nterminal: none\n"
                            "script: ps -o pid=,sid= -p $$ | tr -s ' '\n",
    "read-only root": "pidns: 1\nunshare: [mount]\nread-only-root: true\n"
                      "script: touch /at-the-root 2>/dev/null || echo read-only\n",
    "oom score": "pidns: 1\nunshare: [pid]\noom-score-adj: 321\nscript: cat /proc/self/oom_score_adj\n",
    "user, setgroups denied": "pidns: 1\nunshare: [user, pid]\nsetgroups: deny\n"
                              "script: id -u; cat /proc/self/setgroups; echo $$\n",
    "user inside user, denied": "pidns: 1\nunshare: [user, pid]\nsetgroups: deny\nnamespaces:\n  in:\n"
                                "    unshare: [user, pid]\n    setgroups: deny\n    uid-map: current\n"
                                "    gid-map: current\n    script: id -u; echo $$\n",
}


def spec_of(name):
    return MORE.get(name) or specs.SPECS[name]


class Scripts(people.TestCase):
    def script(self, spec):
        result = self.call("plan", "--format", "sh", "-", stdin=spec)
        self.assertEqual(result.status, 0, result)
        return result.out

    def outcome(self, argv, **options):
        result = harness.Run(argv, cwd="/", **options).wait()
        harness.assert_nothing_left(orphans=False)
        return result.status, promised(result.out), result

    def assert_does_the_same(self, run, script, shell="/bin/sh"):
        ran = self.outcome(run[0], **run[1])
        scripted = self.outcome([shell, self.write("script", script)])
        # A shell reports the death of its child by a signal as a number.
        as_number = ran[0] if ran[0] >= 0 else 128 - ran[0]
        scripted_as_number = scripted[0] if scripted[0] >= 0 else 128 - scripted[0]
        self.assertEqual((as_number, ran[1]), (scripted_as_number, scripted[1]), (ran[2], scripted[2], script))

    def test_each_complete_script_does_what_the_run_does(self):
        for name in COMPLETE:
            with self.subTest(name):
                spec = spec_of(name)
                script = self.script(spec)
                self.assertIn("\n# complete: yes\n", script)
                self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), script)

    def test_bash_reads_them_too(self):
        for name in ("three levels", "environment", "mounts"):
            with self.subTest(name):
                spec = spec_of(name)
                self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), self.script(spec), "/bin/bash")

    def test_the_examples(self):
        complete = []
        for path in sorted(EXAMPLES.glob("*.yaml")):
            script = self.call("plan", "--format", "sh", str(path)).out
            if "\n# complete: yes\n" not in script or path.name == "kill-child.yaml":
                continue
            with self.subTest(path.name):
                complete.append(path.name)
                self.assert_does_the_same(([harness.PIDNS, "run", str(path)], {}), script)
        self.assertEqual(complete, ["shortest.yaml", "three-levels.yaml"])

    def test_golden_specs(self):
        program, lent = self.program(), self.lent_files()
        complete = []
        for spec in golden_specs.golden_specs():
            with self.subTest(spec.name):
                before = [*lent, *people.TESTER] if spec.is_for_users else spec.before
                path = spec.write(self.folder)
                script = harness.Run([*before, program, "plan", "--format", "sh", path]).wait().out
                if "\n# complete: yes\n" not in script:
                    continue
                complete.append(spec.name)
                shell = [*before, "/bin/sh", self.write("script", script)]
                ran, scripted = (self.outcome(argv) for argv in ([*before, program, "run", path], shell))
                self.assertEqual(ran[:2], scripted[:2], (ran[2], scripted[2], script))
                self.assertEqual(ran[0], 0, ran[2])
        self.assertGreaterEqual(len(complete), 12, complete)

    def test_what_is_left_out_is_said_at_the_top(self):
        for name, words in {"several processes": "several processes", "own init": "sh stands in for pidns's init",
                            "init of the spec": "beside a PID 1", "timeout": "`timeout`",
                            "clocks": "whole seconds", "a root of its own": "the root is changed",
                            "user, list": "newuidmap"}.items():
            with self.subTest(name):
                head = re.match(r"#!/bin/sh\n# .*\n((?:# .*\n)+)", self.script(spec_of(name)))[1]
                head = " ".join(line[2:] for line in head.splitlines())
                self.assertTrue(head.startswith("complete: no, because "), head)
                self.assertIn(words, head)

    def test_every_script_is_one_that_a_shell_can_read(self):
        for name, spec in {**specs.SPECS, **MORE}.items():
            with self.subTest(name):
                path = self.write("script", self.script(spec))
                self.assertEqual(harness.Run(["/bin/sh", "-n", path]).wait().err, "")

    def test_a_script_stops_before_it_touches_the_wrong_root(self):
        status, out, result = self.outcome(["/bin/sh", self.write("script", self.script(specs.SPECS["a root of its own"]))])
        self.assertEqual((status, out), (125, ""), result)
        self.assertIn("another root", result.err)


if __name__ == "__main__":
    harness.main()
