# needs: root
"""Several processes: all of them run, and a signal to pidns ends them in order."""

import os
import signal

import harness

HEADS = {"init": "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n", "holder": "pidns: 1\nunshare: [uts]\n",
         "plain": "pidns: 1\n"}


def wait_with(trap):
    """A script that says that it is ready and then waits for the trap."""
    return f"{trap}; echo ready; while :; do sleep 0.02 || :; done"


class Several(harness.TestCase):
    def spec(self, head, **scripts):
        return HEADS[head] + "processes:\n" + "".join(
            f"  {name}:\n    script: |\n      {script}\n" for name, script in scripts.items())

    def ready(self, spec, count, **options):
        run = self.start(spec, **options)
        harness.until(lambda: run.out.count("ready") >= count, what=f"{count} ready processes; {run.result()!r}")
        return run

    def ended(self, run, timeout=5):
        result = run.wait(timeout)
        harness.assert_nothing_left(orphans=False)
        return result

    def test_all_run_at_the_same_time(self):
        """Each waits for the other's file: one after the other they would never end."""
        for head in HEADS:
            with self.subTest(head):
                meet = "echo >{0}.{1}; until test -e {0}.{2}; do sleep 0.01; done"
                base = self.path(head)
                self.assertEqual(self.run_spec(self.spec(head, a=meet.format(base, "a", "b"), b=meet.format(base, "b", "a")),
                                               timeout=5).status, 0)

    def test_a_hundred(self):
        out = self.ok(self.spec("init", **{f"p{n}": "echo $PIDNS_PATH $$" for n in range(100)}))
        self.assertEqual(sorted(out.splitlines()), sorted(f"p{n} {n + 2}" for n in range(100)))

    def test_they_share_the_namespaces(self):
        for head in ("init", "holder"):
            with self.subTest(head):
                look = "readlink /proc/self/ns/uts /proc/self/ns/mnt /proc/self/ns/pid"
                lines = self.ok(self.spec(head, a=look, b="sleep 0.05; " + look)).splitlines()
                self.assertEqual(lines[:3], lines[3:])

    def test_one_that_ends_does_not_end_the_others(self):
        for head in HEADS:
            with self.subTest(head):
                result = self.run_spec(self.spec(head, a="exit 6", b="sleep 0.2; echo b"))
                self.assertEqual((result.status, result.out), (6, "b\n"))

    def test_sigterm_stops_each_with_sigterm(self):
        for head in HEADS:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                with self.subTest(head=head, signal=number.name):
                    run = self.ready(self.spec(head, a=wait_with("trap 'echo a; exit 0' TERM"),
                                               b=wait_with("trap 'echo b; exit 22' TERM"),
                                               c=wait_with("trap 'echo c; exit 23' TERM")), 3)
                    result = self.ended(run.signal(number))
                    self.assertEqual((result.status, sorted(result.out.split()[3:])), (22, ["a", "b", "c"]), result)

    def test_without_traps_they_count_as_143(self):
        for head in HEADS:
            with self.subTest(head):
                run = self.ready(self.spec(head, a="echo ready; exec sleep 3650", b="echo ready; exec sleep 3650"), 2)
                self.assertEqual(self.ended(run.signal(signal.SIGTERM)).status, 143)

    def test_nested_first_processes_without_traps_end_too(self):
        spec = HEADS["init"] + "namespaces:\n" + "".join(
            f"  n{n}:\n    unshare: [pid]\n    script: echo ready; exec sleep 3650\n" for n in range(3))
        run = self.ready(spec, 3)
        self.assertEqual(self.ended(run.signal(signal.SIGTERM), 3).status, 143)

    def test_the_second_signal_kills(self):
        for head in HEADS:
            with self.subTest(head):
                stubborn = "trap 'echo heard' TERM; echo ready; while :; do sleep 0.02 || :; done"
                run = self.ready(self.spec(head, a=stubborn, b=stubborn), 2)
                run.signal(signal.SIGTERM)
                harness.until(lambda: run.out.count("heard") == 2, what="the orderly stop")
                self.assertIsNone(run.process.poll())
                result = self.ended(run.signal(signal.SIGTERM), 3)
                self.assertEqual(result.status, 137)
                self.assertEqual(result.out.count("heard"), 2, "the first signal was forwarded again")

    def test_user_signals_go_to_all(self):
        for head in HEADS:
            with self.subTest(head):
                run = self.ready(self.spec(head, a=wait_with("trap 'exit 31' USR1"), b=wait_with("trap 'exit 32' USR1")), 2)
                self.assertEqual(self.ended(run.signal(signal.SIGUSR1)).status, 31)

    def test_a_quit_goes_to_all_and_is_no_stop(self):
        for head in HEADS:
            with self.subTest(head):
                run = self.ready(self.spec(head, a=wait_with("trap 'echo quit' QUIT"), b=wait_with("trap 'echo quit' QUIT")), 2)
                for times in (2, 4):
                    run.signal(signal.SIGQUIT)
                    harness.until(lambda: run.out.count("quit") == times, what=f"{times} words")
                self.assertIsNone(run.process.poll())
                self.assertEqual(self.ended(run.signal(signal.SIGTERM)).status, 143)

    def test_standard_input_is_null(self):
        result = self.run_spec(self.spec("init", a="cat; echo end", b="exit 0"), stdin="text\n")
        self.assertEqual((result.status, result.out), (0, "end\n"))

    def test_a_killed_supervisor_takes_them_all(self):
        for head in HEADS:
            with self.subTest(head):
                self.ready(self.spec(head, a="echo ready; sleep 3650", b="echo ready; exec sleep 3650"), 2)
                # Grandchildren without a pid namespace around them are beyond what the kernel lets us tie.
                run = harness.Run.started[-1]
                run.kill()
                if head == "init":
                    harness.assert_nothing_left(within=1.0)
                else:
                    # A shell's child is called as the shell until it has executed sleep.
                    harness.until(lambda: all(harness.argv_of(p)[:1] in ([], ["sleep"])
                                              for p in harness.with_argument("3650")), 1, what="their end")
                    harness.kill_everything()

    def test_ctrl_c_in_a_terminal_stops_all_in_order(self):
        for head in ("init", "plain"):
            with self.subTest(head):
                spec = self.write("spec.yaml", self.spec(head, a=wait_with("trap 'exit 5' TERM INT"),
                                                         b=wait_with("trap 'exit 6' TERM INT")))
                terminal = harness.Terminal([harness.PIDNS, "run", spec])
                self.addCleanup(terminal.close)
                terminal.expect("ready")
                terminal.expect("ready")
                terminal.send("\x03")
                self.assertEqual(terminal.wait(5), 5)
                harness.assert_nothing_left(orphans=False)


if __name__ == "__main__":
    harness.main()
