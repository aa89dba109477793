# needs: root
"""How a run ends: with its PID 1, by a signal, and without leaving anything."""

import os
import random
import signal
import time

import harness
from harness import nested

FIRST = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
INIT = FIRST + "init: true\n"
UTS = "pidns: 1\nunshare: [uts]\n"
ROOT = "pidns: 1\n"

CROWD = """\
script: |
  for i in 1 2 3 4 5 6 7 8 9 10; do sleep 3620 & done
  setsid sleep 3620 &
  (setsid sh -c 'trap "" TERM HUP INT; sleep 3620 & sleep 3620' &)
  sleep 0.05
  exit 5
"""


def at(depth, keys, level="unshare: [pid, mount]\nmount-proc: true\n"):
    """The spec of `keys` at a depth: what stands in the innermost node may have several lines."""
    return nested(depth, keys.rstrip("\n"), level)


class NothingOutlives(harness.TestCase):
    def test_ten_children_and_two_daemons_go_with_pid_1(self):
        for head in (FIRST, INIT):
            with self.subTest(head):
                result = self.run_spec(head + CROWD, timeout=5)
                self.assertEqual((result.status, result.err), (5, ""), result)

    def test_they_go_without_any_pid_namespace_too(self):
        for head in (UTS, ROOT):
            with self.subTest(head):
                result = self.run_spec(head + CROWD, timeout=5)
                self.assertEqual((result.status, result.err), (5, ""), result)

    def test_they_go_at_depth(self):
        result = self.run_spec(at(3, CROWD), timeout=5)
        self.assertEqual((result.status, result.err), (5, ""), result)

    def test_a_stopped_orphan_goes_too(self):
        for head in (FIRST, INIT, UTS, ROOT):
            with self.subTest(head):
                result = self.run_spec(head + "script: \"sleep 3620 & kill -STOP $!; exit 4\"\n", timeout=5)
                self.assertEqual(result.status, 4, result)

    def test_one_that_forks_on_and_on_goes_too(self):
        script = "script: \"(setsid sh -c 'while :; do (sleep 0.01 &) ; sleep 0.002; done' &) ; sleep 0.05; exit 4\"\n"
        for head in (FIRST, UTS, ROOT):
            with self.subTest(head):
                self.assertEqual(self.run_spec(head + script, timeout=8).status, 4)

    def test_what_the_run_did_not_make_is_left_alone(self):
        """A shell that starts a helper and then becomes pidns: `exec pidns run SPEC > >(tee log)`."""
        word = f"3624.{os.getpid()}"
        for head in (FIRST, ROOT):
            with self.subTest(head):
                file = self.write("spec.yaml", head + "script: exit 4\n")
                run = harness.Run(["sh", "-c", f'sleep {word} & exec "$0" run "$1"', harness.PIDNS, file])
                self.assertEqual(run.wait(5).status, 4)
                def helper():
                    return [p for p in harness.with_argument(word) if harness.state_of(p) not in ("Z", "")]
                # pidns may have ended before the shell's child has become it.
                harness.until(helper, what="the caller's helper, which nobody may have killed")
                harness.kill_everything()

    def test_where_there_is_no_proc_what_is_left_is_ended_or_reported(self):
        file = self.write("spec.yaml", ROOT + "script: \"setsid sleep 3625 & exit 4\"\n")
        run = harness.Run(["unshare", "-m", "sh", "-c", 'umount -l /proc; exec "$0" run "$1"', harness.PIDNS, file])
        result = run.wait(10)
        self.assertEqual(result.status, 4)
        left = harness.with_argument("3625")
        harness.kill_everything()
        self.assertTrue(not left or result.err, "left behind without a word")


class FromInside(harness.TestCase):
    def test_kill_of_pid_1_from_inside_does_nothing(self):
        self.assertEqual(self.ok(FIRST + "script: kill -KILL 1; kill -TERM 1; sleep 0.05; echo alive\n"), "alive\n")
        self.assertEqual(self.ok(INIT + "script: kill -KILL 1; kill -STOP 1; sleep 0.05; echo alive\n"), "alive\n")

    def test_a_signal_that_pid_1_traps_arrives_from_inside(self):
        out = self.ok(FIRST + "script: |\n  trap 'echo got' USR1\n  sh -c 'kill -USR1 1'\n  echo after\n")
        self.assertEqual(out, "got\nafter\n")


