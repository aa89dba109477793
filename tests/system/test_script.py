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
            "user inside user, denied", "own init", "own init, after mounts", "timeout", "timeout under an init",
            "timeout, an own /proc", "timeout, a stop-signal that is handled", "timeout, one that is not",
            "timeout, never ends by itself", "timeout that is not reached", "timeout, nested", "another argv[0]",
            "kept by pattern", "no PATH", "all capabilities", "a directory leaves no mark")
MORE = {
    "several, timeout": "pidns: 1\nunshare: [pid]\nprocesses: {a: {script: sleep 1, timeout: 2s}, b: {script: sleep 1}}\n",
    "ready": "pidns: 1\nunshare: [pid]\nscript: sleep 1\nready: {path: /etc/passwd}\n",
    "own init": f"pidns: 1\nunshare: [pid]\ninit: true\nscript: echo $$; {specs.NSPID}; (sleep 0.05 &) ; sleep 0.1; exit 4\n",
    "own init, after mounts": "pidns: 1\nunshare: [pid, mount, uts]\ninit: true\nhostname: h\nmount-proc: true\n"
                              "mounts: [{type: tmpfs, target: /mnt}]\nscript: echo $$; set -- /proc/[0-9]*; echo $#; exit 9\n",
    "timeout under an init": "pidns: 1\nunshare: [pid]\ninit: true\ntimeout: 0.2s\nscript: echo on $$; sleep 30\n",
    "timeout, an own /proc": "pidns: 1\nunshare: [pid, mount]\ninit: true\nmount-proc: {target: /proc, subset: pid}\n"
                             "timeout: 0.2s\nscript: echo on $$; ls /proc/self/fd | wc -l; sleep 30\n",
    "timeout, a stop-signal that is handled": "pidns: 1\nunshare: [pid]\ntimeout: 0.2s\nstop-signal: USR1\nscript: |\n"
                                              "  trap 'echo had; exit 3' USR1\n  while :; do sleep 0.02; done\n",
    # The first process has no handler: it gets SIGKILL at once, and what it would go on to write is not there.
    "timeout, one that is not": "pidns: 1\nunshare: [pid]\ntimeout: 0.2s\nstop-signal: SIGRTMIN+1\nstop-timeout: 5s\n"
                                "script: echo on; sleep 1; echo too late\n",
    "timeout, never ends by itself": "pidns: 1\nunshare: [pid]\ntimeout: 0.2s\nstop-timeout: 0.2s\nscript: |\n"
                                     "  trap 'echo no' TERM\n  while :; do sleep 0.02 || :; done\n",
    "timeout that is not reached": "pidns: 1\nunshare: [pid]\ntimeout: 20s\nscript: cat; echo on; exit 8\n",
    "timeout, nested": "pidns: 1\nunshare: [pid]\nnamespaces:\n  in:\n    unshare: [pid, mount]\n    mount-proc: true\n"
                       "    timeout: 0.2s\n    script: echo on; sleep 30\n",
    "another argv[0]": "pidns: 1\nunshare: [pid]\nclear-env: true\nenv: {A: b}\nargv0: other name\n"
                       "command: [cat, /proc/self/cmdline, /proc/self/environ]\n",
    "kept by pattern": "pidns: 1\nunshare: [pid]\nclear-env: true\nkeep-env: [PATH, LC_*, XY_*]\n"
                       "env: {LC_NONE: ~, LC_OTHER: changed}\ncommand: [printenv]\n",
    "no PATH": "pidns: 1\nunshare: [pid]\nclear-env: true\ncommand: [losetup, --version]\n",
    "all capabilities": "pidns: 1\nunshare: [pid]\nuid: 1234\ncapabilities: all\ncommand: [grep, Cap, /proc/self/status]\n",
    "a directory leaves no mark": "pidns: 1\nunshare: [pid, mount]\nmounts: [{type: dir, target: /tmp}]\ncwd: /usr\n"
                                  "command: [sh, -c, 'pwd; tr \"\\\\0\" \"\\n\" </proc/self/environ | grep -c OLDPWD']\n",
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


def as_by_a_shell(text):
    """What the run has written, where a shell is in place of a process of ours."""
    return re.sub(r"pidns: (init|holder)", "sh", text)


def written_beside(path):
    """What lies in the files of `out` beside a spec, which are taken away. No order of variables is promised."""
    found = {}
    for file in sorted((pathlib.Path(path).parent / "out").iterdir()):
        found[file.name] = sorted(file.read_text().splitlines())
        file.unlink()
    return found


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
        self.assertEqual((as_number, as_by_a_shell(ran[1])), (scripted_as_number, scripted[1]), (ran[2], scripted[2], script))

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
        self.assertEqual(complete, ["reaper.yaml", "shortest.yaml", "three-levels.yaml"])

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
                ran, scripted = ((*self.outcome(argv), written_beside(path))
                                 for argv in ([*before, program, "run", path], shell))
                self.assertEqual((ran[0], as_by_a_shell(ran[1])), scripted[:2], (ran[2], scripted[2], script))
                self.assertEqual(ran[3], scripted[3])
                self.assertEqual(ran[0], 0, ran[2])
        self.assertGreaterEqual(len(complete), 12, complete)

    def test_what_is_left_out_is_said_at_the_top(self):
        for name, words in {"several processes": "several processes", "init of the spec": "beside a PID 1",
                            "several, timeout": "one of several processes at its `timeout`", "ready": "`ready`",
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
