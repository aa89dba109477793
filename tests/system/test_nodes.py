# needs: root
"""Many nodes of one spec come up, are listed and end, and cost each the same, however many there are."""

import json
import os
import subprocess
import sys

import harness

sys.path.insert(0, str(harness.HERE.parent / "bench"))
import nodes  # noqa: E402

FEW, MANY = 100, 1000
MOST = 13  # Times the work for ten times the nodes.


class Nodes(harness.InstanceTestCase):
    def setUp(self):
        super().setUp()
        # After a failure: thousands of processes are slow to be found one by one.
        self.addCleanup(subprocess.run, [harness.PIDNS, "stop", "--now", "many"], stderr=subprocess.DEVNULL)

    def pidns(self, *words):
        done = subprocess.run([harness.PIDNS, *words], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def up(self, shape, number):
        """The pid of the supervisor of so many."""
        self.assertEqual(self.pidns("run", "--detach", self.write("many.yaml", nodes.spec_of(shape, number))), "many\n")
        [instance] = json.loads(self.pidns("ps", "--format", "json"))
        self.assertEqual(instance["processes"], number * nodes.COMMANDS[shape])
        return instance["pid"]

    def end(self, supervisor):
        """The nanoseconds of processor that the supervisor has taken: proc(5), schedstat."""
        stop = subprocess.Popen([harness.PIDNS, "stop", "many"], stderr=subprocess.DEVNULL)
        os.waitid(os.P_PID, supervisor, os.WEXITED | os.WNOWAIT)  # It is ours since its caller has gone.
        taken = int(harness.read(f"/proc/{supervisor}/schedstat").split()[0])
        self.assertEqual(stop.wait(), 0)
        harness.assert_nothing_left()
        self.assertEqual(os.listdir(self.runtime), [])
        return taken

    def work(self, shape, number):
        return self.end(self.up(shape, number))

    def test_a_thousand_come_up_are_listed_and_end(self):
        for shape, processes in nodes.PROCESSES.items():
            with self.subTest(shape):
                supervisor = self.up(shape, MANY)
                below = {pid: harness.status_of(pid).get("NSpid", "").split() for pid in harness.pids()}
                below = {pid for pid, levels in below.items() if len(levels) > harness.pid_levels()}
                tree = json.loads(self.pidns("tree", "many", "--format", "json"))["processes"]
                shown = {each["pids"][0]["pid"] for each in tree}
                self.assertEqual(len(shown), MANY * processes + 1)
                self.assertIn(supervisor, shown)
                self.assertLessEqual(shown - {supervisor}, below)
                self.assertEqual(len(self.pidns("tree", "many").splitlines()), MANY * processes + 2)
                self.end(supervisor)

    def assert_linear(self, shape):
        """Processor time, which a busy machine does not add to; the kernel's for the supervisor is in it."""
        ratios = []
        for _ in range(4):
            ratios.append(self.work(shape, MANY) / self.work(shape, FEW))
            if ratios[-1] <= MOST:
                return
        self.fail(f"{MANY} {shape} take {min(ratios):.1f} times the work of {FEW}")

    def test_siblings_take_work_in_proportion(self):
        self.assert_linear("siblings")

    def test_nodes_of_several_processes_take_work_in_proportion(self):
        self.assert_linear("pods")

    def test_nested_pairs_take_work_in_proportion(self):
        self.assert_linear("pairs")

    def test_what_an_init_inherits_does_not_grow_with_the_others(self):
        """The kernel copies the page tables of a process's own memory at each fork."""
        inherited = []
        for number in FEW, MANY:
            supervisor = self.up("pods", number)
            init = self.pidns("pid", "many", f"n-{number}/.init").strip()
            inherited.append(int(harness.status_of(init)["RssAnon"].split()[0]))
            self.end(supervisor)
        self.assertLess(inherited[1] - inherited[0], 500, inherited)


if __name__ == "__main__":
    harness.main()