class Forwarded(harness.TestCase):
    NAMES = ("TERM", "HUP", "INT", "USR1", "USR2")

    def trapping(self, name):
        # Waits in `wait`, so that the trap runs at once and not after a sleep.
        return f"script: |\n  trap 'exit 41' {name}\n  echo ready\n  while :; do sleep 3621 & wait; done\n"

    def test_signals_reach_a_trap_and_its_status_comes_back(self):
        specs = {"PID 1": FIRST + self.trapping("{}"), "PID 2": INIT + self.trapping("{}"),
                 "no pid": UTS + self.trapping("{}"), "plain": ROOT + self.trapping("{}"),
                 "depth 3": at(3, self.trapping("{}")), "init at depth 3": at(3, "init: true\n" + self.trapping("{}"))}
        for where, spec in specs.items():
            for name in self.NAMES:
                with self.subTest(where=where, signal=name):
                    run = self.start(spec.replace("{}", name)).until_out("ready")
                    result = run.signal(signal.Signals["SIG" + name]).wait(5)
                    self.assertEqual((result.status, result.err), (41, ""), result)
                    harness.assert_nothing_left(orphans=False)

    def test_with_one_process_a_signal_is_forwarded_however_often(self):
        script = "script: |\n  n=0; trap 'n=$((n+1)); echo n=$n' TERM\n  echo ready\n" \
                 "  until [ $n -ge 3 ]; do sleep 0.02 || :; done\n  exit 42\n"
        for where, spec in {"PID 1": FIRST + script, "PID 2": INIT + script, "plain": ROOT + script}.items():
            with self.subTest(where):
                run = self.start(spec).until_out("ready")
                for count in (1, 2, 3):
                    run.signal(signal.SIGTERM).until_out(f"n={count}")
                self.assertEqual(run.wait(5).status, 42)

    def test_real_time_signals_are_forwarded(self):
        # dash knows no names of real-time signals; bash does.
        command = "command:\n  - bash\n  - -c\n  - |\n    trap 'exit 43' RTMIN+1\n    echo ready\n" \
                  "    while :; do sleep 3621 & wait; done\n"
        for head in (FIRST, INIT):
            with self.subTest(head):
                run = self.start(head + command).until_out("ready")
                self.assertEqual(run.signal(signal.SIGRTMIN + 1).wait(5).status, 43)

    def test_an_ignored_signal_does_not_end_a_pid_1(self):
        script = "script: |\n  trap '' TERM\n  echo ready\n  sleep 0.3\n  exit 44\n"
        for head in (FIRST, INIT, UTS):
            with self.subTest(head):
                run = self.start(head + script).until_out("ready")
                self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, 44)


class WithoutHandler(harness.TestCase):
    """A signal that would end an ordinary process ends a PID 1 too, and pidns dies of it."""

    def ended(self, spec, number):
        word = f"3622.{os.getpid()}"
        run = self.start(spec.replace("{}", f"command: [sleep, '{word}']"))
        harness.until(lambda: [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"],
                      what=f"the command; {run.err}")
        before = time.monotonic()
        result = run.signal(number).wait(5)
        self.assertLess(time.monotonic() - before, 1.0, "not at once")
        harness.assert_nothing_left(orphans=False)
        return result.status

    def test_term_hup_int_usr1_end_it_at_once(self):
        specs = {"PID 1": FIRST + "{}\n", "PID 2": INIT + "{}\n", "no pid": UTS + "{}\n", "plain": ROOT + "{}\n",
                 "depth 3": at(3, "{}"), "init at depth 3": at(3, "init: true\n{}")}
        for where, spec in specs.items():
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
                with self.subTest(where=where, signal=number.name):
                    self.assertEqual(self.ended(spec, number), -number)

    def test_quit_is_131(self):
        for where, spec in {"PID 1": FIRST + "{}\n", "PID 2": INIT + "{}\n"}.items():
            with self.subTest(where):
                self.assertEqual(self.ended(spec, signal.SIGQUIT), 131)

    def test_winch_and_cont_end_nothing(self):
        for head in (FIRST, INIT):
            run = self.start(head + "script: echo ready; sleep 0.2; exit 45\n").until_out("ready")
            run.signal(signal.SIGWINCH).signal(signal.SIGCONT)
            self.assertEqual(run.wait(5).status, 45)

    def test_a_blocked_signal_does_not_end_a_pid_1(self):
        run = self.start(FIRST + "command:\n  - python3\n  - -c\n  - |\n"
                                 "    import signal, sys, time\n"
                                 "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
                                 "    print('ready', flush=True)\n"
                                 "    time.sleep(0.3)\n"
                                 "    sys.exit(46)\n").until_out("ready")
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, 46)

    def test_what_is_blocked_for_a_moment_only_is_not_lost(self):
        """A shell blocks everything around each fork; a PID 1 would drop what it gets in that moment."""
        loops = {"true": "script: echo ready; while :; do /bin/true; done\n",
                 "sleep": "script: echo ready; while :; do sleep 0.005; done\n"}
        for where, head in {"PID 1": FIRST, "depth 3": nested(3, "")}.items():
            indent = "        " if where == "depth 3" else ""
            for name, script in loops.items():
                with self.subTest(where=where, loop=name):
                    for count in range(12):
                        run = self.start(head + indent + script).until_out("ready")
                        time.sleep(0.005 + count * 0.0007)
                        self.assertEqual(run.signal(signal.SIGTERM).wait(2).status, -signal.SIGTERM)

    def test_a_signal_at_any_moment_of_the_start_ends_the_run(self):
        """Held until the command has executed, then forwarded: never lost, never a hang."""
        random.seed(4)
        for spec in (FIRST + "command: [sleep, '3623']\n", INIT + "command: [sleep, '3623']\n",
                     at(4, "command: [sleep, '3623']"), UTS + "command: [sleep, '3623']\n"):
            for _ in range(25):
                run = self.start(spec)
                time.sleep(random.uniform(0, 0.008))
                result = run.signal(signal.SIGTERM).wait(5)
                self.assertEqual((result.status, result.out, result.err), (-signal.SIGTERM, "", ""))
                harness.assert_nothing_left(orphans=False)


if __name__ == "__main__":
    harness.main()
