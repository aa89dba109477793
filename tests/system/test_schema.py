"""schemas/pidns.schema.json is what the program prints, and judges specs no stricter than it.

Every example, and every spec of the tests that the program accepts, is valid by the schema; a sample of
wrong ones is refused by both.
`test_schema.py --refresh` writes the file.
"""

import ast
import json
import subprocess
import sys
import unittest

import jsonschema

import harness
import spec_yaml
from harness import PIDNS

ROOT = harness.HERE.parents[1]
FILE = ROOT / "schemas/pidns.schema.json"

# Each is refused by the program, and by an editor.
WRONG = """
command: [a]
pidns: 2
pidns: '1'
pidns: 1; odd: 1
pidns: 1; command: a b
pidns: 1; command: []
pidns: 1; command: [true]
pidns: 1; command: [a]; script: b
pidns: 1; script: ''
pidns: 1; name: a/b; command: [a]
pidns: 1; unshare: mnt; command: [a]
pidns: 1; unshare: []; command: [a]
pidns: 1; unshare: [pid, pid]; command: [a]
pidns: 1; hostname: a; command: [a]
pidns: 1; unshare: uts; hostname: ''; command: [a]
pidns: 1; unshare: [pid]; mount-proc: true; command: [a]
pidns: 1; unshare: mount; mount-proc: proc; command: [a]
pidns: 1; unshare: mount; mount-proc: {hidepid: 3}; command: [a]
pidns: 1; unshare: mount; propagation: rshared; command: [a]
pidns: 1; kill-child: SIGKILLL; command: [a]
pidns: 1; kill-child: 32; command: [a]
pidns: 1; init: true; command: [a]
pidns: 1; unshare: user; uid-map: me; command: [a]
pidns: 1; unshare: user; uid-map: [{inside: 0, outside: 0}]; command: [a]
pidns: 1; unshare: user; setgroups: true; command: [a]
pidns: 1; unshare: time; monotonic: 5 days; command: [a]
pidns: 1; unshare: net; loopback: 'true'; command: [a]
pidns: 1; unshare: mount; root: {type: overlay}; command: [a]
pidns: 1; unshare: mount; mounts: [{type: bind, target: /a}]; command: [a]
pidns: 1; unshare: mount; mounts: [{type: dir, target: /a, content: b}]; command: [a]
pidns: 1; unshare: mount; mounts: [{type: dir, target: /a, options: [ro]}]; command: [a]
pidns: 1; unshare: mount; masked-paths: [a]; command: [a]
pidns: 1; env: [A]; command: [a]
pidns: 1; clear-env: 1; command: [a]
pidns: 1; cwd: a; command: [a]
pidns: 1; umask: 22; command: [a]
pidns: 1; umask: '1777'; command: [a]
pidns: 1; rlimits: {files: 1}; command: [a]
pidns: 1; rlimits: {nofile: {soft: 1}}; command: [a]
pidns: 1; uid: -1; command: [a]
pidns: 1; capabilities: [NET_ROW]; command: [a]
pidns: 1; nice: 20; command: [a]
pidns: 1; pass-fds: [2]; command: [a]
pidns: 1; timeout: 0; command: [a]
pidns: 1; timeout: -5s; command: [a]
pidns: 1; main: "true"; command: [a]
pidns: 1; argv0: a; script: b
pidns: 1; command: [a]; tests: {name: b}
pidns: 1; command: [a]; tests: [{name: b}]
pidns: 1; command: [a]; tests: [{script: b}]
pidns: 1; command: [a]; tests: [{name: b, script: c, of: /}]
pidns: 1; command: [a]; tests: [{name: b, of: /, in: /}]
pidns: 1; command: [a]; tests: [{name: b, script: c, expect: {exit: 256}}]
pidns: 1; command: [a]; tests: [{name: b, script: c, expect: {exit: 1, signal: KILL}}]
pidns: 1; command: [a]; tests: [{name: b, script: c, expect: {stdout: 5}}]
pidns: 1; command: [a]; tests: [{name: b, script: c, expect: {stdout: {}}}]
pidns: 1; processes: {a: {command: [b], hostname: c}}
pidns: 1; processes: {a: {}}
pidns: 1; processes: {}
pidns: 1; processes: {a/b: {command: [c]}}
pidns: 1; uid: 1; processes: {a: {command: [b]}}
pidns: 1; namespaces: {a: {unshare: pid}}
pidns: 1; namespaces: {a: {pidns: 1, command: [b]}}
pidns: 1; namespaces: {a: {x-b: 1, command: [b]}}
""".strip().splitlines()


