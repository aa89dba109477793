# needs: root
"""`pidns run --die-with-parent`: pidns and all that it made end with whoever started it."""

import os
import shutil
import signal
import subprocess
import time
import unittest

import harness

HEAD = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"


class DieWithParent(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.marker = f"PIDNS_TEST_PARENT={os.getpid()}.{self.id()}"

    def parent(self, words, spec, *options):
        """A process that starts pidns (with words before it) and does nothing else; its Popen."""
        name, value = self.marker.split("=", 1)
        return harness.Run(["sh", "-c", '"$@" & wait', "sh", *words, harness.PIDNS, "run", *options,
                            self.write("spec.yaml", spec)], env={name: value})

    def sleeping(self):
        return [pid for pid in harness.with_environment(self.marker) if harness.argv_of(pid)[0] == "sleep"]

    def left(self):
        return [pid for pid in harness.with_environment(self.marker) if harness.state_of(pid) not in ("Z", "")]

    def test_it_dies_with_its_parent(self):
        for inside in ("command: [sleep, '3611']\n", "init: true\ncommand: [sleep, '3612']\n",
                       "processes:\n  a: {command: [sleep, '3613']}\n  b: {command: [sleep, '3614']}\n"):
            with self.subTest(inside):
                parent = self.parent([], HEAD + inside, "--die-with-parent")
                harness.until(self.sleeping, what="a sleep")
                parent.kill()
                harness.until(lambda: not self.left(), what="the end of all")

    def test_it_goes_on_without_the_option(self):
        parent = self.parent([], HEAD + "command: [sleep, '3615']\n")
        harness.until(self.sleeping, what="a sleep")
        parent.kill()
        time.sleep(0.3)
        self.assertEqual(len(self.sleeping()), 1)
        harness.kill_everything()

    def test_as_pid_1_of_somebody_elses_namespace(self):
        """Its parent is then outside: getppid() is 0."""
        parent = self.parent(["unshare", "-pf", "--kill-child=SIGCONT"], HEAD + "command: [sleep, '3616']\n",
                             "--die-with-parent")
        harness.until(self.sleeping, what="a sleep")
        unshare = [pid for pid in harness.descendants_of(parent.pid) if harness.argv_of(pid)[0] == "unshare"]
        self.assertEqual(len(unshare), 1)
        os.kill(unshare[0], signal.SIGKILL)
        harness.until(lambda: not self.sleeping(), what="the end of all")
        parent.wait()

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_parent_that_dies_before_the_kernel_was_told(self):
        """strace holds pidns back in front of its prctl(2), while its parent is killed."""
        for words in ([], ["unshare", "-pf"]):
            with self.subTest(words):
                out = self.path("ran")
                log = self.path("log")
                if os.path.exists(log):
                    os.unlink(log)
                held = ["strace", "-D", "-f", "-o", log, "-e", "trace=prctl", "-e",
                        "inject=prctl:delay_enter=1500000:when=1", *words]
                # unshare(1) has no prctl(2) of its own without --kill-child.
                parent = self.parent(held, f"pidns: 1\nscript: echo ran >{out}; sleep 3617\n", "--die-with-parent")
                starter = parent.pid
                if words:
                    starter = harness.until(lambda: [p for p in harness.descendants_of(parent.pid) if
                                                     harness.argv_of(p)[0] == "unshare"], what="unshare")[0]
                harness.until(lambda: [p for p in harness.descendants_of(parent.pid)
                                       if harness.argv_of(p)[:2] == [harness.PIDNS, "run"]], what="pidns")
                time.sleep(0.4)
                os.kill(starter, signal.SIGKILL)
                parent.process.wait(10)
                harness.until(lambda: "killed by SIGKILL" in harness.read(log) or "exited with 137" in
                              harness.read(log), what="the end of pidns", timeout=8)
                self.assertFalse(os.path.exists(out), "the command ran without the parent")
                harness.until(lambda: not self.left(), what="the end of all")


if __name__ == "__main__":
    harness.main()
