# needs: root
"""The canonical form (`--no-fuse`: unshare, fork, exec) and the fused one do the same."""

import os
import pathlib
import re

import golden_specs
import harness
import people
import specs

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
AS_A_USER = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "--"]


def promised(text):
    """Without the pids that nobody promises: how many there are is."""
    text = re.sub(r"(NSpid.*?:)((?:\s+\d+)+)$", lambda m: m[1] + f" {len(m[2].split())} pids", text, flags=re.M)
    text = re.sub(r"^.*pidns: launcher\n", "", text, flags=re.M)  # Only the canonical form has them.
    return re.sub(r"^ *\d+ +(\d+|\?) +", "", text, flags=re.M)


# What differs from one run to the next of the same form: the time, and how busy the machine is.
UNLIKE = re.compile(r"^ \d\d:\d\d:\d\d up .*|\d\d:\d\d(?= \S+$)")


class Forms(people.TestCase):
    def assert_same(self, argv, **options):
        results = []
        options.setdefault("cwd", "/")
        for extra in ([], ["--no-fuse"]):
            result = harness.Run([*argv[:-1], *extra, argv[-1]], **options).wait()
            harness.assert_nothing_left(orphans=False)
            results.append((result.status, promised(result.out), result.err))
        self.assertEqual(*results)
        return results[0]

    def test_each_spec_ends_the_same_way(self):
        for name, spec in specs.SPECS.items():
            with self.subTest(name):
                status, out, err = self.assert_same([harness.PIDNS, "run", "-"], stdin=spec)
                self.assertNotEqual(status, 125, err)
                self.assertTrue(out or name in ("not found", "dies of a signal"), err)

    def test_each_spec_of_users_does_so_without_privilege(self):
        for name in specs.FOR_USERS:
            with self.subTest(name):
                status, out, err = self.assert_same([*AS_A_USER, harness.PIDNS, "run", "-"], stdin=specs.SPECS[name])
                self.assertNotEqual(status, 125, err)
                self.assertTrue(out)

    def test_each_example(self):
        for path in sorted(EXAMPLES.glob("*.yaml")):
            if path.name == "kill-child.yaml":
                continue  # It waits to be killed.
            with self.subTest(path.name):
                # Processes that do not wait for one another write in any order.
                outcomes = [self.outcome([harness.PIDNS, "run", *form, str(path)]) for form in ([], ["--no-fuse"])]
                self.assertEqual(*outcomes)

    def test_golden_specs_end_the_same_way(self):
        program, lent = self.program(), self.lent_files()
        for spec in golden_specs.golden_specs():
            with self.subTest(spec.name):
                before = [*lent, *people.TESTER] if spec.is_for_users else spec.before
                # Processes that end on their own write in any order.
                outcomes = [self.outcome([*before, program, "run", *form, spec.write(self.folder)])
                            for form in ([], ["--no-fuse"])]
                self.assertEqual(*outcomes)
                self.assertEqual(outcomes[0][0], 0, outcomes)

    def outcome(self, argv):
        result = harness.Run(argv, cwd="/").wait()
        harness.assert_nothing_left()
        lines = (UNLIKE.sub("", line) for line in promised(result.out).splitlines())
        return result.status, sorted(lines), result.err

    def test_join_by_pid(self):
        other = self.start("pidns: 1\nunshare: [pid, uts]\nhostname: other\nscript: echo ready; sleep 30\n")
        other.until_out("ready")
        pid = harness.children_of(other.pid)[0]
        for spec in (f"pidns: 1\njoin: {{uts: {pid}}}\nscript: hostname\n",
                     f"pidns: 1\njoin: {{uts: {pid}, pid: {pid}}}\nscript: hostname; {specs.NSPID}\n",
                     f"pidns: 1\njoin: {{uts: {pid}}}\nunshare: [pid]\nscript: hostname; echo $$\n"):
            with self.subTest(spec):
                results = [harness.Run([harness.PIDNS, "run", *extra, "-"], stdin=spec).wait()
                           for extra in ([], ["--no-fuse"])]
                self.assertEqual(*[(r.status, r.out, r.err) for r in results])
                self.assertIn("other", results[0].out)
        other.kill()

    def test_a_killed_supervisor_takes_all_with_it(self):
        for name, spec in {"leaf": "unshare: [pid]\ncommand: [sleep, '3711']\n",
                           "init": "unshare: [pid]\ninit: true\ncommand: [sleep, '3711']\n",
                           "nested": "unshare: [pid]\nnamespaces: {a: {unshare: [pid], command: [sleep, '3711']}}\n",
                           "user": "unshare: [user, pid]\ncommand: [sleep, '3711']\n"}.items():
            with self.subTest(name):
                run = self.start("pidns: 1\n" + spec, "--no-fuse")
                harness.until(lambda: harness.with_argument("3711"))
                run.kill()
                harness.until(lambda: not harness.with_argument("3711"), what="its end")
                harness.assert_nothing_left()

    def test_signals_pass_launchers(self):
        spec = "pidns: 1\nunshare: [pid]\nnamespaces:\n  a:\n    unshare: [pid]\n" \
               "    script: \"trap 'echo had; exit 7' USR1; echo ready; while :; do sleep 0.02 || :; done\"\n"
        run = self.start(spec, "--no-fuse").until_out("ready")
        run.signal(10)
        result = run.wait(5)
        self.assertEqual((result.status, result.out), (7, "ready\nhad\n"))

    def test_what_ends_with_the_named_init_counts_for_nothing(self):
        spec = "pidns: 1\nunshare: [pid]\ninit: one\nprocesses:\n  one: {script: sleep 0.2}\n" \
               "  two: {script: sleep 60}\nnamespaces:\n" \
               "  in: {unshare: [pid], init: true, script: sleep 60}\n  leaf: {unshare: [pid], script: sleep 60}\n"
        self.assertEqual(self.assert_same([harness.PIDNS, "run", "-"], stdin=spec), (0, "", ""))

    def test_the_plan_says_which_form_it_is(self):
        spec = self.write("spec.yaml", specs.SPECS["three levels"])
        fused, canonical = (self.call("plan", *extra, spec).out for extra in ([], ["--no-fuse"]))
        self.assertIn("3 processes to create", fused)
        self.assertIn("6 processes to create", canonical)
        self.assertNotIn("launcher", fused)
        self.assertEqual(canonical.count("unshare pid, mount, uts"), 3)
        self.assertEqual(canonical.count("fork launcher"), 3)


if __name__ == "__main__":
    harness.main()
