# needs: root
"""What a plan says is what happens: the system calls of a run are those of its steps, in order."""

import pathlib

import golden_specs
import harness
import people
import specs
import traces

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

# Whose processes do not come as far as their last step, by design.
ENDS_EARLY = ("timeout", "not found")
MORE = {
    "overlay": "pidns: 1\nunshare: [mount, pid]\nroot: {type: overlay, lower: /}\nmount-proc: true\nscript: exit 0\n",
    "shared": "pidns: 1\nunshare: [mount, pid]\npropagation: slave\nmount-proc: true\nscript: exit 0\n",
    "argv0": "pidns: 1\nunshare: [uts]\nargv0: another\ncommand: [sleep, '0']\n",
    "named user": "pidns: 1\nunshare: [pid]\nuid: nobody\nscript: id -un\n",
    "a small dev": "pidns: 1\nunshare: [mount]\nmounts: [{type: dev, target: /dev}]\nscript: ls /dev >/dev/null\n",
    "a file": "pidns: 1\nunshare: [mount]\nmounts: [{type: tmpfs, target: /mnt}, "
              "{type: file, target: /mnt/f, content: x, create: true}]\nscript: cat /mnt/f\n",
    "all kinds": "pidns: 1\nunshare: all\nhostname: h\nmount-proc: true\nscript: exit 0\n",
}


class Truth(people.TestCase):
    def assert_true_to_plan(self, argv, spec=None, form=(), **options):
        """`argv` is `pidns run … SPEC`."""
        argv = [*argv[:-1], *form, argv[-1]]
        plan = traces.plan_of(argv, stdin=spec)
        result, first, seen = traces.trace(self.folder, argv, stdin=spec, **options)
        harness.assert_nothing_left()
        self.assertEqual(traces.compare(plan, first, seen), len(plan["processes"]), result)

    def test_examples(self):
        for path in sorted(EXAMPLES.glob("*.yaml")):
            for form in ((), ("--no-fuse",)):
                with self.subTest(path.name, form=form):
                    self.assert_true_to_plan([harness.PIDNS, "run", str(path)], form=form)

    def test_further_specs(self):
        for name, spec in {**specs.SPECS, **MORE}.items():
            if name in ENDS_EARLY:
                continue
            for form in ((), ("--no-fuse",)):
                with self.subTest(name, form=form):
                    self.assert_true_to_plan([harness.PIDNS, "run", "-"], spec, form)

    def test_golden_specs(self):
        self.assert_golden_specs_are_true()

    def test_golden_specs_without_fusing(self):
        self.assert_golden_specs_are_true("--no-fuse")

    def assert_golden_specs_are_true(self, *form):
        program, lent = self.program(), self.lent_files()
        for spec in golden_specs.golden_specs():
            with self.subTest(spec.name):
                argv = [program, "run", *form, spec.write(self.folder)]
                before, caller = (lent, people.TESTER) if spec.is_for_users else (spec.before, [])
                plan = traces.plan_of([*before, *caller, *argv])
                result, first, seen = traces.trace(self.folder, argv, before, caller)
                harness.assert_nothing_left()
                self.assertEqual(traces.compare(plan, first, seen), len(plan["processes"]), result)
                self.assertEqual(result.status, 0, result)

    def test_a_difference_would_be_seen(self):
        spec = specs.SPECS["pid, mount, uts"]
        argv = [harness.PIDNS, "run", "-"]
        _, first, seen = traces.trace(self.folder, argv, stdin=spec)
        for old, new in (("hostname: ns1", "hostname: ns2"), ("hostname: ns1\n", ""), ("mount, uts", "mount, uts, ipc"),
                         ("mount-proc: true\n", ""), ("mount-proc: true\n", "mount-proc: true\nuid: 5\n")):
            plan = traces.plan_of(argv, stdin=spec.replace(old, new))
            with self.subTest(new), self.assertRaises(traces.Untrue):
                traces.compare(plan, first, seen)


if __name__ == "__main__":
    harness.main()
