# needs: root
"""What is longer than the kernel takes is refused, and what is just short enough runs: execve(2), path_resolution(7)."""

import json
import resource

import harness

LONGEST = 32 * resource.getpagesize() - 1  # MAX_ARG_STRLEN, without its NUL.


class Lengths(harness.TestCase):
    def refused(self, spec, words, *options, **more):
        result = self.call("validate", *options, self.write("spec.yaml", spec), **more)
        self.assertEqual(result.status, 1, result)
        self.assertIn("[P615]", result.err)
        self.assertIn(words, result.words)
        return result

    def runs(self, spec, **more):
        result = self.run_spec(spec, **more)
        self.assertEqual((result.status, result.err), (0, ""))

    def test_one_string(self):
        for name, spec, length in (
                ("argument", "pidns: 1\ncommand: ['true', '{}']\n", LONGEST),
                ("script", "pidns: 1\nscript: '#{}'\n", LONGEST - 1),
                ("variable", "pidns: 1\nenv: {{A: '{}'}}\ncommand: ['true']\n", LONGEST - 2),
                ("of a process", "pidns: 1\nprocesses: {{a: {{env: {{A: '{}'}}, command: ['true']}}}}\n", LONGEST - 2)):
            with self.subTest(name):
                self.runs(spec.format("x" * length))
                self.refused(spec.format("x" * (length + 1)), f"of {LONGEST + 1} bytes")

    def test_a_variable_that_nobody_gets(self):
        text = "pidns: 1\nenv: {{A: '{}'}}\n{}"
        self.runs(text.format("x" * LONGEST, "namespaces: {a: {env: {A: ~}, command: ['true']}}\n"))
        self.refused(text.format("x" * LONGEST, "namespaces: {a: {command: ['true']}}\n"), "the variable `A`")

    def test_said_once_for_many(self):
        spec = "pidns: 1\nenv: {A: '%s'}\nprocesses:\n" % ("x" * LONGEST)
        spec += "".join(f"  p{i}: {{command: ['true']}}\n" for i in range(50))
        result = self.call("validate", "--format", "json", self.write("spec.yaml", spec))
        self.assertEqual([one["code"] for one in json.loads(result.out)], ["P615"])

    def test_all_together_by_the_limit_of_the_stack(self):
        """The caller's limit, or the spec's; 128 KiB whatever the limit, 6 MiB at most."""
        spec = "pidns: 1\nclear-env: true\n%scommand: ['true'%s]\n"
        words = lambda count: ", '%s'" % ("x" * 99991) * count  # 100,000 bytes each, with NUL and pointer.
        small = lambda: resource.setrlimit(resource.RLIMIT_STACK, (2 << 20, resource.RLIM_INFINITY))
        large = lambda: resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.runs(spec % ("", words(5)), before_exec=small)
        self.refused(spec % ("", words(6)), "arguments and environment of 600", before_exec=small)
        self.runs(spec % ("", words(6)), before_exec=large)
        self.runs(spec % ("", words(62)), before_exec=large)
        self.refused(spec % ("", words(63)), "never more than 6 MiB", before_exec=large)
        self.refused(spec % ("rlimits: {stack: 2097152}\n", words(6)), "arguments and environment", before_exec=large)
        self.runs(spec % ("rlimits: {stack: 2097152}\n", words(5)), before_exec=large)
        self.refused(spec % ("rlimits: {stack: 65536}\n", words(2)), "less than 65536", before_exec=large)

    def test_it_is_the_callers_only_where_the_limit_is(self):
        spec = "pidns: 1\ncommand: ['true'%s]\n" % (", '%s'" % ("x" * 99991) * 6)
        small = lambda: resource.setrlimit(resource.RLIMIT_STACK, (2 << 20, resource.RLIM_INFINITY))
        path = self.write("spec.yaml", spec)
        self.assertEqual(self.call("validate", "--offline", path, before_exec=small).status, 0)
        finding = json.loads(self.call("validate", "--format", "json", path, before_exec=small).out)[0]
        self.assertEqual((finding["code"], finding["caller"]), ("P615", True))

    def test_paths(self):
        for name, spec in (("cwd", "pidns: 1\ncwd: {}\ncommand: ['true']\n"),
                           ("stdout", "pidns: 1\nstdout: {}\ncommand: ['true']\n"),
                           ("root", "pidns: 1\nunshare: [mount]\nroot: {}\ncommand: ['true']\n"),
                           ("join", "pidns: 1\njoin: {{net: {}}}\ncommand: ['true']\n"),
                           ("target", "pidns: 1\nunshare: [mount]\nmounts: [{{type: tmpfs, target: {}}}]\ncommand: ['true']\n"),
                           ("source", "pidns: 1\nunshare: [mount]\nmounts: [{{type: bind, source: {}, target: /mnt}}]\n"
                                      "command: ['true']\n"),
                           ("mount-proc", "pidns: 1\nunshare: [mount]\nmount-proc: {}\ncommand: ['true']\n"),
                           ("ready", "pidns: 1\ncommand: ['true']\nready: {{path: {}}}\n")):
            with self.subTest(name):
                self.refused(spec.format("/tmp/" + "n" * 256), "a name of 256 bytes")
                self.refused(spec.format("/" + "n/" * 2048), "a path of 4097 bytes")
                result = self.call("validate", self.write("spec.yaml", spec.format("/tmp/" + "n" * 255)))
                self.assertNotIn("P615", result.err)

    def test_groups(self):
        groups = "pidns: 1\ngroups: [{}]\ncommand: ['true']\n"
        self.runs(groups.format(", ".join(map(str, range(65536)))))
        self.refused(groups.format(", ".join(map(str, range(65537)))), "more than 65536 groups")

    def test_a_probe(self):
        spec = "pidns: 1\ncommand: [sleep, '0.1']\nready: {script: '#%s'}\n"
        self.refused(spec % ("x" * LONGEST), "an argument of the probe")


if __name__ == "__main__":
    harness.main()
