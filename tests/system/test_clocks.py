# needs: root
"""Time namespaces: monotonic and boottime, counted from the initial clocks."""

import time

import harness
import people
from people import whole

SHOW = "script: |\n  cat /proc/self/timens_offsets; cut -d' ' -f1 /proc/uptime\n"
KEYS = "unshare: [user, time]\n"
DAY = 86400


def offsets(out):
    """The two offsets in seconds, and the uptime."""
    words = out.split()
    return float(words[1]) + int(words[2]) / 1e9, float(words[4]) + int(words[5]) / 1e9, float(words[6])


class Clocks(people.TestCase):
    def assert_offsets(self, out, monotonic, boottime):
        found = offsets(out)
        self.assertAlmostEqual(found[0], monotonic, 6)
        self.assertAlmostEqual(found[1], boottime, 6)
        self.assertAlmostEqual(found[2], time.clock_gettime(time.CLOCK_BOOTTIME) + boottime, delta=30)

    def test_both(self):
        for out in self.everywhere(KEYS + "monotonic: 100d\nboottime: 50d\n" + SHOW):
            self.assert_offsets(out, 100 * DAY, 50 * DAY)

    def test_each_alone(self):
        for out in self.everywhere(KEYS + "monotonic: 1.5s\n" + SHOW):
            self.assert_offsets(out, 1.5, 0)
        for out in self.everywhere(KEYS + "boottime: 10d\n" + SHOW):
            self.assert_offsets(out, 0, 10 * DAY)

    def test_negative_ones(self):
        for out in self.everywhere(KEYS + "monotonic: -1.25s\nboottime: -1s\n" + SHOW):
            self.assert_offsets(out, -1.25, -1)

    def test_without_offsets_the_clocks_stay(self):
        for out in self.everywhere(KEYS + SHOW):
            self.assert_offsets(out, 0, 0)

    def test_as_root_without_a_user_namespace(self):
        self.assert_offsets(self.ok_as("root", whole("unshare: [time, pid]\nboottime: 1d\n" + SHOW)), 0, DAY)

    def test_the_clock_itself(self):
        body = KEYS + ("monotonic: 100d\ncommand: [python3, -c, "
                       "'import time; print(int(time.clock_gettime(time.CLOCK_MONOTONIC)))']\n")
        for out in self.everywhere(body, depths=("depth 1", "depth 2")):
            self.assertAlmostEqual(int(out), time.clock_gettime(time.CLOCK_MONOTONIC) + 100 * DAY, delta=30)

    def test_under_an_init_and_a_holder(self):
        for kinds in ("[user, pid, time]", "[user, time]"):
            body = f"unshare: {kinds}\nboottime: 3d\nprocesses:\n  a:\n    script: cut -d' ' -f1 /proc/uptime\n" \
                   "  b: {command: ['true']}\n"
            for out in self.everywhere(body, depths=("depth 1", "depth 2")):
                self.assertAlmostEqual(float(out), time.clock_gettime(time.CLOCK_BOOTTIME) + 3 * DAY, delta=30)

    def test_a_nested_one_counts_from_the_initial_one(self):
        body = (KEYS + "boottime: 100d\nnamespaces:\n  n:\n    unshare: [user, time]\n    boottime: 10d\n"
                "    script: cut -d' ' -f1 /proc/uptime\n")
        for out in self.everywhere(body, depths=("depth 1",)):
            self.assertAlmostEqual(float(out), time.clock_gettime(time.CLOCK_BOOTTIME) + 10 * DAY, delta=30)

    def test_a_nested_node_without_its_own_has_its_parents(self):
        body = KEYS + "boottime: 100d\nnamespaces:\n  n:\n    unshare: [user]\n    " \
                      "script: cut -d' ' -f1 /proc/uptime\n"
        for out in self.everywhere(body, depths=("depth 1",)):
            self.assertAlmostEqual(float(out), time.clock_gettime(time.CLOCK_BOOTTIME) + 100 * DAY, delta=30)

    def test_below_zero(self):
        for who in people.CALLERS:
            spec = whole(KEYS + "boottime: -4000d\ncommand: ['true']\n")
            self.assertIn("below zero", self.refused(spec, "boottime", "Numerical result out of range", who).words)


if __name__ == "__main__":
    harness.main()
