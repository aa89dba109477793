# needs: root
"""What a command inherits: descriptors 0, 1 and 2, the signal mask, and the streams as they are."""

import itertools
import os
import signal
import subprocess

import harness
from harness import nested

FIRST = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
PLACES = {
    "PID 1": FIRST + "{}\n",
    "PID 2": FIRST + "init: true\n{}\n",
    "no pid": "pidns: 1\nunshare: [uts]\n{}\n",
    "plain": "pidns: 1\n{}\n",
    "depth 3": nested(3, "{}"),
    "beside another": FIRST + "processes:\n  a: {stuff}\n  b: {script: exit 0}\n",
}


def in_place(place, command):
    """The spec of a one-line `command:` in one of the places."""
    return PLACES[place].replace("{stuff}", "{" + command + "}").replace("{}", command)


class Descriptors(harness.TestCase):
    def test_the_command_sees_three_even_if_the_caller_leaks(self):
        def leak():
            pipe = os.pipe()
            for number in range(3, 21):
                if number not in pipe:
                    os.dup2(pipe[0], number, inheritable=True)
                else:
                    os.set_inheritable(number, True)

        plain = harness.Run(["ls", "-l", "/proc/self/fd"], before_exec=leak, close_fds=False).wait()
        self.assertGreater(plain.out.count("->"), 18, "the test itself leaks nothing")
        for place in PLACES:
            with self.subTest(place):
                # The fourth is the folder that `ls` has opened itself.
                out = self.ok(in_place(place, "command: [ls, -l, /proc/self/fd]"), before_exec=leak, close_fds=False,
                              stdin="")
                open_files = dict(line.split(None, 8)[8].split(" -> ") for line in out.splitlines()[1:])
                self.assertEqual(sorted(open_files), ["0", "1", "2", "3"], out)
                self.assertTrue(open_files["3"].endswith("/fd"), out)

    def test_the_streams_are_the_callers(self):
        for place in PLACES:
            with self.subTest(place):
                command = "script: 'cat; echo err >&2; exit 3'"
                result = self.run_spec(in_place(place, command), stdin="text\n")
                # Where the whole spec has several processes, stdin is null.
                self.assertEqual((result.status, result.out, result.err),
                                 (3, "" if place == "beside another" else "text\n", "err\n"))

    def test_closed_streams_stay_closed_in_all_combinations(self):
        look = ("script: 'r=; for n in 0 1 2; do if [ -e /proc/$$/fd/$n ]; then r=$r$n; fi; done; "
                f"echo \"${{r}}.\" >{self.path('seen')}; exit 7'")
        for place in ("PID 1", "PID 2", "plain", "depth 3"):
            for closed in itertools.chain.from_iterable(itertools.combinations(range(3), n) for n in range(4)):
                with self.subTest(place=place, closed=closed):
                    result = self.run_spec(in_place(place, look), stdin="",
                                           before_exec=lambda: [os.close(number) for number in closed])
                    self.assertEqual(result.status, 7, result)
                    expected = "".join(str(n) for n in range(3) if n not in closed) + ".\n"
                    self.assertEqual(harness.read(self.path("seen")), expected)
                    os.unlink(self.path("seen"))

    def test_three_megabytes_through_a_pipe_both_ways(self):
        data = os.urandom(3 << 20)
        for place in ("PID 1", "PID 2", "depth 3"):
            with self.subTest(place):
                run = self.start(in_place(place, "command: [cat]"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                self.assertEqual(run.process.communicate(data, timeout=20)[0], data)
                self.assertEqual(run.wait().status, 0)

    def test_a_closed_reader_ends_the_command_and_not_the_supervisor(self):
        for place in ("PID 2", "plain", "no pid"):
            with self.subTest(place):
                reader, writer = os.pipe()
                os.close(reader)
                run = self.start(in_place(place, "command: ['yes']"), stdout=writer)
                os.close(writer)
                self.assertEqual(run.wait(5).status, -signal.SIGPIPE)


class Signals(harness.TestCase):
    """The mask and the ignored signals are the caller's, whatever we do with ours."""

    def settings(self, argv_or_place, prepare):
        if isinstance(argv_or_place, list):
            out = harness.Run(argv_or_place, before_exec=prepare).wait().out
        else:
            out = self.ok(in_place(argv_or_place, "command: [grep, -E, '^Sig(Blk|Ign)', /proc/self/status]"),
                          before_exec=prepare)
        self.assertEqual(out.count("\n"), 2, out)
        return out

    def compare(self, prepare, nothing=False):
        plain = self.settings(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"], prepare)
        self.assertEqual(set(plain.split()[1::2]) == {"0" * 16}, nothing, plain)
        for place in PLACES:
            with self.subTest(place):
                self.assertEqual(self.settings(place, prepare), plain)

    def test_with_nothing_blocked_or_ignored(self):
        self.compare(lambda: None, nothing=True)

    def test_blocked_signals(self):
        self.compare(lambda: signal.pthread_sigmask(
            signal.SIG_SETMASK, [signal.SIGUSR1, signal.SIGTERM, signal.SIGRTMIN + 3, signal.SIGCHLD]))

    def test_all_blocked(self):
        self.compare(lambda: signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals()))

    def test_ignored_signals(self):
        # After the streams are set up, so that nothing undoes it: SIGPIPE, SIGCHLD and the job control ones.
        def ignore():
            for number in (signal.SIGPIPE, signal.SIGCHLD, signal.SIGHUP, signal.SIGUSR2, signal.SIGTTOU,
                           signal.SIGTSTP, signal.SIGRTMIN + 4):
                signal.signal(number, signal.SIG_IGN)
        self.compare(ignore)

    def test_an_ignored_sigchld_loses_no_status(self):
        def ignore():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for place in PLACES:
            with self.subTest(place):
                result = self.run_spec(in_place(place, "script: exit 7"), before_exec=ignore)
                self.assertEqual((result.status, result.err), (7, ""))

    def test_a_blocked_sigchld_or_sigterm_holds_nothing_up(self):
        def block():
            signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
        for place in PLACES:
            with self.subTest(place):
                self.assertEqual(self.run_spec(in_place(place, "script: exit 7"), before_exec=block).status, 7)


class ManyAndContainers(harness.TestCase):
    def test_fifty_runs_of_one_file_at_once(self):
        file = self.write("many.yaml", "pidns: 1\nunshare: [pid, mount, uts]\nhostname: many\nmount-proc: true\n"
                                       "script: echo $$ $(uname -n); sleep 0.3; exit 3\n")
        runs = [harness.Run([harness.PIDNS, "run", file]) for _ in range(50)]
        for run in runs:
            result = run.wait()
            self.assertEqual((result.status, result.out, result.err), (3, "1 many\n", ""))
        harness.assert_nothing_left(orphans=False)

    def test_pidns_is_pid_1_of_a_container(self):
        container = ["unshare", "-p", "-f", "-m", "--mount-proc"]
        for place in PLACES:
            with self.subTest(place):
                result = self.start(in_place(place, "script: exit 7"), before=container).wait()
                self.assertEqual((result.status, result.err), (7, ""))

    def test_as_pid_1_a_death_by_signal_is_a_number(self):
        container = ["unshare", "-p", "-f", "-m", "--mount-proc"]
        for place in ("PID 2", "no pid", "plain"):
            with self.subTest(place):
                result = self.start(in_place(place, "script: kill -TERM $$"), before=container).wait()
                self.assertEqual((result.status, result.err), (143, ""))

    def test_as_pid_1_it_reaps_and_ends(self):
        """The command's orphans become children of pidns, which must end all the same."""
        result = self.start("pidns: 1\nscript: (setsid sleep 3630 &) ; (sleep 0.01 &) ; sleep 0.05; exit 8\n",
                            before=["unshare", "-p", "-f", "-m", "--mount-proc"]).wait(5)
        self.assertEqual((result.status, result.err), (8, ""))

    def test_as_pid_1_a_signal_from_outside_arrives(self):
        run = self.start(FIRST + "script: |\n  trap 'exit 41' TERM\n  echo ready\n  while :; do sleep 3631 & wait; done\n",
                         before=["unshare", "-p", "-f", "-m", "--mount-proc"]).until_out("ready")
        os.kill(harness.children_of(run.pid)[0], signal.SIGTERM)
        self.assertEqual(run.wait(5).status, 41)


if __name__ == "__main__":
    harness.main()
