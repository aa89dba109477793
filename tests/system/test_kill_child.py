# needs: root
"""`kill-child`: what becomes of a run whose supervisor is killed, at any moment and any depth."""

import os
import random
import re
import signal
import time

import harness
from harness import nested, until

REPETITIONS = 40


class Killed(harness.TestCase):
    """SIGKILL of the supervisor takes everything with it; the tests are subreapers, so ECHILD tells."""

    def marker(self):
        return f"PIDNS_TEST_MARK={os.getpid()}-{self.id()}"

    def kill_at_random(self, spec, longest=0.010):
        marker = self.marker()
        name, _, value = marker.partition("=")
        random.seed(spec)
        for _ in range(REPETITIONS):
            run = self.start(spec, env={name: value})
            time.sleep(random.uniform(0, longest))
            run.kill()
            harness.assert_nothing_left(within=1.0)
        self.assertEqual(harness.with_environment(marker), [])

    def test_at_random_moments_one_level(self):
        self.kill_at_random(nested(1, "command: [sleep, '3602']"))

    def test_at_random_moments_one_level_with_our_init(self):
        self.kill_at_random(nested(1, "init: true\ncommand: [sleep, '3602']"))

    def test_at_random_moments_three_levels(self):
        self.kill_at_random(nested(3, "command: [sleep, '3602']"))

    def test_at_random_moments_six_levels(self):
        self.kill_at_random(nested(6, "command: [sleep, '3602']"))

    def test_at_random_moments_siblings(self):
        self.kill_at_random("pidns: 1\nnamespaces:\n" + "".join(
            f"  n{number}: {{unshare: [pid, mount], mount-proc: true, command: [sleep, '3602']}}\n"
            for number in range(5)))

    def test_at_random_moments_without_a_pid_namespace(self):
        self.kill_at_random("pidns: 1\nunshare: uts\nprocesses:\n  a: {command: [sleep, '3602']}\n"
                            "  b: {command: [sleep, '3602']}\n")

    def test_at_each_system_call_of_the_supervisor(self):
        """strace kills the supervisor, and only it, at each system call from the first fork onwards."""
        for depth in (1, 3):
            spec, log = nested(depth, "command: ['true']"), self.path("log")
            self.start(spec, before=["strace", "-o", log]).wait()
            calls = [found[1] for found in re.finditer(r"^(\w+)\(", harness.read(log), re.M)]
            first = next(i for i, name in enumerate(calls) if name in ("clone", "clone3", "fork", "vfork"))
            spec = nested(depth, "command: [sleep, '3603']")
            for index in range(first, len(calls)):
                name = calls[index]
                if name in ("exit", "exit_group", "rt_sigreturn"):
                    continue
                count = calls[:index + 1].count(name)
                run = self.start(spec, before=["strace", "-o", "/dev/null", "-e", "trace=" + name, "-e",
                                               f"inject={name}:signal=SIGKILL:when={count}"])
                deadline = time.monotonic() + 0.15
                while run.process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.002)
                # It waits for the command's end, and comes no further; or strace has yet to start it.
                end = time.monotonic() + 10
                while run.process.poll() is None and time.monotonic() < end:
                    for child in harness.children_of(run.pid):
                        os.kill(child, signal.SIGKILL)
                    time.sleep(0.01)
                run.wait(5)
                try:
                    harness.assert_nothing_left(within=1.0)
                except AssertionError as problem:
                    raise AssertionError(f"killed at {name}, call {count} of that name: {problem}") from None

    def killed_before_the_tie(self, depth, level):
        """Kill the supervisor while the process of `level` is held up on its way into prctl."""
        log = self.path("log")
        run = self.start(nested(depth, "command: [sleep, '3604']"), before=[
            "strace", "-f", "-o", log, "-e", "trace=prctl,execve", "-e", "signal=none",
            "-e", "inject=prctl:delay_enter=300000"])

        def tied():
            """The processes that are at their first PR_SET_PDEATHSIG, in their order."""
            return list(dict.fromkeys(re.findall(r"^(\d+) +prctl\(PR_SET_PDEATHSIG", harness.read(log), re.M)))

        until(lambda: len(tied()) >= level, 10, f"the tie of level {level}: {harness.read(log)}")
        supervisor = int(re.search(r"^(\d+) +execve", harness.read(log), re.M)[1])
        os.kill(supervisor, signal.SIGKILL)
        run.wait(4)   # strace ends when nothing of it lives any more.
        harness.assert_nothing_left(within=1.0)

    def test_between_fork_and_tie_one_level(self):
        self.killed_before_the_tie(1, 1)

    def test_between_fork_and_tie_three_levels(self):
        for level in (1, 2, 3):
            with self.subTest(level=level):
                self.killed_before_the_tie(3, level)

    def test_while_all_is_running(self):
        """With commands at every level, daemons of theirs included."""
        spec = """\
pidns: 1
unshare: [pid, mount, uts]
mount-proc: true
processes:
  a: {script: "sleep 3605 & setsid sleep 3605 & sleep 3605"}
  b: {command: [sleep, '3605']}
namespaces:
  in:
    unshare: [pid, mount]
    mount-proc: true
    script: sleep 3605 & setsid sleep 3605 & sleep 3605
"""
        for _ in range(5):
            run = self.start(spec)
            until(lambda: len(harness.descendants_of(run.pid)) >= 9, what="nine processes")
            run.kill()
            harness.assert_nothing_left(within=1.0)


