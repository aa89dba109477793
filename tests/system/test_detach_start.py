# needs: root
"""`run --detach` until its caller is let go: what has to have started, and what happens meanwhile."""

import os
import shutil
import signal
import subprocess
import time
import unittest

import detached
import harness
from detached import QUIET
from harness import until

PID = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"


class Waiting(detached.TestCase):
    """`a` is ready as soon as there is a file `flag`."""

    def spec(self, ready="every: 10ms", script="exec sleep 3600", more=""):
        return (PID + "processes:\n  a: {script: \"echo a; %s\", ready: {path: %s, %s}}\n" %
                (script, self.path("flag"), ready) + more)

    def begin(self, spec):
        """A caller that waits, and whose instance is listed already."""
        caller = self.start(spec, "--detach")
        until(lambda: self.pidns("ps", "-q").stdout == "spec\n", what="it is listed")
        until(lambda: "a\n" in self.pidns("logs", "spec").stdout, what="a runs")
        self.assertIsNone(caller.process.poll())
        self.assertEqual(caller.out, "")
        return caller

    def be_ready(self):
        with open(self.path("flag"), "w"):
            pass

    def nothing_is_left(self):
        self.assertEqual(os.listdir(self.runtime), [])
        harness.assert_nothing_left(within=0.1)

    def test_the_caller_comes_back_when_it_is_ready_and_not_before(self):
        for more in ("", "  b: {command: [sleep, '3600']}\n"):
            with self.subTest(more):
                caller = self.begin(self.spec(more=more))
                time.sleep(0.2)
                self.assertIsNone(caller.process.poll())
                self.be_ready()
                done = caller.wait(5)
                self.assertEqual((done.status, done.out, done.err), (0, "spec\n", ""))
                self.assertEqual(self.pidns("ps", "-q").stdout, "spec\n")
                self.stop("spec")
                os.unlink(self.path("flag"))

    def test_all_that_say_when_they_are_ready_are_waited_for(self):
        second = self.path("second")
        caller = self.begin(self.spec(more="  b: {command: [sleep, '3600'], ready: {path: %s, every: 10ms}}\n" % second))
        self.be_ready()
        time.sleep(0.2)
        self.assertIsNone(caller.process.poll())
        with open(second, "w"):
            pass
        self.assertEqual(caller.wait(5).status, 0)
        self.stop("spec")

    def test_who_depends_on_others_is_not_waited_for(self):
        self.be_ready()
        name = self.detach(self.spec(more="  b: {command: [sleep, '3600'], depends-on: {c: exited}}\n"
                                     "  c: {command: [sleep, '3600'], depends-on: [a], ready: {path: /nonesuch}}\n"))
        self.stop(name)
        # Nor members of a node whose named process depends on another.
        name = self.detach("pidns: 1\nprocesses:\n  a: {command: [sleep, '3600']}\nnamespaces:\n  n:\n    unshare: [pid]\n"
                           "    init: one\n    processes:\n      two: {command: [sleep, '3600']}\n"
                           "      one: {command: [sleep, '3600'], depends-on: {a: exited}}\n")
        self.stop(name)

    def test_one_that_is_not_waited_for_cannot_fail_the_start(self):
        caller = self.begin(self.spec(more="  c: {command: [sleep, '3600']}\n"
                                      "  b: {command: [nonesuch], depends-on: {c: started}}\n"))
        until(lambda: "b: execute nonesuch" in caller.err, what="the caller is told")
        self.be_ready()
        self.assertEqual(caller.wait(5).status, 0)
        self.stop("spec")

    def test_not_ready_in_time(self):
        for more in ("", "  b: {script: \"trap 'echo asked >&2; exit 0' TERM; while :; do sleep 0.01; done\"}\n"):
            with self.subTest(more):
                done = self.start(self.spec("within: 300ms, every: 10ms", more=more), "--detach").wait(8)
                self.assertEqual((done.status, done.out), (125, ""), done)
                self.assert_place(done, 5, words="a: not ready within 300ms")
                self.nothing_is_left()

    def test_one_that_ends_before_it_is_ready(self):
        done = self.start(self.spec(script="sleep 0.1; exit 3"), "--detach").wait(5)
        self.assertEqual((done.status, done.out), (125, ""), done)
        self.assertIn("a: ended with status 3 before it was ready", done.err)
        self.assertTrue(done.err.endswith("pidns: its log ended with\n  a\n"), done.err)
        self.nothing_is_left()
        done = self.start(self.spec(script="sleep 0.1; exit 0"), "--detach").wait(5)
        self.assertEqual((done.status, done.out, done.err), (0, "spec\n", ""))

    def test_the_end_of_the_log_of_what_failed(self):
        for lines, shown in ((1, ["1", "no end"]), (9, [*map(str, range(1, 10)), "no end"]),
                             (2000, [*map(str, range(1992, 2001)), "no end"])):
            done = self.run_spec("pidns: 1\nscript: 'seq %d; printf \"no end\" >&2; exit 3'\nready: {path: /nonesuch}\n"
                                 % lines, "--detach")
            self.assertEqual(done.status, 125)
            self.assertEqual(done.err.partition("its log ended with\n")[2], "".join(f"  {line}\n" for line in shown))
        done = self.run_spec("pidns: 1\nscript: 'printf \"\\033[31m%0500d\\n\" 0; exit 3'\nready: {path: /nonesuch}\n",
                             "--detach")
        self.assertIn("  ?[31m000", done.err)
        self.assertNotIn("\033", done.err)
        self.assertLessEqual(max(map(len, done.err.splitlines())), 100)
        # Nothing was written, so there is nothing to show.
        done = self.run_spec(QUIET + "command: [nonesuch]\n", "--detach")
        self.assertNotIn("log", done.err)

    def test_the_end_of_main_ends_the_wait(self):
        done = self.start(self.spec(more="  m: {command: ['true'], main: true}\n"), "--detach").wait(5)
        self.assertEqual((done.status, done.out, done.err), (0, "spec\n", ""))

    def test_a_signal_to_the_caller_ends_all_before_the_caller(self):
        two = "  b: {script: \"trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.01; done\"}\n"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                caller = self.begin(self.spec(more=two)).signal(number)
                self.assertEqual(caller.wait(5).status, 143)
                self.assertEqual(caller.err, "pidns: spec: stopped before it had started\n")
                self.nothing_is_left()
        caller = self.begin(QUIET + "script: echo a; exec sleep 3600\nready: {path: /nonesuch}\n")
        self.assertEqual(caller.signal(signal.SIGINT).wait(5).status, -signal.SIGINT)
        self.assertEqual(caller.err, "pidns: spec: stopped before it had started\n")
        self.nothing_is_left()

    def test_the_second_signal_kills(self):
        caller = self.begin(self.spec(script="trap '' TERM; echo deaf; while :; do sleep 0.01; done",
                                      more="  b: {command: [sleep, '3600']}\n"))
        until(lambda: "deaf" in self.pidns("logs", "spec").stdout, what="a ignores SIGTERM")
        caller.signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(caller.process.poll())
        self.assertEqual(caller.signal(signal.SIGINT).wait(5).status, 137)
        self.nothing_is_left()

    def test_a_signal_that_the_caller_ignores_is_ignored(self):
        caller = self.start(self.spec(), "--detach", before_exec=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        until(lambda: "a\n" in self.pidns("logs", "spec").stdout, what="a runs")
        caller.signal(signal.SIGHUP)
        time.sleep(0.1)
        self.be_ready()
        self.assertEqual(caller.wait(5).status, 0)
        self.stop("spec")

    def test_the_end_of_the_caller_ends_it(self):
        self.begin(self.spec(more="  b: {command: [sleep, '3600']}\n")).kill()
        until(lambda: self.pidns("ps", "-q").stdout == "", what="nothing runs")
        harness.assert_nothing_left(within=3)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_the_end_of_the_caller_before_the_kernel_was_told(self):
        """strace holds the supervisor back in front of its prctl(2), while the caller is killed."""
        log, ran = self.path("strace"), self.path("ran")
        caller = harness.Run(["strace", "-D", "-f", "-o", log, "-e", "trace=prctl", "-e", "inject=prctl:delay_enter=500000:when=1",
                              harness.PIDNS, "run", "--detach", self.write("spec.yaml", f"pidns: 1\nscript: echo >{ran}; sleep 3600\n")])
        until(lambda: "PR_SET_PDEATHSIG" in harness.read(log), what="the call that is held")
        caller.kill()
        until(lambda: "exited with 125" in harness.read(log), what="the end of the supervisor")
        self.assertFalse(os.path.exists(ran))

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_it_is_waited_for_until_each_has_really_executed(self):
        """Though each of several says before it tries that it will: strace holds the calls back."""
        held = ["strace", "-f", "-o", "/dev/null", "-e", "trace=execve", "-e", "inject=execve:delay_enter=150000"]
        done = harness.Run([*held, harness.PIDNS, "run", "--detach", self.write(
            "spec.yaml", PID + "processes:\n  a: {command: [/bin/sleep, '3600']}\n  b: {command: [/nonesuch]}\n")]).wait(10)
        self.assertEqual((done.status, done.out), (127, ""), done)
        self.assertIn("b: execute /nonesuch", done.err)
        self.nothing_is_left()

    def test_stop_while_the_caller_waits(self):
        caller = self.begin(self.spec(script="trap 'exit 0' TERM; while :; do sleep 0.01; done"))
        self.stop("spec")
        done = caller.wait(5)
        self.assertEqual((done.status, done.out, done.err), (125, "", "pidns: spec: stopped before it had started\n"))

    def test_a_name_that_nobody_gets(self):
        asked = self.path("asked")
        spec = self.spec(script="trap ': > %s; exit 0' TERM; : > %s; while :; do sleep 0.01; done" % (asked, self.path("flag")))
        with open("/dev/full", "w") as full:
            done = self.start(spec, "--detach", stdout=full).wait(5)
            self.assertEqual(done.status, 125, done)
            self.assertIn("standard output: No space left on device", done.err)
            self.assertIn("spec was stopped", done.err)
        self.assertTrue(os.path.exists(asked))
        self.nothing_is_left()
        os.unlink(self.path("flag"))
        done = self.start(spec, "--detach", before_exec=lambda: os.close(1)).wait(5)
        self.assertEqual(done.status, 125, done)
        self.nothing_is_left()

    def test_few_descriptors(self):
        """Whatever fails of it is said, and else it has started."""
        spec = self.write("spec.yaml", QUIET + "command: [sleep, infinity]\n")
        for limit in range(4, 16):
            done = subprocess.run(["sh", "-c", f'ulimit -n {limit}; exec "$0" run --detach "$1"', harness.PIDNS, spec],
                                  capture_output=True, text=True)
            with self.subTest(limit):
                if done.returncode == 0:
                    self.assertEqual((done.stdout, done.stderr), ("spec\n", ""))
                    self.stop("spec")
                else:
                    self.assertEqual((done.returncode, done.stdout), (125, ""))
                    self.assertIn("Too many open files", done.stderr)
                    self.assertEqual(os.listdir(self.runtime), [])

    def test_a_folder_that_is_full_or_read_only(self):
        """Who could not be found again is not left alone: a run that nobody waits for is not listed, and goes on."""
        spec = self.write("spec.yaml", PID + "command: [sleep, '3719']\n")
        full = 'mount -t tmpfs -o size=4k,mode=700 t "$0"; head -c 4096 /dev/zero >"$0/fill"; '
        read_only = 'mount -t tmpfs -o ro,mode=700 t "$0"; '
        for what, words in ((full, "No space left on device"), (read_only, "Read-only file system")):
            inside = ["unshare", "-m", "--propagation", "private", "sh", "-c", what + 'exec "$@"', self.runtime]
            with self.subTest(words):
                done = subprocess.run([*inside, harness.PIDNS, "run", "--detach", spec], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout), (125, ""), done)
                self.assertIn("--detach: nobody could find the instance again:", done.stderr)
                self.assertIn(words, done.stderr)
                self.assertEqual(harness.with_argument("3719"), [])
                done = subprocess.run([*inside, harness.PIDNS, "run", spec, "--", "sh", "-c", "sleep 0.05; exit 3"],
                                      capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (3, "", ""), done)

    def test_the_supervisor_is_killed_while_the_caller_waits(self):
        caller = self.begin(self.spec())
        os.kill(self.supervisor("spec"), signal.SIGKILL)
        done = caller.wait(5)
        self.assertEqual((done.status, done.out), (137, ""))
        self.assertIn("the supervisor was killed", done.err)
        self.assertEqual(self.pidns("ps", "-q").stdout, "")
        harness.assert_nothing_left(within=3)


if __name__ == "__main__":
    harness.main()
