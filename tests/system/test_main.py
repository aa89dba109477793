# needs: root
"""`main`: the run ends when that process ends, with its status; the rest is stopped in order."""

import signal

import harness

HEAD = "pidns: 1\n"
PID = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"


class Main(harness.TestCase):
    def both(self, body, **kwargs):
        """The result without namespaces, and inside an init of ours."""
        for head in (HEAD, PID):
            with self.subTest(head):
                yield self.run_spec(head + body, **kwargs)

    def test_the_run_ends_with_it_and_has_its_status(self):
        for status in (0, 7):
            body = ("processes:\n  server: {command: [sleep, 3600]}\n"
                    f"  job: {{script: 'sleep 0.05; exit {status}', main: true}}\n")
            for result in self.both(body, timeout=5):
                self.assertEqual((result.status, result.err), (status, ""), result)

    def test_others_that_end_first_count_for_nothing(self):
        for result in self.both("processes:\n  bad: {script: exit 3}\n  job: {script: 'sleep 0.1', main: true}\n"):
            self.assertEqual(result.status, 0, result)

    def test_the_rest_gets_its_stop_signal_and_time_for_it(self):
        body = ("processes:\n"
                "  server:\n    stop-signal: SIGUSR1\n"
                "    script: \"trap 'echo asked; exit 0' USR1; echo up; while :; do sleep 0.01; done\"\n"
                "  job: {script: 'sleep 0.2; exit 4', main: true}\n")
        for result in self.both(body, timeout=5):
            self.assertEqual((result.status, result.out), (4, "up\nasked\n"), result)

    def test_what_does_not_end_is_killed(self):
        body = ("processes:\n"
                "  server: {stop-timeout: 100ms, script: \"trap '' TERM; while :; do sleep 0.01; done\"}\n"
                "  job: {script: 'sleep 0.1', main: true}\n")
        for result in self.both(body, timeout=5):
            self.assertEqual(result.status, 0, result)

    def test_nested_nodes_are_stopped_too(self):
        spec = (PID + "namespaces:\n  deep:\n    unshare: [pid, mount]\n    mount-proc: true\n"
                "    processes:\n      a: {command: [sleep, 3600]}\n      b: {command: [sleep, 3600]}\n"
                "  job: {script: 'sleep 0.1; exit 9', main: true}\n")
        self.assertEqual(self.run_spec(spec, timeout=5).status, 9)

    def test_it_alone_reads_the_callers_input(self):
        body = "processes:\n  other: {command: [cat]}\n  job: {command: [cat], main: true}\n"
        for result in self.both(body, stdin="words\n"):
            self.assertEqual((result.status, result.out), (0, "words\n"), result)

    def test_arguments_are_its_command(self):
        body = "processes:\n  other: {command: [sleep, 3600]}\n  job: {command: [sleep, 3600], main: true}\n"
        for head in (HEAD, PID):
            result = self.run_spec(head + body, "--", "sh", "-c", "exit 6")
            self.assertEqual(result.status, 6, result)

    def test_pidns_dies_of_its_signal(self):
        body = "processes:\n  other: {command: [sleep, 3600]}\n  job: {script: 'kill -USR1 $$; sleep 1', main: true}\n"
        result = self.run_spec(HEAD + body)
        self.assertEqual(result.status, -signal.SIGUSR1, result)

    def test_it_decides_after_a_stop_by_a_signal(self):
        body = ("processes:\n  other: {script: \"trap 'exit 3' TERM; echo up; while :; do sleep 0.01; done\"}\n"
                "  job: {script: \"trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done\", main: true}\n")
        for head in (HEAD, PID):
            with self.subTest(head):
                run = self.start(head + body).until_out("up\nup\n")
                self.assertEqual(run.signal(signal.SIGTERM).wait().status, 0)

    def test_not_found_is_its_status(self):
        body = "processes:\n  other: {command: [sleep, 3600]}\n  job: {command: [/no/such], main: true}\n"
        for result in self.both(body, timeout=5):
            self.assertEqual(result.status, 127, result)


if __name__ == "__main__":
    harness.main()
