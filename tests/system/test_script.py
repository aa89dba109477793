# needs: root
"""`plan --format sh`: a script that says it is complete does what the run does."""

import os
import pathlib
import re

import golden_specs
import harness
import people
import script_specs
import specs
from test_forms import promised

ODD_VARIABLES = {"ODD.1": "two\nlines\n", "ODD-[2]": "it's $x"}
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

def spec_of(name):
    return {**specs.SPECS, **script_specs.COMPLETE, **script_specs.INCOMPLETE}[name]


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
        os.makedirs(self.path("scratch"), exist_ok=True)
        os.chmod(self.path("scratch"), 0o1777)
        # A script that is wrong may take the machine's root for the node's own: nothing can be written there.
        guard = ["unshare", "--mount", "--propagation", "private", "--", "sh", "-euc",
                 'mount --bind "$0" "$0"; mount -t tmpfs tmpfs /run; mount -o remount,bind,ro /; exec "$@"', self.folder]
        result = harness.Run([*guard, *argv], cwd="/", env={"TMPDIR": self.path("scratch"), **ODD_VARIABLES}, **options).wait()
        self.assertEqual(os.listdir(self.path("scratch")), [], result)
        # A shell does not wait for who writes a long text into a pipe for it.
        harness.assert_nothing_left(orphans=argv[0] == "/bin/sh")
        return result.status, promised(result.out), result

    def assert_does_the_same(self, run, script, shell="/bin/sh"):
        ran = self.outcome(run[0], **run[1])
        scripted = self.outcome([shell, self.write("script", script)])
        # A shell reports the death of its child by a signal as a number.
        as_number = ran[0] if ran[0] >= 0 else 128 - ran[0]
        scripted_as_number = scripted[0] if scripted[0] >= 0 else 128 - scripted[0]
        self.assertEqual((as_number, as_by_a_shell(ran[1])), (scripted_as_number, scripted[1]), (ran[2], scripted[2], script))

    def test_each_complete_script_does_what_the_run_does(self):
        for name, spec in script_specs.COMPLETE.items():
            with self.subTest(name):
                script = self.script(spec)
                self.assertIn("\n# complete: yes\n", script)
                self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), script)

    def test_bash_reads_them_too(self):
        for name in ("three levels", "environment", "mounts", "user, several extents"):
            with self.subTest(name):
                spec = spec_of(name)
                self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), self.script(spec), "/bin/bash")

    def test_the_examples(self):
        complete = []
        for path in sorted(EXAMPLES.glob("*.yaml")):
            script = self.call("plan", "--format", "sh", str(path)).out
            if "\n# complete: yes\n" not in script:
                continue
            with self.subTest(path.name):
                complete.append(path.name)
                self.assert_does_the_same(([harness.PIDNS, "run", str(path)], {}), script)
        self.assertEqual(complete, ["kill-child.yaml", "reaper.yaml", "root-from-nothing.yaml", "shortest.yaml", "three-levels.yaml",
                                    "throw-away.yaml"])

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
        self.assertGreaterEqual(len(complete), 15, complete)

    def test_what_is_left_out_is_said_at_the_top(self):
        for name, words in {"several processes": "several processes", "init of the spec": "a PID 1 of the spec does not wait",
                            "ready": "`ready`"}.items():
            with self.subTest(name):
                head = re.match(r"#!/bin/sh\n# .*\n((?:# .*\n)+)", self.script(spec_of(name)))[1]
                head = " ".join(line[2:] for line in head.splitlines())
                self.assertTrue(head.startswith("complete: no, because "), head)
                self.assertIn(words, head)

    def test_what_is_joined_was_there_before_mounts_hid_it(self):
        me = os.getpid()
        spec = f"""\
pidns: 1
unshare: [pid, mount, uts, net]
hostname: around
mount-proc: true
mounts: [{{type: tmpfs, target: {self.folder}}}]
namespaces:
  in:
    join: {{uts: {me}, ipc: {me}, cgroup: {me}, net: {self.path("net")}}}
    timeout: 20s
    script: uname -n; readlink /proc/self/ns/net /proc/self/ns/ipc; ls /proc/self/fd | wc -l
"""
        os.symlink(f"/proc/{me}/ns/net", self.path("net"))
        script = self.script(spec)
        self.assertIn("\n# complete: yes\n", script)
        self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), script)

    def test_who_joins_a_pid_namespace_gets_the_orphans(self):
        spec = f"""\
pidns: 1
join: {{pid: {os.getpid()}}}
namespaces:
  in:
    unshare: [uts]
    script: |
      (sh -c 'sleep 0.1; read -r name </proc/$(sed -n "s/^PPid:.//p" /proc/$$/status)/comm; echo "$name"' &)
      sleep 0.4
"""
        script = self.script(spec)
        self.assertIn("\n# complete: yes\n", script)
        self.assertIn(script.count("become_subreaper"), (2, 3), script)
        self.assert_does_the_same(([harness.PIDNS, "run", "-"], {"stdin": spec}), script)

    def test_each_of_several_processes_has_its_timeout(self):
        script = self.script(script_specs.TIMEOUTS_OF_SEVERAL)
        self.assertRegex(script, "\n# complete: no, because several processes are started, and nobody stops them in order\n")
        status, out, result = self.outcome(["/bin/sh", self.write("script", script)])
        self.assertEqual((status, sorted(out.split())), (124, ["4", "asked"]), result)

    def test_one_of_several_processes_has_a_terminal(self):
        script = self.script(script_specs.TERMINAL_OF_SEVERAL)
        self.assertRegex(script, "\n# complete: no, because several processes are started, and nobody stops them in order\n")
        status, out, result = self.outcome(["/bin/sh", self.write("script", script)], stdin="typed\n")
        self.assertEqual((status, sorted(out.split())), (0, ["1", "4", "typed", "typed"]), result)

    def test_every_script_is_one_that_a_shell_can_read(self):
        for name, spec in {**specs.SPECS, **script_specs.COMPLETE}.items():
            with self.subTest(name):
                path = self.write("script", self.script(spec))
                self.assertEqual(harness.Run(["/bin/sh", "-n", path]).wait().err, "")


if __name__ == "__main__":
    harness.main()
