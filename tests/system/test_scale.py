# needs: root
"""A spec of many nodes takes time and memory in proportion to its size."""

import os
import subprocess
import time

import harness

LEVEL = """\
  n{0}:
    unshare: [pid, mount, uts]
    mount-proc: true
    hostname: h{0}
    namespaces:
      in:
        unshare: [pid, mount]
        mount-proc: true
        command: [sleep, infinity]
"""


def pairs(nodes):
    """Nodes in pairs, one in the other."""
    return "pidns: 1\nnamespaces:\n" + "".join(LEVEL.format(i) for i in range(nodes // 2))


def shapes(size):
    """Specs of about `size` bytes, each made of much of one thing."""
    head = "pidns: 1\ncommand: ['true']\n"
    nodes = pairs(120000)
    yield "nodes", nodes + "#" * (size - len(nodes))
    yield "environment", head + "env:\n" + "".join(f"  NAME_{i}: some value of it\n" for i in range(size // 34))
    yield "arguments", "pidns: 1\ncommand:\n- echo\n" + "- word\n" * (size // 7)
    yield "mounts", ("pidns: 1\nunshare: [mount]\ncommand: ['true']\nmounts:\n" +
                     "".join(f"- {{type: tmpfs, target: /mnt/a{i}, options: [ro, size=1m]}}\n"
                             for i in range(size // 64)))
    yield "a script", "pidns: 1\nscript: |\n" + "  echo one more line of a long script\n" * (size // 38)
    yield "comments", head + "# nothing but words\n" * (size // 20)
    yield "free text", head + "x-list:\n" + "- [one, two, {three: four}]\n" * (size // 28)


MAPS = "uid-map: [{inside: 0, outside: 1000, count: 2}], gid-map: [{inside: 0, outside: 1000, count: 2}]"
COPIES = {
    "nodes": "namespaces: {n: {replicas: %d, unshare: [uts], hostname: n, command: [sleep, infinity]}}\n",
    "processes": "unshare: [pid]\nprocesses: {n: {replicas: %d, command: [sleep, infinity]}}\n",
    "id maps": "namespaces: {n: {replicas: %d, unshare: [user], " + MAPS + ", command: [sleep, infinity]}}\n",
}


class Scale(harness.TestCase):
    def validate(self, path, status=0):
        """Seconds, and the most memory in bytes."""
        began = time.monotonic()
        process = subprocess.Popen([harness.PIDNS, "validate", path], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        _, ended, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(ended)
        self.assertEqual(process.returncode, status)
        return time.monotonic() - began, usage.ru_maxrss * 1024

    def test_time_is_linear_in_nodes(self):
        """100,000 nodes take at most 12 times as long as 10,000, and less than Python's C loader takes to read them."""
        few, many = self.write("few.yaml", pairs(10000)), self.write("many.yaml", pairs(100000))
        ratios = []
        for _ in range(5):  # Side by side: whatever else the machine does holds for both.
            ten, hundred = min(self.validate(few)[0] for _ in range(3)), self.validate(many)[0]
            ratios.append(hundred / ten)
            if min(ratios) <= 12:
                break
        self.assertLessEqual(min(ratios), 12, ratios)
        loader = "import sys, yaml; yaml.load(open(sys.argv[1]), Loader=yaml.CSafeLoader)"
        began = time.monotonic()
        subprocess.run(["/usr/bin/python3", "-c", loader, many], check=True)
        self.assertLess(hundred, time.monotonic() - began)

    def plan(self, *words):
        """Seconds that it takes, and what it prints."""
        began = time.monotonic()
        result = subprocess.run([harness.PIDNS, "plan", *words], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr[-500:])
        return time.monotonic() - began, result.stdout

    def assert_proportional(self, measure):
        """Ten times as many take at most 12 times as long; what 10,000 print."""
        ratios = []
        for _ in range(5):
            few = min(measure(1000)[0] for _ in range(3))
            many, printed = measure(10000)
            ratios.append(many / few)
            if ratios[-1] <= 12:
                return printed
        self.fail(f"{ratios}")

    def test_scripts_take_time_in_proportion(self):
        for name, copies in COPIES.items():
            with self.subTest(name):
                script = self.assert_proportional(lambda number: self.plan(
                    "--format", "sh", self.write("spec.yaml", "pidns: 1\n" + copies % number)))
                self.assertEqual(script.count("/uid_map\""), 10000 if name == "id maps" else 0)

    def test_differences_take_time_in_proportion(self):
        def measure(number):
            old = "pidns: 1\n" + COPIES["nodes"] % number
            return self.plan("--diff", self.write("old.yaml", old), self.write("new.yaml", old.replace("{n:", "{m:")))
        self.assertIn("0 added, 0 removed, 10000 changed", self.assert_proportional(measure))

    def test_memory_stays_below_twenty_times_the_size(self):
        size = 16 << 20
        for name, text in shapes(size - 4096):
            with self.subTest(name):
                self.assertGreater(len(text), size * 0.8)
                self.assertLess(len(text), size)
                path = self.write("spec.yaml", text)
                refused = name in ("environment", "arguments", "a script")  # More than execve(2) takes.
                self.assertLess(self.validate(path, 1 if refused else 0)[1] / len(text), 20)


if __name__ == "__main__":
    harness.main()