def accepted(text):
    """Whether the program finds no error in a spec."""
    return subprocess.run([PIDNS, "validate", "-"], input=text.encode(), stderr=subprocess.DEVNULL).returncode == 0


def specs_of_tests():
    """The specs that stand as strings in the system tests; what a test fills in is `x`."""
    for path in sorted(harness.HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            if text.startswith("pidns: 1\n"):
                yield path.name, text


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.printed = subprocess.run([PIDNS, "schema"], stdout=subprocess.PIPE, check=True).stdout.decode()
        cls.validator = jsonschema.Draft7Validator(json.loads(cls.printed))

    def assert_valid(self, text):
        self.assertEqual([error.message for error in self.validator.iter_errors(spec_yaml.load(text))], [], text)

    def test_the_file_is_what_the_program_prints(self):
        self.assertEqual(FILE.read_text(), self.printed, "test_schema.py --refresh writes it")

    def test_it_is_a_schema_of_draft_07(self):
        jsonschema.Draft7Validator.check_schema(json.loads(self.printed))

    def test_each_key_is_explained(self):
        schema = json.loads(self.printed)
        tables = [schema, *schema["definitions"].values()]
        for name, key in (pair for table in tables for pair in table.get("properties", {}).items()):
            if "$ref" not in key and name != "unshare":
                self.assertRegex(key["description"], r"^\S.{10,}[.…]$", name)

    def test_examples_are_valid(self):
        paths = [path for folder in ("examples", "tests/golden") for path in sorted((ROOT / folder).rglob("*.yaml"))]
        self.assertGreater(len(paths), 5)
        for path in paths:
            with self.subTest(path.name):
                self.assert_valid(path.read_text())

    def test_what_the_program_accepts_is_valid(self):
        count = 0
        for name, text in specs_of_tests():
            if accepted(text):
                count += 1
                with self.subTest(name):
                    self.assert_valid(text)
        self.assertGreater(count, 40)

    def test_what_pages_call_right_is_valid(self):
        pages = json.loads(subprocess.run([PIDNS, "explain", "--format", "json"], stdout=subprocess.PIPE).stdout)
        for page in pages:
            with self.subTest(page["code"]):
                self.assert_valid(page["right"])

    def test_values_of_every_shape_are_valid(self):
        self.assert_valid("""\
pidns: 1
name: a.b-c_1
description: every shape
x-anything: [1, {a: ~}]
unshare: all
hostname: on
mount-proc: {target: /p, hidepid: off, subset: pid}
propagation: slave
kill-child: sigrtmin+3
init: true
uid-map: [{inside: 0, outside: 1000, count: 1}]
gid-map: current
setgroups: deny
monotonic: -1h30m
boottime: 1.5
root: {type: overlay, lower: /}
mounts:
  - {type: file, target: /a, content: ''}
  - {type: tmpfs, target: /b, options: [size=1m], mode: "0700"}
sysctls: {net.ipv4.ip_forward: 1, kernel.msgmax: "2"}
env: {A: 1.10, B: yes, C: null, D: ''}
umask: "0027"
rlimits: {nofile: 1024, core: unlimited, stack: {soft: 1, hard: unlimited}}
command: [sleep, 60]
uid: root
groups: [1, wheel]
capabilities: [net_raw, CAP_CHOWN]
stdin: null
stdout: /dev/null
pass-fds: [3]
stop-signal: 15
stop-timeout: 0
timeout: 1d2h3m4s5ms
tests:
  - {name: a, script: b, in: /, env: {A: 1}, cwd: /, uid: 0, gid: root, within: 5s, expect: {exit: 3}}
  - {name: c, of: /, expect: {signal: TERM, stdout: d, stderr: {equals: '', contains: e, matches: f, lines: [g, '']}}}
""")

    def test_wrong_specs_are_refused_by_both(self):
        for line in WRONG:
            with self.subTest(line):
                text = line.replace("; ", "\n") + "\n"
                self.assertFalse(self.validator.is_valid(spec_yaml.load(text)), "the schema accepts it")
                self.assertFalse(accepted(text), "the program accepts it")


if __name__ == "__main__":
    if "--refresh" in sys.argv:
        FILE.write_bytes(subprocess.run([PIDNS, "schema"], stdout=subprocess.PIPE, check=True).stdout)
    else:
        harness.main()
