"""What is wrong in a spec is said, all at once and with its place, before anything is made or run."""

import os
import re

import harness

GOOD = "pidns: 1\ncommand: [echo, ran]\n"


class Refused(harness.TestCase):
    """`run` answers 125, runs nothing, and the finding stands at its place."""

    def refused(self, spec, line, column, words=""):
        """`SIDE` in a spec is a file that its commands would make."""
        side = self.path("side")
        result = self.run_spec(spec.replace("SIDE", side))
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertFalse(os.path.exists(side), "something was run")
        self.assert_place(result, line, column, words)
        return result

    def test_five_mistakes_are_five_findings(self):
        spec = """\
pidns: 1
hostname: web
mount-prok: true
kill-child: SIGKILLL
propagation: upwards
script: echo >SIDE
namespaces:
  in:
    clear-env: "true"
    command: [touch, SIDE]
"""
        places = [(2, 1, "hostname"), (3, 1, "mount-prok"), (4, 13, "SIGKILLL"), (5, 14, "upwards"), (9, {5, 16}, "")]
        for verb, status in (("run", 125), ("validate", 1), ("plan", 1)):
            with self.subTest(verb):
                result = self.run_spec(spec.replace("SIDE", self.path("side")), verb=verb)
                self.assertEqual(result.status, status, result)
                self.assertEqual(result.out, "")
                self.assertFalse(os.path.exists(self.path("side")))
                for line, column, words in places:
                    self.assert_place(result, line, column, words)
                found = re.findall(r"^\S*spec\.yaml:(\d+):\d+: error", result.err, re.M)
                self.assertEqual(found, ["2", "3", "4", "5", "9"], "sorted by place, each once")
                self.assertIn("5 errors", result.err)

    def test_the_nearest_name_is_shown(self):
        self.assertIn("mount-proc", self.refused(GOOD + "mount-prok: true\n", 3, 1, "mount-prok").err)
        self.assertIn("SIGKILL", self.refused("pidns: 1\nunshare: pid\nkill-child: SIGKILLL\ncommand: [touch, SIDE]\n",
                                              3, {1, 13}).err)

    def test_what_needs_a_namespace_says_so(self):
        needs = {"hostname: a": "uts", "domainname: a": "uts", "mount-proc: true": "mount", "mount-proc: /proc": "mount",
                 "propagation: slave": "mount", "init: true": "pid", "loopback: false": "net"}
        others = {"uts": "[pid, mount]", "mount": "[pid, uts]", "pid": "[mount, uts]", "net": "[pid, mount, uts]"}
        for key, kind in needs.items():
            for head in ("pidns: 1\n", f"pidns: 1\nunshare: {others[kind]}\n"):
                with self.subTest(key=key, head=head):
                    self.refused(f"{head}{key}\ncommand: [touch, SIDE]\n", head.count("\n") + 1, 1, f"`{kind}`|{kind}")

    def test_a_need_of_the_parent_does_not_count(self):
        self.refused("pidns: 1\nunshare: [pid, mount, uts]\nnamespaces:\n  in:\n    hostname: a\n"
                     "    command: [touch, SIDE]\n", 5, 5, "uts")

    def test_values(self):
        for key, value in {"hostname": ["''", "a" * 65, "12", "true", "null", "[a]"],
                           "domainname": ["''", "a" * 65, "1.5"],
                           "mount-proc": ["proc", "'true'", "12", "[a]"],
                           "propagation": ["rshared", "'yes'", "true"],
                           "kill-child": ["SIGFOO", "999", "[TERM]", "''"],
                           "init": ["'true'", "1", "yes", "[a]"],
                           "loopback": ["'true'", "0", "up"]}.items():
            for word in value:
                with self.subTest(key=key, value=word):
                    self.refused(f"pidns: 1\nunshare: [pid, mount, uts, net]\n{key}: {word}\n"
                                 "command: [touch, SIDE]\n", 3, {1, len(key) + 3})

    def test_process_keys(self):
        for line in ("command: touch SIDE", "command: []", "command: [touch, true]", "command: {a: b}", "script: [a]",
                     "script: true", "script: 12", "cwd: relative", "cwd: 12", "env: [A]", "env: {A: [1]}",
                     "clear-env: 1", "clear-env: 'true'", "init: maybe", "processes: {a: {command: [touch, SIDE]}}",
                     "processes: []", "namespaces: {}", "namespaces: {'a/b': {command: [touch, SIDE]}}"):
            with self.subTest(line):
                own = "" if line.startswith(("command", "script")) else "script: echo >SIDE\n"
                self.refused(f"pidns: 1\n{own}{line}\n", 3 if own else 2, None)

    def test_a_plain_command_shows_both_spellings(self):
        result = self.refused("pidns: 1\ncommand: touch SIDE\n", 2, {1, 10})
        self.assertIn("[touch,", result.err)
        self.assertIn("script:", result.err)

    def test_command_and_script_exclude_each_other(self):
        self.refused("pidns: 1\ncommand: [touch, SIDE]\nscript: echo >SIDE\n", 3, None)

    def test_init_false_with_several_processes(self):
        self.refused("pidns: 1\nunshare: pid\ninit: false\nprocesses:\n  a: {command: [touch, SIDE]}\n"
                     "  b: {command: [touch, SIDE]}\n", 3, {1, 7}, "init")
        self.refused("pidns: 1\nunshare: pid\ninit: false\ncommand: [touch, SIDE]\nnamespaces:\n"
                     "  in: {command: [touch, SIDE]}\n", 3, {1, 7}, "init")

    def test_kinds(self):
        self.refused("pidns: 1\nunshare: [pid, uts, pid]\ncommand: [touch, SIDE]\n", 2, {1, 21}, "pid")
        self.refused("pidns: 1\nunshare: []\ncommand: [touch, SIDE]\n", 2, {1, 10})
        self.refused("pidns: 1\nunshare: [mnt]\ncommand: [touch, SIDE]\n", 2, {1, 11}, "mnt")

    def test_the_version(self):
        self.refused("command: [touch, SIDE]\n", 1, None, "pidns")
        for version in ("2", "'1'", "1.0", "one", "01"):
            with self.subTest(version):
                self.refused(f"pidns: {version}\ncommand: [touch, SIDE]\n", 1, {1, 8})

    def test_keys_of_another_level(self):
        for key in ("pidns: 1", "name: a", "description: a", "x-a: 1"):
            with self.subTest(key):
                self.refused(f"pidns: 1\nnamespaces:\n  in:\n    {key}\n    command: [touch, SIDE]\n", 4, 5)
        self.refused("pidns: 1\nprocesses:\n  a:\n    hostname: b\n    command: [touch, SIDE]\n", 4, 5, "hostname")
        self.refused("pidns: 1\ndescription: [a]\ncommand: [touch, SIDE]\n", 2, {1, 14})
        self.refused("pidns: 1\nname: a/b\ncommand: [touch, SIDE]\n", 2, {1, 7})

    def test_names_are_one_set(self):
        self.refused("pidns: 1\nprocesses:\n  a: {command: [touch, SIDE]}\nnamespaces:\n  a: {command: [touch, SIDE]}\n",
                     5, 3, "a")

    def test_a_node_with_nothing_in_it(self):
        self.refused("pidns: 1\nnamespaces:\n  in:\n    unshare: [pid]\n  other: {command: [touch, SIDE]}\n", 3, None)

    def test_the_document_itself(self):
        for name, spec in {"duplicate key": "pidns: 1\nscript: a\nscript: echo >SIDE\n", "tab": "pidns: 1\nenv:\n\tA: b\n",
                           "two documents": GOOD + "---\n" + GOOD, "list": "- pidns\n", "scalar": "pidns\n", "empty": "",
                           "open bracket": "pidns: 1\ncommand: [a\n", "unknown alias": "pidns: 1\ncommand: *a\n",
                           "cycle": "pidns: 1\nx-a: &a [*a]\nscript: echo >SIDE\n",
                           "NUL": "pidns: 1\nscript: \"a\\0b\"\n"}.items():
            with self.subTest(name):
                result = self.run_spec(spec.replace("SIDE", self.path("side")))
                self.assertEqual((result.status, result.out), (125, ""), result)
                self.assertRegex(result.err, r"(?m)^\S*spec\.yaml:\d+:\d+: error")
                self.assertFalse(os.path.exists(self.path("side")))
        self.refused("pidns: 1\nscript: echo >SIDE\nscript: echo >SIDE\n", 3, 1, "script")

    def test_invalid_utf_8(self):
        with open(self.path("bad.yaml"), "wb") as file:
            file.write(b"pidns: 1\nscript: echo \xff\n")
        result = self.call("run", self.path("bad.yaml"))
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertRegex(result.err, "UTF-8")

    def test_merged_values_point_at_both_places(self):
        result = self.refused("pidns: 1\nx-l: &l\n  hostname: a\nnamespaces:\n  in:\n    <<: *l\n"
                              "    command: [touch, SIDE]\n", 3, {3, 13}, "uts")
        self.assertRegex(result.err, r"\b6\b")

    def test_words_of_other_tools(self):
        for word in ("restart", "ports", "volumes"):
            with self.subTest(word):
                self.refused(f"pidns: 1\n{word}: x\ncommand: [touch, SIDE]\n", 2, 1, "")


