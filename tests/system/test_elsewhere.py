# needs: root
"""Instances and those who look at them from other pid and time namespaces, with one state folder."""

import json
import os
import signal

import harness
import live

OUTER = "pidns: 1\nname: outer\nunshare: [pid, mount]\nmount-proc: true\ninit: true\ncommand: [sleep, 1000]\n"
INNER = ("pidns: 1\nname: inner\nprocesses:\n"
         "  a: {script: \"trap 'echo a USR1' USR1; echo a; while :; do sleep 0.02; done\"}\n"
         "  b: {command: [sleep, 1007]}\n")


class Elsewhere(live.TestCase):
    def setUp(self):
        super().setUp()
        self.live(OUTER, "outer", "outer.yaml")
        self.assertEqual(self.inside("run", "--detach", self.write("inner.yaml", INNER)).out, "inner\n")
        harness.until(lambda: "a\n" in self.told("logs", "inner"), what="a runs")

    def inside(self, *words):
        """A call of pidns in the pid namespace of `outer`, where `inner` was started."""
        return self.pidns("exec", "outer", "--", self.program(), *words)

    def processes(self):
        return sorted(path for path in os.listdir(self.path("run/pidns")))

    def test_from_around_it_is_all_as_from_where_it_was_started(self):
        [pid] = harness.with_argument("1007")
        self.assertEqual(self.pid("b", "inner"), pid)
        self.assertEqual(self.told("exec", "inner", "b", "--", "printenv", "PIDNS_PATH"), "b\n")
        self.told("kill", "inner", "a", "-s", "USR1")
        harness.until(lambda: "a USR1\n" in self.told("logs", "inner"), what="the signal")
        wait = harness.Run([self.program(), "wait", "inner"], env=self.environment)
        harness.until(lambda: "poll" in harness.read(f"/proc/{wait.pid}/wchan"), what="the wait has begun")
        self.told("kill", "inner", "b", "-s", "KILL")
        harness.until(lambda: not harness.with_argument("1007"), what="b has ended")
        result = self.pidns("kill", "inner", "b")
        self.assertEqual(result.status, 125)
        self.assertIn("inner b has ended", result.err)
        self.told("stop", "inner")
        self.assertEqual(wait.wait().status, 143)
        self.assertEqual(self.processes(), ["outer.json"])

    def test_from_within_or_beside_it_nothing_is_hit(self):
        beside = ["unshare", "-pf", "--mount-proc", "--kill-child", self.program()]
        within = [self.program(), "exec", "outer", "--", *beside]
        for around in (beside, within):
            for words in (("kill", "inner", "a"), ("stop", "inner"), ("stop", "--now", "inner"), ("wait", "inner"),
                          ("logs", "inner"), ("pid", "inner", "a"), ("exec", "inner", "a", "--", "true")):
                with self.subTest(around=around, words=words):
                    result = harness.Run([*around, *words], env=self.environment).wait()
                    self.assertEqual((result.status, result.out), (125, ""), result)
                    self.assertIn("`inner` was started in another pid namespace", result.err)
            rows = harness.Run([*around, "ps", "--format", "json"], env=self.environment).wait().out
            self.assertEqual({row["name"]: row["pid"] for row in json.loads(rows)}, {"inner": None, "outer": None})
        self.assertEqual(self.told("exec", "inner", "a", "--", "printenv", "PIDNS_PATH"), "a\n")
        self.assertEqual(self.told("logs", "inner"), "a\n")

    def test_only_from_where_it_was_started_it_is_swept(self):
        supervisor = {row["name"]: row["pid"] for row in json.loads(self.told("ps", "--format", "json"))}["inner"]
        os.kill(supervisor, signal.SIGKILL)
        harness.until(lambda: "inner" not in self.told("ps", "-q"), what="it is not listed")
        self.assertEqual(self.processes(), ["inner.json", "inner.log", "outer.json"])
        self.assertEqual(self.pidns("kill", "inner", "a").status, 125)
        self.assertEqual(self.inside("ps", "-q").out, "outer\n")
        self.assertEqual(self.processes(), ["outer.json"])

    def test_a_pid_given_again_in_there_is_not_hit(self):
        there = int(self.inside("pid", "inner", "b").out)
        self.told("kill", "inner", "b", "-s", "KILL")
        harness.until(lambda: not harness.with_argument("1007"), what="b has ended")
        again = ("sh", "-c", f"for n in $(seq 100); do echo {there - 1} > /proc/sys/kernel/ns_last_pid; sleep 1008 & "
                 f"test $! = {there} && echo same && wait; kill $!; done")
        newcomer = harness.Run([self.program(), "exec", "outer", "--", *again], env=self.environment).until_out("same")
        for words in (("kill", "inner", "b", "-s", "KILL"), ("pid", "inner", "b")):
            for result in (self.pidns(*words), self.inside(*words)):
                self.assertEqual((result.status, result.out), (125, ""), result)
                self.assertIn("has ended", result.err)
        self.assertEqual(len(harness.with_argument("1008")), 1)
        self.assertIsNone(newcomer.process.poll())


class Clocks(live.TestCase):
    def test_one_whose_clock_is_another_names_the_same_processes(self):
        """Of a process, /proc shows the start by the clock of who looks."""
        self.live("pidns: 1\nname: lab\ncommand: [sleep, 1000]\n")
        for seconds in ("100000", "-1"):
            other = ["unshare", "-T", "-f", "--boottime", seconds, self.program()]
            self.assertEqual(harness.Run([*other, "pid", "lab"], env=self.environment).wait().out, self.told("pid", "lab"))
        run = harness.Run([*other, "run", self.write("there.yaml", "pidns: 1\nname: there\ncommand: [sleep, 1000]\n")],
                          env=self.environment)
        harness.until(lambda: "there" in self.told("ps", "-q"), what="it is listed")
        self.told("kill", "there")
        self.assertEqual(run.wait().status, -signal.SIGTERM)


if __name__ == "__main__":
    harness.main()
