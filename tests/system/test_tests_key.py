"""The key `tests`: validated as strictly as the rest, and ignored by `run`."""

import re

import harness

HEAD = "pidns: 1\nprocesses: {a: {command: [echo, ran]}}\ntests:\n"


class Tests(harness.TestCase):
    def findings(self, test):
        result = self.call("validate", "-", stdin=HEAD + f"  - {test}\n")
        return re.findall(r"^<stdin>:(\d+):\d+: error\[(P\d+)\]", result.words, re.M)

    def test_run_ignores_it(self):
        for tests in ("  []\n", "  - {name: fails, script: exit 1}\n"):
            result = self.run_spec(HEAD + tests)
            self.assertEqual((result.status, result.out, result.err), (0, "ran\n", ""))

    def test_each_key_is_read(self):
        """What a key cannot hold is refused, what it can hold is not."""
        good = {"name": "x", "in": "/", "env": "{A: 1, B: null}", "cwd": "/tmp", "uid": "0", "gid": "root",
                "within": "3s", "expect": "{exit: 0}"}
        bad = {"name": ("''", "P104"), "in": ("b", "P701"), "env": "[A]", "cwd": ("b", "P111"), "uid": ("-1", "P107"),
               "gid": ("true", "P102"), "within": ("0", "P107"), "expect": "5"}
        rest = {"name": "x", "script": "y"}
        for key, word in bad.items():
            word, code = (word, "P101") if isinstance(word, str) else word
            with self.subTest(key):
                for value, codes in ((good[key], []), (word, [("4", code)])):
                    keys = ", ".join(f"{name}: {each}" for name, each in {**rest, key: value}.items())
                    self.assertEqual(self.findings("{" + keys + "}"), codes)
        for what, codes in (("command: [y]", []), ("command: y", ["P113"]), ("script: [y]", ["P101"]),
                            ("of: a", []), ("of: b", ["P701"]), ("script: y, of: a", ["P007"]), ("within: 1s", ["P005"])):
            with self.subTest(what):
                self.assertEqual(self.findings("{name: x, " + what + "}"), [("4", code) for code in codes])

    def test_each_expectation_is_read(self):
        for what, codes in (("exit: 255", []), ("exit: 256", ["P107"]), ("signal: term", []), ("signal: foo", ["P109"]),
                            ("exit: 0, signal: 9", ["P007"]), ("odd: 1", ["P001"]),
                            ("stdout: a", []), ("stdout: 5", ["P102"]), ("stderr: ''", []), ("stderr: [a]", ["P101"]),
                            ("stdout: {equals: a}", []), ("stdout: {equals: 5}", ["P102"]),
                            ("stdout: {contains: a}", []), ("stdout: {contains: ''}", ["P104"]),
                            ("stdout: {matches: 'a+'}", []), ("stdout: {matches: '+'}", ["P123"]),
                            ("stdout: {lines: [a, '']}", []), ("stdout: {lines: a}", ["P101"]),
                            ("stdout: {}", ["P005"])):
            with self.subTest(what):
                self.assertEqual(sorted(code for _, code in self.findings("{name: x, script: y, expect: {" + what + "}}")),
                                 codes)


if __name__ == "__main__":
    harness.main()