class CommandLine(harness.TestCase):
    def verb(self, *args, **options):
        result = self.call(*args, **options)
        return result.status, result.out, result.err

    def test_validate(self):
        good, bad = self.write("good.yaml", GOOD), self.write("bad.yaml", GOOD + "odd: 1\n")
        self.assertEqual(self.call("validate", good).status, 0)
        self.assertNotIn("ran", self.call("validate", good).out)
        result = self.call("validate", bad)
        self.assertEqual(result.status, 1)
        self.assert_place(result, 3, 1, "odd", file="bad.yaml")
        self.assertEqual(self.call("validate").status, 2)
        self.assertEqual(self.call("validate", "--no-such-option", good).status, 2)

    def test_plan(self):
        good = self.write("good.yaml", f"pidns: 1\nnamespaces:\n  web: {{command: [touch, {self.path('side')}]}}\n")
        result = self.call("plan", good)
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertIn("web", result.out)
        self.assertIn("touch", result.out)
        self.assertFalse(os.path.exists(self.path("side")), "plan has run something")
        bad = self.call("plan", self.write("bad.yaml", GOOD + "odd: 1\n"))
        self.assertEqual((bad.status, bad.out), (1, ""))
        self.assertEqual(self.call("plan").status, 2)
        self.assertEqual(self.call("plan", "--no-such-option", good).status, 2)

    def test_plan_says_the_same_every_time(self):
        good = self.write("good.yaml", harness.nested(5, "script: echo x"))
        self.assertEqual(self.call("plan", good).out, self.call("plan", good).out)

    def test_run_answers_125(self):
        good = self.write("good.yaml", GOOD)
        for args in (["run"], ["run", self.path("missing.yaml")], ["run", self.folder], ["run", "--no-such-option", good],
                     ["run", self.write("bad.yaml", GOOD + "odd: 1\n")]):
            with self.subTest(args):
                result = self.call(*args)
                self.assertEqual((result.status, result.out), (125, ""), result)
                self.assertTrue(result.err)

    def test_a_missing_file_is_named(self):
        for verb in ("run", "validate", "plan"):
            result = self.call(verb, self.path("missing.yaml"))
            self.assertNotEqual(result.status, 0)
            self.assertIn("missing.yaml", result.err)
            self.assertIn("No such file or directory", result.err)

    def test_standard_input(self):
        self.assertEqual(self.verb("run", "-", stdin=GOOD), (0, "ran\n", ""))
        self.assertEqual(self.call("validate", "-", stdin=GOOD).status, 0)
        self.assertEqual(self.call("plan", "-", stdin=GOOD).status, 0)
        result = self.call("validate", "-", stdin=GOOD + "odd: 1\n")
        self.assertEqual(result.status, 1)
        self.assertRegex(result.err, r"(?m)^\S+:3:1: error")

    def test_help_and_version(self):
        for args in (["--help"], ["-h"], ["run", "--help"], ["validate", "--help"], ["plan", "--help"]):
            with self.subTest(args):
                result = self.call(*args)
                self.assertEqual((result.status, result.err), (0, ""), result)
                self.assertIn("pidns", result.out)
        out = self.call("--help").out
        for verb in ("run", "plan", "validate"):
            self.assertRegex(out, rf"(?m)\b{verb}\b")
        self.assertLessEqual(len(out.splitlines()), 40, "fits a screen")
        self.assertLessEqual(max(map(len, out.splitlines())), 100)
        status, out, err = self.verb("--version")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"\d+\.\d+")

    def test_without_a_verb(self):
        status, out, err = self.verb()
        self.assertEqual((status, out), (2, ""))
        self.assertRegex(err, "(?i)usage")

    def test_unknown_verbs_name_the_known_one(self):
        for word, known in (("up", "run"), ("lint", "validate"), ("rnu", "run")):
            with self.subTest(word):
                status, out, err = self.verb(word)
                self.assertEqual((status, out), (2, ""))
                self.assertRegex(err, rf"\b{known}\b")

    def test_a_full_standard_output_is_an_error(self):
        good = self.write("good.yaml", GOOD)
        with open("/dev/full", "w") as full:
            self.assertNotEqual(self.call("plan", good, stdout=full).status, 0)
            self.assertNotEqual(self.call("--help", stdout=full).status, 0)

    def test_messages_are_at_most_100_columns(self):
        result = self.call("validate", self.write("bad.yaml", GOOD + "hostname: " + "a" * 300 + "\nodd-" + "b" * 150 + ": 1\n"))
        self.assertEqual(result.status, 1)
        lines = [line for line in result.err.splitlines() if not re.match(r"\S+:\d+:\d+: ", line)]
        self.assertLessEqual(max(map(len, lines)), 100, result)


if __name__ == "__main__":
    harness.main()
