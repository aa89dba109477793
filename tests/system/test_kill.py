# needs: root
"""`pidns kill NAME [ADDRESS…] -s SIG`: the right process, and never another that has its pid by now."""

import os
import re
import signal
import time

import harness
import live

TRAPS = """\
pidns: 1
name: lab
namespaces:
  ns1:
    unshare: [pid]
    processes:
      a: {script: "trap 'echo a USR1' USR1; echo a; while :; do sleep 0.02; done"}
      b: {script: "trap 'echo b USR1' USR1; echo b; while :; do sleep 0.02; done"}
"""


class Kill(live.TestCase):
    def traps(self):
        run = self.live(TRAPS)
        harness.until(lambda: {"a", "b"} <= set(run.out.split()), what="two traps")
        return run

    def test_the_right_one_gets_it(self):
        run = self.traps()
        self.told("kill", "lab", "ns1/b", "-s", "USR1")
        run.until_out("b USR1")
        self.assertNotIn("a USR1", run.out)
        self.told("kill", "lab", "ns1/a", "ns1/b", "--signal", "SIGUSR1")
        run.until_out("a USR1")
        harness.until(lambda: run.out.count("b USR1") == 2, what="the second one")

    def test_all(self):
        run = self.traps()
        self.told("kill", "lab", "--all", "-s", "usr1")
        run.until_out("a USR1").until_out("b USR1")

    def test_all_are_all_commands_and_no_process_of_ours(self):
        self.traps()
        commands, init = [self.pid("ns1/a"), self.pid("ns1/b")], self.pid("ns1/.init")
        self.told("kill", "lab", "--all", "-s", "STOP")
        harness.until(lambda: {harness.state_of(pid) for pid in commands} == {"T"}, what="the stop of both")
        self.assertNotEqual(harness.state_of(init), "T")

    def test_without_an_address(self):
        result = self.traps() and self.pidns("kill", "lab")
        self.assertEqual(result.status, 125)
        self.assertIn("ns1/a", result.err)
        run = self.live("pidns: 1\nname: one\ncommand: [sleep, 1000]\n", "one", "one.yaml")
        self.told("kill", "one")
        self.assertEqual(run.wait().status, -signal.SIGTERM)

    def test_a_pid_1_that_drops_it_is_told(self):
        self.live("pidns: 1\nname: lab\nunshare: [pid]\ncommand: [sleep, 1000]\n")
        result = self.pidns("kill", "lab")
        self.assertEqual((result.status, result.out), (0, ""))
        self.assertIn("warning: lab /: a PID 1 that does not handle SIGTERM", result.err)
        pid = self.pid("/")
        time.sleep(0.1)
        self.assertEqual(harness.state_of(pid), "S")
        for number, state in (signal.SIGSTOP, "T"), (signal.SIGCONT, "S"):
            self.told("kill", "lab", "-s", str(int(number)))
            harness.until(lambda: harness.state_of(pid) == state, what=f"state {state}")
        self.told("kill", "lab", "-s", "KILL")
        harness.until(lambda: not harness.state_of(pid), what="its end")

    def test_a_pid_1_that_handles_it_is_not_warned_of(self):
        run = self.live("pidns: 1\nname: lab\nunshare: [pid]\nscript: trap 'exit 3' TERM; echo; while :; do sleep 0.02; done\n")
        run.until_out("\n")
        self.told("kill", "lab")
        self.assertEqual(run.wait().status, 3)

    def test_signals_that_there_are_not(self):
        self.traps()
        result = self.pidns("kill", "lab", "ns1/a", "-s", "USR3")
        self.assertEqual(result.status, 2)
        self.assertIn("did you mean `SIGUSR1`?", result.err)
        for word in "9", "HUP":
            result = self.pidns("kill", "lab", "ns1/a", f"-{word}")
            self.assertEqual((result.status, result.out), (2, ""))
            self.assertIn(f"a signal is written `-s {word}`, and not `-{word}`\n", result.err)

    def test_an_address_that_there_is_not_signals_nobody(self):
        run = self.traps()
        self.assertEqual(self.pidns("kill", "lab", "ns1/a", "ns1/c", "-s", "USR1").status, 125)
        time.sleep(0.1)
        self.assertNotIn("USR1", run.out)

    def test_one_that_has_ended(self):
        self.traps()
        self.told("kill", "lab", "ns1/a", "-s", "KILL")
        harness.until(lambda: self.pidns("kill", "lab", "ns1/a", "-s", "USR1").status == 125, what="its end")
        self.assertEqual(self.pidns("kill", "lab", "ns1/a", "-s", "USR1").err, "pidns: kill: lab ns1/a has ended\n")

    def test_one_that_has_ended_and_was_not_reaped(self):
        """A signal would be taken by the kernel, and do nothing."""
        run = self.live("pidns: 1\nname: lab\nprocesses:\n  a: {command: [sleep, 1000]}\n  b: {command: [sleep, 1000]}\n")
        pid = self.pid("a")
        run.signal(signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        harness.until(lambda: harness.state_of(pid) == "Z", what="its end")
        result = self.pidns("kill", "lab", "a")
        self.assertEqual((result.status, result.err), (125, "pidns: kill: lab a has ended\n"), result)
        self.assertIn("sleep 1000 (ended)", self.told("tree", "lab"))
        run.signal(signal.SIGCONT)

    def recycled(self, held_at):
        """While `pidns kill` is held at a system call, its target ends and another process gets the pid."""
        run = self.traps()
        pid = self.pid("ns1/b")
        result = self.with_recycled(pid, held_at, "kill", "lab", "ns1/b", "-s", "KILL")
        self.assertEqual((result.status, result.err), (125, "pidns: kill: lab ns1/b has ended\n"), result)
        self.assertIsNone(run.process.poll())

    def test_a_pid_recycled_before_the_look(self):
        self.recycled(("pidfd_open", "delay_enter=700000"))

    def test_a_pid_recycled_after_the_look(self):
        self.recycled(("pidfd_send_signal", "delay_enter=700000"))


if __name__ == "__main__":
    harness.main()
