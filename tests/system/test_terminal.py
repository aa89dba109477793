# needs: root
"""pidns in a terminal: job control inside and outside, and the terminal as it was afterwards."""

import os
import re
import signal
import termios
import time

import harness

HEAD = "pidns: 1\nunshare: [pid, mount, uts]\nhostname: inside\nmount-proc: true\n"
BASH = "command: [bash, --norc, --noprofile, --noediting, -i]\nenv: {PS1: 'IN> ', HISTFILE: ''}\n"
PLACES = {"PID 1": HEAD, "PID 2": HEAD + "init: true\n", "plain": "pidns: 1\n"}


class Case(harness.TestCase):
    def word(self, number=[0]):
        """An argument for sleep that no other process on the machine has."""
        number[0] += 1
        return f"36{number[0]:02}.{os.getpid()}"

    def direct(self, spec, before=(), **options):
        """pidns as the first process of a terminal's session, without any shell around it."""
        terminal = harness.Terminal([*before, harness.PIDNS, "run", self.write("spec.yaml", spec)], **options)
        self.addCleanup(terminal.close)
        return terminal

    def shell(self):
        """An interactive bash, from which pidns is started as a job."""
        terminal = harness.Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"],
                                    env={"PS1": "OUT> ", "P": harness.PIDNS, "HISTFILE": ""}, cwd=self.folder)
        self.addCleanup(self.leave, terminal)
        terminal.expect("OUT> ")
        return terminal

    def leave(self, terminal):
        terminal.close()
        harness.kill_everything()

    def job(self, shell, spec, background=False):
        self.write("spec.yaml", spec)
        shell.send('"$P" run spec.yaml' + (" &" if background else "") + "\n")

    def process(self, terminal, word):
        """The process that sleeps for `word`."""
        def find():
            return [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"]
        return terminal.until(find, what=f"a sleep {word}")[0]

    def status(self, shell):
        """The shell's $?: its echo shows the question, and only the answer has a number."""
        shell.send("echo status=$?\n")
        found = shell.expect(r"status=(\d+)")
        shell.expect("OUT> ")
        return int(found[1])


class ShellInside(Case):
    def test_an_interactive_bash(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                shell = self.shell()
                self.job(shell, head + BASH)
                shell.expect("IN> ")
                shell.send("echo pid=$$ in $(uname -n)\n")
                found = shell.expect(r"pid=(\d+) in (\S+)")
                if place != "plain":
                    self.assertEqual(found.groups(), (place[-1], "inside"))

                word = self.word()
                shell.expect("IN> ")
                shell.send(f"sleep {word}\n")
                sleeper = self.process(shell, word)
                shell.until(lambda: os.getpgid(sleeper) == shell.foreground(), what="the sleep in the foreground")
                shell.send("\x03")
                shell.expect("IN> ")
                shell.send("echo after=$?\n")
                self.assertEqual(shell.expect(r"after=(\d+)")[1], "130")

                word = self.word()
                shell.expect("IN> ")
                shell.send(f"sleep {word}\n")
                sleeper = self.process(shell, word)
                shell.until(lambda: os.getpgid(sleeper) == shell.foreground(), what="the sleep in the foreground")
                shell.send("\x1a")
                shell.expect("Stopped")
                self.assertEqual(harness.state_of(sleeper), "T")
                shell.expect("IN> ")
                shell.send("fg\n")
                shell.until(lambda: harness.state_of(sleeper) == "S", what="the sleep going on")
                shell.until(lambda: os.getpgid(sleeper) == shell.foreground(), what="the sleep in the foreground")
                shell.send("\x03")
                shell.expect("IN> ")
                shell.send("exit 5\n")
                shell.expect("OUT> ")
                self.assertEqual(self.status(shell), 5)
                self.assertEqual(shell.foreground(), shell.pid, "the terminal was not given back")
                self.assertNotRegex(shell.text, "no job control|cannot set terminal process group|Inappropriate ioctl")

    def test_as_the_first_process_of_a_session(self):
        terminal = self.direct(HEAD + BASH)
        terminal.expect("IN> ")
        terminal.send("echo pid=$$\n").expect("pid=1")
        terminal.send("exit 6\n")
        self.assertEqual(terminal.wait(), 6)
        self.assertNotRegex(terminal.text, "no job control|cannot set terminal process group")

    def test_three_levels_down(self):
        terminal = self.direct(harness.nested(3, BASH))
        terminal.expect("IN> ")
        terminal.send("sleep 3699 & jobs; echo pid=$$\n").expect("Running")
        terminal.expect("pid=1")
        terminal.send("exit 7\n")
        self.assertEqual(terminal.wait(), 7)
        self.assertNotRegex(terminal.text, "no job control|cannot set terminal process group")

    def test_the_size_reaches_the_command(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(head + "script: |\n  trap 'echo size=$(stty size)' WINCH\n  echo size=$(stty size)\n"
                                              "  while :; do sleep 0.02 || :; done\n", rows=24, columns=80)
                terminal.expect("size=24 80")
                terminal.resize(41, 101)
                terminal.expect("size=41 101")

    def test_a_hang_up_ends_everything(self):
        """A terminal that goes away tells only the first process of its session: pidns tells the rest."""
        for place, head in PLACES.items():
            with self.subTest(place):
                spec = self.write("spec.yaml", head + f"command: [sleep, '{self.word()}']\n")
                terminal = harness.Terminal([harness.PIDNS, "run", spec])
                harness.until(lambda: [p for p in harness.descendants_of(terminal.pid)
                                       if harness.argv_of(p)[0] == "sleep"], what="the command")
                os.close(terminal.slave)
                os.close(terminal.master)
                try:
                    harness.until(lambda: terminal.process.poll() is not None, 3, "the end after the hang-up")
                    self.assertEqual(terminal.process.returncode, -signal.SIGHUP)
                    harness.assert_nothing_left(orphans=False)
                finally:
                    harness.kill_everything()

    def test_a_hang_up_of_the_shell_ends_its_jobs(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = harness.Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"],
                                            env={"PS1": "OUT> ", "P": harness.PIDNS, "HISTFILE": ""}, cwd=self.folder)
                terminal.expect("OUT> ")
                word = self.word()
                self.job(terminal, head + f"command: [sleep, '{word}']\n")
                self.process(terminal, word)
                os.close(terminal.slave)
                os.close(terminal.master)
                try:
                    harness.until(lambda: terminal.process.poll() is not None, 3, "the end of the shell")
                    harness.assert_nothing_left()
                finally:
                    harness.kill_everything()


class Modes(Case):
    """What `stty` sets, the end of the run takes back."""

    RAW = "stty raw -echo; echo is-raw; "

    def unchanged(self, terminal):
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before, "the terminal's modes have changed")

    def test_after_an_exit(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(f"{head}script: {self.RAW} test -t 0; sleep 0.2; exit 4\n")
                terminal.expect("is-raw")
                self.assertNotEqual(termios.tcgetattr(terminal.slave), terminal.before)
                self.assertEqual(terminal.wait(), 4)
                self.unchanged(terminal)

    def test_after_the_command_was_killed_while_raw(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                word = self.word()
                terminal = self.direct(f"{head}script: {self.RAW} exec sleep {word}\n")
                terminal.expect("is-raw")
                os.kill(self.process(terminal, word), signal.SIGKILL)
                self.assertEqual(terminal.wait(), 137)
                self.unchanged(terminal)

    def test_after_a_signal_to_pidns_while_raw(self):
        terminal = self.direct(f"{HEAD}script: {self.RAW} exec sleep 3697\n")
        terminal.expect("is-raw")
        time.sleep(0.05)
        os.kill(terminal.pid, signal.SIGTERM)
        self.assertEqual(terminal.wait(), -signal.SIGTERM)
        self.unchanged(terminal)

    def test_after_a_failed_start(self):
        terminal = self.direct(f"{HEAD}processes:\n  a: {{script: 'stty raw -echo; sleep 5'}}\n"
                               "  b: {cwd: /no/such/folder, script: exit 0}\n")
        self.assertEqual(terminal.wait(), 125)
        self.unchanged(terminal)
        self.assertIn("/no/such/folder", terminal.text)

    def test_in_a_shell_the_terminal_is_given_back_after_each_kind_of_end(self):
        shell = self.shell()
        missing = HEAD + "cwd: /no/such/folder\nscript: exit 0\n"
        for spec, status in ((HEAD + "script: exit 3\n", 3), (missing, 125), (HEAD + "command: [/no/such]\n", 127),
                             (HEAD + "init: true\nscript: kill -KILL $$\n", 137),
                             (HEAD + "command: [bash, -c, set -m; sleep 0.05]\n", 0)):
            with self.subTest(spec):
                self.job(shell, spec)
                shell.expect("OUT> ")
                self.assertEqual(self.status(shell), status)
                self.assertEqual(shell.foreground(), shell.pid)


    def test_a_parent_without_job_control_can_read_afterwards(self):
        """The shell inside took the terminal for a group that is gone; who waits for us must have it back."""
        self.write("spec.yaml", HEAD + BASH)
        for end in ("exit\n", "kill"):
            with self.subTest(end):
                terminal = harness.Terminal(["sh", "-c", '"$P" run spec.yaml; read line; echo "got <$line>"'],
                                            env={"P": harness.PIDNS}, cwd=self.folder)
                self.addCleanup(terminal.close)
                terminal.expect("IN> ")
                if end == "kill":
                    inner = [p for p in harness.descendants_of(terminal.pid) if harness.argv_of(p)[0] == "bash"]
                    os.kill(inner[0], signal.SIGKILL)
                else:
                    terminal.send(end)
                terminal.until(lambda: len(harness.children_of(terminal.pid)) == 0, what="the end of the run")
                terminal.send("a line\n")
                terminal.expect("got <a line>")
                self.assertEqual(terminal.wait(), 0)

    def test_a_run_that_ends_in_the_background_touches_nothing(self):
        shell = self.shell()
        self.job(shell, HEAD + f"script: sleep 0.3; echo end >{self.path('end')}\n", background=True)
        shell.expect("OUT> ")
        word = self.word()
        shell.send(f"stty -echo; sleep {word}\n")
        sleeper = self.process(shell, word)
        group, modes = shell.foreground(), termios.tcgetattr(shell.slave)
        shell.until(lambda: os.path.exists(self.path("end")), what="the end of the run")
        time.sleep(0.1)
        self.assertEqual((shell.foreground(), termios.tcgetattr(shell.slave)), (group, modes))
        os.kill(sleeper, signal.SIGKILL)


class AsAJob(Case):
    """pidns under an interactive shell, with a PID 1 that knows nothing of jobs."""

    def test_stop_continue_background_and_interrupt(self):
        several = HEAD + "processes:\n  other: {command: [sleep, '3696']}\n  this:\n"
        for place, head in {**PLACES, "depth 3": harness.nested(3, ""), "several": several}.items():
            indent = {"depth 3": "        ", "several": "    "}.get(place, "")
            with self.subTest(place):
                word, shell = self.word(), self.shell()
                self.job(shell, f"{head}{indent}command: [sleep, '{word}']\n")
                sleeper = self.process(shell, word)

                shell.send("\x1a")
                shell.expect("Stopped")
                shell.expect("OUT> ")
                shell.until(lambda: harness.state_of(sleeper) == "T", what="the command stopped")

                shell.send("fg\n")
                shell.until(lambda: harness.state_of(sleeper) == "S", what="the command going on after fg")
                shell.until(lambda: shell.foreground() != shell.pid, what="the job in the foreground")
                shell.send("\x1a")
                shell.expect("Stopped")
                shell.expect("OUT> ")

                shell.send("bg\n")
                shell.expect("OUT> ")
                shell.until(lambda: harness.state_of(sleeper) == "S", what="the command going on after bg")
                shell.send("jobs\n")
                shell.expect("Running")
                shell.expect("OUT> ")

                shell.send("fg\n")
                shell.until(lambda: shell.foreground() != shell.pid, what="the job in the foreground")
                shell.send("\x03")
                shell.expect("OUT> ")
                # Several are stopped in order, by SIGTERM.
                self.assertEqual(self.status(shell), 143 if place == "several" else 130)
                self.assertEqual(shell.foreground(), shell.pid)
                self.assertEqual(harness.with_argument(word), [])

    def test_stopping_again_and_again(self):
        """Each `fg` goes on until the next ^Z: a stop that was taken care of does not come back."""
        for place, head in PLACES.items():
            with self.subTest(place):
                word, shell = self.word(), self.shell()
                self.job(shell, f"{head}command: [sleep, '{word}']\n")
                sleeper = self.process(shell, word)
                for _ in range(15):
                    shell.send("\x1a")
                    shell.expect("Stopped")
                    shell.expect("OUT> ")
                    shell.send("fg\n")
                    shell.until(lambda: harness.state_of(sleeper) == "S" and shell.foreground() != shell.pid,
                                2, "the job in the foreground")
                shell.send("\x03")
                shell.expect("OUT> ")
                self.assertEqual(self.status(shell), 130)

    def test_an_interrupt_is_delivered_once(self):
        script = ("script: |\n  n=0; trap 'n=$((n+1))' INT\n  echo ready\n"
                  "  until [ $n -ge 1 ]; do sleep 0.02 || :; done\n"
                  "  for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05 || :; done\n  echo total=$n\n  exit 33\n")
        for place, head in {**PLACES, "two inits": harness.nested(2, "init: true")}.items():
            if place == "two inits":
                spec = harness.nested(2, "init: true\n" + script)
            else:
                spec = head + script
            with self.subTest(place):
                terminal = self.direct(spec, before=harness.late_signals())
                terminal.expect("ready")
                terminal.send("\x03")
                self.assertEqual(terminal.expect(r"total=(\d+)")[1], "1")
                self.assertEqual(terminal.wait(), 33)

    def test_quit_from_the_keyboard_is_delivered_once(self):
        script = ("script: |\n  n=0; trap 'n=$((n+1))' QUIT\n  echo ready\n"
                  "  until [ $n -ge 1 ]; do sleep 0.02 || :; done\n"
                  "  for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05 || :; done\n  echo total=$n\n  exit 34\n")
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(head + script, before=harness.late_signals())
                terminal.expect("ready")
                terminal.send("\x1c")
                self.assertEqual(terminal.expect(r"total=(\d+)")[1], "1")
                self.assertEqual(terminal.wait(), 34)

    def test_an_interrupt_ends_a_pid_1_without_a_handler_and_pidns_dies_of_it(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                word = self.word()
                terminal = self.direct(f"{head}command: [sleep, '{word}']\n")
                self.process(terminal, word)
                terminal.send("\x03")
                self.assertEqual(terminal.wait(3), -signal.SIGINT)
                harness.assert_nothing_left(orphans=False)

    def test_a_quit_ends_a_pid_1_without_a_handler_with_131(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                word = self.word()
                terminal = self.direct(f"{head}command: [sleep, '{word}']\n", cwd=self.folder)
                self.process(terminal, word)
                terminal.send("\x1c")
                self.assertEqual(terminal.wait(3), 131)

    def test_in_a_pipeline_an_interrupt_ends_it_all(self):
        word, shell = self.word(), self.shell()
        self.write("spec.yaml", f"{HEAD}command: [sleep, '{word}']\n")
        shell.send('echo x | "$P" run spec.yaml | cat\n')
        self.process(shell, word)
        shell.send("\x03")
        shell.expect("OUT> ")
        shell.until(lambda: not harness.with_argument(word), what="the end of the command")
        self.assertEqual(shell.foreground(), shell.pid)

    def test_a_pid_1_that_reads_in_the_background_is_stopped_and_does_not_spin(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                shell = self.shell()
                mark = self.path("cat-" + place.replace(" ", ""))
                os.symlink("/bin/cat", mark)
                self.job(shell, f"{head}command: [{mark}]\n", background=True)

                def find():
                    return [p for p in harness.pids() if harness.argv_of(p)[0] == mark]

                reader = shell.until(find, what="the reader")[0]
                shell.until(lambda: harness.state_of(reader) == "T", what="the reader stopped")
                before = harness.cpu_seconds(reader)
                time.sleep(0.3)
                self.assertLess(harness.cpu_seconds(reader) - before, 0.05, "it spins")
                shell.send("\n")
                shell.expect("OUT> ")
                shell.send("jobs\n")
                shell.expect("Stopped")
                shell.send("fg\n")
                shell.until(lambda: harness.state_of(reader) == "S" and shell.foreground() != shell.pid,
                            what="the reader going on in the foreground")
                time.sleep(0.1)
                self.assertNotEqual(shell.foreground(), shell.pid, "stopped again")
                shell.send("hello\n")
                shell.expect(r"hello\s+hello")
                shell.send("\x04")
                shell.expect("OUT> ")
                self.assertEqual(self.status(shell), 0)

    def test_a_command_that_stops_itself_stops_the_job(self):
        shell = self.shell()
        self.job(shell, HEAD + "init: true\nscript: kill -STOP $$; exit 9\n")
        shell.expect("Stopped")
        shell.expect("OUT> ")
        shell.send("fg\n")
        shell.expect("OUT> ")
        self.assertEqual(self.status(shell), 9)

    def test_a_stopped_job_can_be_killed(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                word, shell = self.word(), self.shell()
                self.job(shell, f"{head}command: [sleep, '{word}']\n")
                self.process(shell, word)
                shell.send("\x1a")
                shell.expect("Stopped")
                shell.expect("OUT> ")
                shell.send("kill %1; fg\n")
                shell.expect("OUT> ")
                shell.until(lambda: not harness.with_argument(word), what="the end of the command")

    def test_type_ahead_is_not_lost(self):
        shell = self.shell()
        self.job(shell, HEAD + "script: sleep 0.2; read line; echo \"got <$line>\"\n")
        shell.send("for the command\n")
        shell.expect("got <for the command>")
        shell.expect("OUT> ")


class Several(Case):
    """A ^C for several processes is one orderly stop, and the second the end of all at once."""

    def five(self, script, heads=("", "unshare: [pid]\n", "unshare: [pid]\ninit: true\n", "unshare: [uts]\n", "")):
        """A spec with five processes at several depths that each run `script`."""
        text = "pidns: 1\nnamespaces:\n"
        for number, head in enumerate(heads):
            body = head + "script: |\n" + "".join(f"  {line}\n" for line in script.splitlines())
            text += f"  n{number}:\n" + "".join(f"    {line}\n" for line in body.splitlines())
        return text

    SAYS = ('n=0\nfor s in INT TERM QUIT HUP; do trap "n=\\$((n + 1)); echo ${PIDNS_PATH}=$s" $s; done\n'
            'echo "$PIDNS_PATH ready"\nwhile [ $n = 0 ]; do sleep 0.02 || :; done\nsleep 0.3 || :\nexit $((n + 2))\n')

    def ready(self, terminal):
        terminal.until(lambda: terminal.text.count("ready") >= 5, what="five that are ready")

    def test_each_gets_one_stop_signal_and_no_other(self):
        for mode in ("prefix", "raw"):
            with self.subTest(mode):
                terminal = harness.Terminal([harness.PIDNS, "run", "--output", mode, self.write("spec.yaml", self.five(self.SAYS))])
                self.addCleanup(terminal.close)
                self.ready(terminal)
                terminal.send("\x03")
                self.assertEqual(terminal.wait(), 3)
                self.assertEqual(sorted(re.findall(r"n\d=\w+", terminal.text)), [f"n{number}=TERM" for number in range(5)])

    def test_also_where_the_stop_signal_is_that_of_the_terminal(self):
        script = self.five(self.SAYS).replace("    script: |", "    stop-signal: SIGINT\n    script: |")
        terminal = self.direct(script)
        self.ready(terminal)
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 3)
        self.assertEqual(sorted(re.findall(r"n\d=\w+", terminal.text)), [f"n{number}=INT" for number in range(5)])

    def test_one_that_reads_the_terminal_is_not_told_twice(self):
        """It stands in the foreground, where the terminal itself has told it."""
        script = self.five(self.SAYS).replace("    script: |", "    stop-signal: SIGINT\n    stdin: inherit\n    script: |")
        terminal = self.direct(script.replace("sleep 0.3", "sleep 0.6"), before=harness.late_signals())
        self.ready(terminal)
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 3)
        self.assertEqual(sorted(re.findall(r"n\d=\w+", terminal.text)), [f"n{number}=INT" for number in range(5)])

    def test_the_second_ends_all_at_once(self):
        stubborn = 'trap "" INT; trap "echo stays" TERM\necho ready\nwhile :; do sleep 0.05; done\n'
        terminal = self.direct(self.five(stubborn))
        self.ready(terminal)
        terminal.send("\x03")
        terminal.until(lambda: terminal.text.count("stays") == 5, what="five that were asked")
        time.sleep(0.1)
        self.assertIsNone(terminal.process.poll())
        before = time.monotonic()
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 137)
        self.assertLess(time.monotonic() - before, 3, "it waited for the stop-timeout")
        harness.assert_nothing_left(orphans=False)

    def test_one_that_is_stopped_stops_nobody_else(self):
        """Of a single process pidns shows the stop to its shell; several go on without the one."""
        word = self.word()
        terminal = self.direct("pidns: 1\nprocesses:\n  a: {command: [sleep, '%s']}\n  b: {script: 'while :; do echo on; sleep 0.05; done'}\n"
                               % word)
        one = self.process(terminal, word)
        os.kill(one, signal.SIGSTOP)
        terminal.until(lambda: harness.state_of(one) == "T", what="the stop of one")
        time.sleep(0.2)
        self.assertNotEqual(harness.state_of(terminal.pid), "T")
        terminal.expect("on")
        os.kill(one, signal.SIGCONT)
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 143)

    def test_stopped_and_continued_as_one_job(self):
        shell = self.shell()
        self.job(shell, self.five("echo ready; sleep 3698; exit 0"))
        self.ready(shell)
        sleepers = lambda: harness.with_argument("3698")
        shell.until(lambda: len(sleepers()) == 5, what="five sleeps")
        shell.send("\x1a")
        shell.expect("Stopped")
        self.assertEqual({harness.state_of(pid) for pid in sleepers()} - {"T", "S"}, set())
        shell.until(lambda: sum(harness.state_of(pid) == "T" for pid in harness.descendants_of(shell.pid)) >= 5,
                    what="a stop of all")
        shell.send("fg\n")
        shell.until(lambda: {harness.state_of(pid) for pid in harness.descendants_of(shell.pid)} == {"S"}, what="all going on")
        shell.send("\x03")
        shell.expect("OUT> ")
        self.assertEqual(self.status(shell), 143)


class Warnings(Case):
    """Warnings of `run` are for people: they stand where standard error is a terminal, and only there."""

    def test_on_a_terminal_and_nowhere_else(self):
        spec = "pidns: 1\nunshare: [pid]\nscript: exit 0\n"
        self.assertEqual(self.run_spec(spec).err, "")
        terminal = self.direct(spec)
        self.assertEqual(terminal.wait(), 0)
        self.assertRegex(re.sub(r"\x1b\[[0-9;]*m", "", terminal.text), r"spec\.yaml:2:\d+: warning")


if __name__ == "__main__":
    harness.main()
