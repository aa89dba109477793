# needs: root
"""timeout, stop-signal and stop-timeout."""

import signal
import time

import harness
import people
from people import whole


class Timeouts(people.TestCase):
    def ended(self, body, outer=(), who="root"):
        began = time.monotonic()
        result = self.run_as(who, whole(body, outer))
        return result, time.monotonic() - began

    def test_124(self):
        for keys in ("", "unshare: [user, pid]\n", "unshare: [user, pid]\ninit: true\n", "unshare: [user]\n"):
            for outer in people.DEPTHS.values():
                for who in people.CALLERS:
                    with self.subTest(keys=keys, outer=len(outer), who=who):
                        result, seconds = self.ended(keys + "timeout: 200ms\ncommand: [sleep, 1000]\n", outer, who)
                        self.assertEqual((result.status, result.out), (124, ""), result)
                        self.assertLess(seconds, 3)

    def test_what_is_ready_sooner_has_its_own_status(self):
        self.assertEqual(self.ended("timeout: 10s\nscript: exit 7\n")[0].status, 7)

    def test_it_is_asked_by_its_stop_signal(self):
        for keys in ("", "unshare: [user, pid]\n"):
            result, _ = self.ended(keys + "timeout: 300ms\nstop-signal: SIGUSR1\nscript: |\n"
                                   "  trap 'echo asked; exit 3' USR1; while :; do sleep 0.05; done\n")
            self.assertEqual((result.status, result.out), (124, "asked\n"), result)

    def test_sigkill_after_its_stop_timeout(self):
        for keys in ("", "unshare: [user, pid]\n", "unshare: [user, pid]\ninit: true\n"):
            result, seconds = self.ended(keys + "timeout: 200ms\nstop-timeout: 500ms\nscript: |\n"
                                         "  trap 'echo asked' TERM; while :; do sleep 0.05; done\n")
            self.assertEqual((result.status, result.out), (124, "asked\n"), result)
            self.assertTrue(0.6 < seconds < 3, seconds)

    def test_stop_timeout_0(self):
        result, seconds = self.ended("timeout: 200ms\nstop-timeout: 0s\nscript: |\n  trap '' TERM; sleep 1000 & wait; sleep 1000\n")
        self.assertEqual(result.status, 124)
        self.assertLess(seconds, 2)

    def test_of_several_processes_only_that_one(self):
        result, _ = self.ended("unshare: [user, pid]\nprocesses:\n  a: {timeout: 200ms, command: [sleep, '1000']}\n"
                               "  b: {script: sleep 0.6; echo whole}\n")
        self.assertEqual((result.status, result.out), (124, "whole\n"), result)

    def test_a_time_that_is_over_keeps_nobody_busy(self):
        """Of one that has ended by itself, and of one that was asked to."""
        run = self.start("pidns: 1\nprocesses:\n  a: {timeout: 300ms, command: ['true']}\n  b: {timeout: 300ms, stop-timeout: 100ms, "
                         "command: [sleep, '1000']}\n  c: {script: \"%s\"}\n" % self.until_go())
        time.sleep(0.6)
        begin = harness.cpu_seconds(run.pid)
        time.sleep(0.5)
        self.assertLess(harness.cpu_seconds(run.pid) - begin, 0.1)
        self.go()
        self.assertEqual(run.wait(5).status, 124)

    def test_a_sigterm_of_pidns_becomes_the_stop_signal(self):
        for keys in ("", "unshare: [user, pid]\n"):
            run = self.start_as("root", whole(keys + "stop-signal: SIGUSR2\nscript: |\n"
                                              "  trap 'echo two; exit 5' USR2; echo ready; while :; do sleep 0.05; done\n"))
            run.until_out("ready")
            run.signal(signal.SIGTERM)
            result = run.wait()
            self.assertEqual((result.status, result.out), (5, "ready\ntwo\n"))


if __name__ == "__main__":
    harness.main()
