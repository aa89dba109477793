# needs: root
"""Runs that their caller has left: --detach, logs, wait and stop."""

import fcntl
import os
import signal
import time
import unittest

import detached
import harness
from detached import QUIET, SLEEP
from harness import until


class Detached(detached.TestCase):
    def test_the_caller_comes_back_and_the_instance_goes_on(self):
        name = self.detach(SLEEP)
        self.assertEqual(name, "spec")
        pid = self.supervisor(name)
        self.assertEqual(os.getsid(pid), pid)
        self.assertEqual(len(harness.children_of(pid)), 1)
        self.stop(name)
        self.assertFalse(harness.children_of(pid))

    def test_no_descriptor_of_the_caller_is_held(self):
        read, write = os.pipe()
        high = fcntl.fcntl(write, fcntl.F_DUPFD, 200)
        name = self.detach("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nprocesses:\n"
                           "  a: {command: [sleep, infinity]}\n  b: {command: [sleep, infinity]}\n",
                           pass_fds=[write, high])
        os.close(write)
        os.close(high)
        os.set_blocking(read, False)
        self.assertEqual(os.read(read, 1), b"", "somebody holds the pipe")
        os.close(read)
        supervisor = self.supervisor(name)
        log = os.path.join(self.runtime, "pidns", "spec.log")
        for pid in [supervisor] + [p for p in harness.descendants_of(supervisor) if "sleep" in harness.argv_of(p)]:
            self.assertEqual([os.readlink(f"/proc/{pid}/fd/{n}") for n in range(3)], ["/dev/null", log, log])
        self.stop(name)

    def test_descriptors_that_the_spec_names_are_kept(self):
        read, write = os.pipe()
        name = self.detach(QUIET + f"pass-fds: [{write}]\nscript: echo through >&{write}; sleep 60\n", pass_fds=[write])
        os.close(write)
        self.assertEqual(os.read(read, 100), b"through\n")
        os.close(read)
        self.stop(name)
        refused = self.pidns("run", "-d", self.write("spec.yaml", QUIET + "pass-fds: [17]\ncommand: [sleep, '9']\n"))
        self.assertEqual(refused.returncode, 125, refused)
        self.assertIn("spec.yaml:4:", refused.stderr)

    def test_what_fails_says_so_to_the_caller_and_leaves_nothing(self):
        two = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nprocesses:\n  a: {command: [sleep, infinity]}\n"
        for spec, status, words in ((QUIET + "command: [nonesuch]\n", 127, "spec.yaml:4:.*execute nonesuch"),
                                    (two + "  b: {command: [nonesuch]}\n", 127, "b: execute nonesuch"),
                                    (two + "  b: {command: [/etc/passwd]}\n", 126, "b: execute /etc/passwd"),
                                    (QUIET + "root: /nonesuch\ncommand: [sh]\n", 125, "/nonesuch"),
                                    (QUIET + "stdout: /nonesuch/x\ncommand: [sh]\n", 125, "/nonesuch/x"),
                                    (QUIET + "nonesuch: 1\ncommand: [sh]\n", 125, "nonesuch")):
            with self.subTest(spec):
                done = self.run_spec(spec, "--detach")
                self.assertEqual((done.status, done.out), (status, ""), done)
                self.assertRegex(done.words, words)
                self.assertEqual(os.listdir(self.runtime), [])

    def test_one_that_ends_at_once_has_started(self):
        self.assertEqual(self.detach("pidns: 1\ncommand: ['true']\n"), "spec")
        until(lambda: os.listdir(self.runtime) == [], what="the state is removed")

    def test_the_caller_s_end_before_it_has_started_ends_it(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        # Opening the fifo blocks the supervisor until there is a reader.
        run = self.start(QUIET + f"stdout: {fifo}\ncommand: [sleep, infinity]\n", "--detach")
        until(lambda: harness.children_of(run.pid), what="the supervisor")
        run.kill()
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        until(lambda: os.listdir(self.runtime) == [] or not self.pidns("ps", "-q").stdout, what="nothing runs")
        harness.assert_nothing_left(within=5)
        os.close(reader)

    def test_logs_show_what_was_written(self):
        name = self.detach(QUIET + "script: echo out; echo err >&2; read x || echo no input; sleep 60\n")
        until(lambda: self.pidns("logs", name).stdout == "out\nerr\nno input\n", what="the log")
        self.stop(name)

    def test_what_pidns_says_later_is_in_the_log_too(self):
        name = self.detach("pidns: 1\nprocesses:\n  a: {script: \"%s; exit 3\"}\n  b: {command: [id], depends-on: {a: succeeded}}\n"
                           "  c: {command: [sleep, infinity]}\n" % self.until_go())
        self.go()
        until(lambda: "b: not started: a can no longer be `succeeded`" in self.pidns("logs", name).stdout, what="the words")
        self.stop(name)

    def test_what_makes_it_ready_is_in_the_log_too(self):
        name = self.detach(QUIET + "script: echo one; sleep 0.1; echo up >&2; exec sleep 60\nready: {output: up}\n")
        self.assertEqual(self.pidns("logs", name).stdout, "one\nup\n")
        self.stop(name)

    def test_a_terminal_of_its_own_is_relayed_to_the_log_and_has_no_input(self):
        """Whose input is at its end, as that of /dev/null is, for each who reads."""
        for more in ("", "ready: {output: '24 80'}\n"):
            with self.subTest(more):
                name = self.detach(QUIET + "terminal: new\n" + more + "script: |\n"
                                   "  for n in 0 1 2; do test -t $n && echo $n; done; stty size\n"
                                   "  read x || echo end; read x || echo end; echo said > /dev/tty; exec sleep 60\n")
                until(lambda: self.pidns("logs", name).stdout == "0\n1\n2\n24 80\nend\nend\nsaid\n",
                      what="the log")
                supervisor = self.supervisor(name)
                command = harness.descendants_of(supervisor)[-1]
                self.assertEqual(os.readlink(f"/proc/{command}/fd/1").split("/")[1:3], ["dev", "pts"])
                busy = harness.cpu_seconds(supervisor)
                time.sleep(0.5)
                self.assertLess(harness.cpu_seconds(supervisor) - busy, 0.1)
                self.stop(name)

    def test_logs_follow_until_the_end(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        name = self.detach(QUIET + f"script: |\n  echo first\n  read x <{fifo}\n  echo $x\n  exit 4\n")
        follower = harness.Run([harness.PIDNS, "logs", "--follow", name])
        follower.until_out("first\n")
        with open(fifo, "w") as file:
            file.write("last\n")
        done = follower.wait()
        self.assertEqual((done.status, done.out, done.err), (0, "first\nlast\n", ""))

    def test_what_was_written_while_the_follower_did_not_look_is_shown_too(self):
        """Its end comes at the same time as the last words, and the log has lost its name."""
        name = self.detach(QUIET + f"script: echo first; {self.until_go()}; echo last\n")
        follower = harness.Run([harness.PIDNS, "logs", "--follow", name])
        follower.until_out("first\n").signal(signal.SIGSTOP)
        until(lambda: harness.state_of(follower.pid) == "T", what="the stop")
        self.go()
        until(lambda: os.listdir(self.runtime) == [], what="the end")
        follower.signal(signal.SIGCONT)
        done = follower.wait()
        self.assertEqual((done.status, done.out, done.err), (0, "first\nlast\n", ""))

    def test_an_instance_with_a_caller_has_no_log(self):
        run = self.start(SLEEP)
        until(lambda: self.pidns("ps", "-q").stdout == "spec\n", what="it is listed")
        refused = self.pidns("logs", "spec")
        self.assertEqual(refused.returncode, 125)
        self.assertIn("was not started with --detach", refused.stderr)
        run.signal(signal.SIGTERM).wait()

    def test_a_wait_begun_before_the_end_gives_the_status(self):
        for ending, status in (("exit 7", 7), ("kill -USR1 $$", 128 + signal.SIGUSR1), ("exit 0", 0)):
            with self.subTest(ending):
                fifo = self.path("fifo")
                if not os.path.exists(fifo):
                    os.mkfifo(fifo)
                # Not a PID 1: that one can't kill itself.
                name = self.detach(f"pidns: 1\nscript: read x <{fifo}; {ending}\n")
                waits = [harness.Run([harness.PIDNS, "wait", name]) for _ in range(2)]
                for wait in waits:
                    self.until_it_waits(wait)
                with open(fifo, "w") as file:
                    file.write("\n")
                self.assertEqual([wait.wait().status for wait in waits], [status, status])
                later = self.pidns("wait", name)
                self.assertEqual(later.returncode, 125)
                self.assertIn(f"there is no instance `{name}`", later.stderr)

    def test_a_wait_for_one_whose_supervisor_is_killed(self):
        name = self.detach(SLEEP)
        wait = harness.Run([harness.PIDNS, "wait", name])
        self.until_it_waits(wait)
        os.kill(self.supervisor(name), signal.SIGKILL)
        self.assertEqual(wait.wait().status, 137)
        self.assertEqual(self.pidns("ps", "-q").stdout, "")
        self.assertEqual(os.listdir(self.runtime), [])

    def test_stop_is_orderly_and_says_for_whom_it_waits(self):
        name = self.detach("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nprocesses:\n"
                           "  quick: {command: [sleep, infinity]}\n"
                           "  slow: {script: \"trap '' TERM; echo ready; while :; do sleep 0.1; done\","
                           " stop-timeout: 1500ms}\n")
        until(lambda: "ready" in self.pidns("logs", name).stdout, what="slow ignores SIGTERM")
        wait = harness.Run([harness.PIDNS, "wait", name])
        self.until_it_waits(wait)
        begin = time.monotonic()
        self.assertEqual(self.stop(name), f"pidns: stop: `{name}` waits for slow\n")
        self.assertTrue(1.4 < time.monotonic() - begin < 6)
        self.assertIn(wait.wait().status, (137, 143))

    def test_stop_says_again_for_whom_it_waits_when_it_is_for_others(self):
        script = "script: \"trap '' TERM; echo ready; until [ -e %s ]; do sleep 0.02; done\""
        name = self.detach("pidns: 1\nprocesses:\n  quick: {%s}\n  slow: {%s}\n" %
                           (script % self.path("quick"), script % self.path("slow")))
        until(lambda: self.pidns("logs", name).stdout.count("ready") == 2, what="two that ignore SIGTERM")
        stop = harness.Run([harness.PIDNS, "stop", name])
        said = f"pidns: stop: `{name}` waits for "
        until(lambda: stop.err == said + "quick, slow\n", what="words about two")
        self.write("quick", "")
        until(lambda: stop.err == f"{said}quick, slow\n{said}slow\n", what="words about one")
        self.write("slow", "")
        self.assertEqual(stop.wait().status, 0)

    def test_stop_ends_a_single_process_that_ignores_it_after_its_time(self):
        name = self.detach("pidns: 1\nscript: trap '' TERM; echo ready; while :; do sleep 0.1; done\nstop-timeout: 300ms\n")
        until(lambda: "ready" in self.pidns("logs", name).stdout, what="it ignores SIGTERM")
        begin = time.monotonic()
        self.assertEqual(self.stop(name), "")
        self.assertGreater(time.monotonic() - begin, 0.25)

    def test_stop_now_asks_nobody(self):
        name = self.detach(QUIET + "script: trap 'echo asked' TERM; echo ready; while :; do sleep 0.1; done\n")
        until(lambda: "ready" in self.pidns("logs", name).stdout, what="the trap")
        log = open(os.path.join(self.runtime, "pidns", "spec.log"))
        done = self.pidns("stop", "--now", name)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn("asked", log.read())
        log.close()
        self.assertEqual(os.listdir(self.runtime), [])

    def test_stop_ends_one_that_is_stopped(self):
        """As ^Z leaves it: it hears nothing until it is continued."""
        for words in ("stop",), ("stop", "--now"):
            with self.subTest(words):
                name = self.detach(SLEEP)
                supervisor = self.supervisor(name)
                os.kill(supervisor, signal.SIGSTOP)
                until(lambda: harness.state_of(supervisor) == "T", what="a stop")
                done = harness.Run([harness.PIDNS, *words, name]).wait(timeout=8)
                self.assertEqual((done.status, done.out), (0, ""), done)
                self.assertEqual(os.listdir(self.runtime), [])

    def test_a_second_stop_waits_with_the_first(self):
        name = self.detach("pidns: 1\nscript: trap 'sleep 0.5; echo asked; exit' TERM; echo ready; while :; do sleep 0.05; done\n")
        until(lambda: "ready" in self.pidns("logs", name).stdout, what="the trap")
        log = open(os.path.join(self.runtime, "pidns", "spec.log"))
        stops = [harness.Run([harness.PIDNS, "stop", name]) for _ in range(3)]
        self.assertEqual([one.wait().status for one in stops], [0, 0, 0])
        self.assertEqual(log.read(), "ready\nasked\n")
        log.close()

    def test_an_address_behind_its_name_stops_nothing(self):
        name = self.detach("pidns: 1\nprocesses: {a: {command: [sleep, infinity]}, b: {command: [sleep, infinity]}}\n")
        done = self.pidns("stop", name, "a")
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("`a` is an address in `spec`", done.stderr)
        self.assertEqual(self.pidns("ps", "-q").stdout, "spec\n")
        # One that is an instance, too, is meant as such; and what is neither hinders nobody's end.
        other = self.detach("pidns: 1\nname: b\ncommand: [sleep, infinity]\n")
        self.assertEqual(self.pidns("stop", name, other, "nonesuch").returncode, 125)
        self.assertEqual(os.listdir(self.runtime), [])

    def test_several_are_stopped_by_one_call(self):
        names = [self.detach(SLEEP) for _ in range(3)]
        self.assertEqual(names, ["spec", "spec-2", "spec-3"])
        self.stop(*names)


if __name__ == "__main__":
    harness.main()