class Signals(harness.TestCase):
    def script(self, seconds=20):
        """A PID 1 that writes a file at SIGHUP, and another one when it is ready for it."""
        return ("trap 'echo hup >hup; exit 0' HUP; echo >ready; "
                f"i=0; while [ $i -lt {seconds * 20} ]; do sleep 0.05; i=$((i+1)); done")

    def hup(self, spec):
        """Kill the supervisor of a spec whose command is `script`; did the handler run?"""
        run = self.start(spec)
        until(lambda: os.path.exists(self.path("ready")), what=f"the command; {run.err}")
        run.kill()
        try:
            until(lambda: os.path.exists(self.path("hup")), 2, "the handler")
            return True
        except AssertionError:
            return False

    def test_sighup_runs_the_handler_of_a_pid_1(self):
        self.assertTrue(self.hup("pidns: 1\nunshare: [pid]\nkill-child: SIGHUP\ninit: false\n"
                                 f"cwd: {self.folder}\nscript: {self.script()}\n"))
        harness.assert_nothing_left(within=1.0)

    def test_sighup_passes_through_our_init(self):
        self.assertTrue(self.hup("pidns: 1\nunshare: [pid]\nkill-child: SIGHUP\ninit: true\n"
                                 f"cwd: {self.folder}\nscript: {self.script()}\n"))
        harness.assert_nothing_left(within=1.0)

    def test_sighup_passes_through_two_levels(self):
        self.assertTrue(self.hup("pidns: 1\nunshare: [pid]\nkill-child: SIGHUP\nnamespaces:\n  in:\n"
                                 f"    unshare: [pid]\n    kill-child: hup\n    cwd: {self.folder}\n"
                                 f"    script: {self.script()}\n"))
        harness.assert_nothing_left(within=1.0)

    def test_sighup_without_a_pid_namespace(self):
        self.assertTrue(self.hup(f"pidns: 1\nunshare: [uts]\nkill-child: 1\ncwd: {self.folder}\n"
                                 f"script: {self.script()}\n"))
        harness.assert_nothing_left(within=1.0)

    def test_sighup_reaches_both_processes_of_a_holder(self):
        for name in "ab":
            os.mkdir(self.path(name))
        run = self.start("pidns: 1\nunshare: [uts]\nkill-child: SIGHUP\nprocesses:\n" + "".join(
            f"  {name}:\n    cwd: {self.path(name)}\n    script: {self.script()}\n" for name in "ab"))
        until(lambda: all(os.path.exists(self.path(name + "/ready")) for name in "ab"), what=f"both; {run.err}")
        run.kill()
        until(lambda: all(os.path.exists(self.path(name + "/hup")) for name in "ab"), 2, "both handlers")
        harness.assert_nothing_left(within=1.0)

    def test_our_init_gives_them_their_time_and_then_kills(self):
        word = f"3608.{os.getpid()}"
        run = self.start("pidns: 1\nunshare: [pid]\nkill-child: SIGHUP\ninit: true\nstop-timeout: 700ms\n"
                         f"command: [sh, -c, \"trap '' HUP; echo ready; exec sleep {word}\"]\n").until_out("ready")
        sleeper = until(lambda: [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"])[0]
        run.kill()
        time.sleep(0.3)
        self.assertEqual(harness.state_of(sleeper), "S", "killed before its time was over")
        harness.assert_nothing_left(within=1.4)

    def test_true_is_sigkill_and_the_default(self):
        for key in ("", "kill-child: true\n", "kill-child: KILL\n"):
            with self.subTest(key):
                self.assertFalse(self.hup(f"pidns: 1\nunshare: [pid]\n{key}cwd: {self.folder}\n"
                                          f"script: {self.script()}\n"))
                harness.assert_nothing_left(within=1.0)
                os.unlink(self.path("ready"))

    def test_false_leaves_the_process(self):
        word = f"3606.{os.getpid()}"
        for extra in ("", "init: true\n"):
            with self.subTest(extra):
                run = self.start(f"pidns: 1\nunshare: [pid]\nkill-child: false\n{extra}command: [sleep, '{word}']\n")
                until(lambda: [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"],
                      what=f"the command; {run.err}")
                run.kill()
                time.sleep(0.3)
                left = harness.with_argument(word)
                self.assertTrue(left, "the process is gone in spite of `kill-child: false`")
                self.assertIn(harness.state_of(left[0]), "SRD")
                harness.kill_everything()

    def test_false_in_an_ordinary_end_leaves_nothing(self):
        result = self.run_spec("pidns: 1\nunshare: [pid]\nkill-child: false\nscript: sleep 3607 & exit 6\n")
        self.assertEqual(result.status, 6, result)


if __name__ == "__main__":
    harness.main()
