# needs: root
"""`terminal: new`: a pseudo-terminal of the command's own, relayed to the caller's terminal."""

import fcntl
import json
import os
import signal
import termios
import time

import harness
import people

HEAD = "pidns: 1\nunshare: [pid, mount, uts]\nhostname: inside\nmount-proc: true\nterminal: new\n"
BASH = "command: [bash, --norc, --noprofile, --noediting, -i]\nenv: {PS1: 'IN> ', HISTFILE: ''}\n"
PLACES = {"PID 1": HEAD, "PID 2": HEAD + "init: true\n", "plain": "pidns: 1\nterminal: new\n"}
# In Python, for what no command of a shell does.
LOOK = "import os, sys, termios, fcntl, struct, signal, time\n"


class Case(people.TestCase):
    def direct(self, spec, **options):
        """pidns as the first process of a terminal's session, without any shell around it."""
        terminal = harness.Terminal([harness.PIDNS, "run", self.write("spec.yaml", spec)], **options)
        self.addCleanup(self.leave, terminal)
        return terminal

    def shell(self, **options):
        terminal = harness.Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"],
                                    env={"PS1": "OUT> ", "P": harness.PIDNS, "HISTFILE": ""}, cwd=self.folder,
                                    **options)
        self.addCleanup(self.leave, terminal)
        terminal.expect("OUT> ")
        return terminal

    def leave(self, terminal):
        terminal.close()
        harness.kill_everything()

    def python(self, program):
        """A command line for a spec: Python runs this program."""
        return f"command: [python3, -c, {json.dumps(program)}]\n"

    def unchanged(self, terminal):
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before, "the terminal's modes have changed")

    def is_raw(self, terminal):
        return not termios.tcgetattr(terminal.slave)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)


class Inside(Case):
    def test_it_is_the_controlling_terminal_of_a_session(self):
        program = LOOK + ("""
tty = os.open("/dev/tty", os.O_RDWR)
print("session", os.getsid(0) == os.getpid(), "foreground", os.tcgetpgrp(tty) == os.getpgrp())
print("device", os.fstat(0).st_rdev, [os.fstat(n).st_rdev == os.fstat(0).st_rdev for n in (1, 2)])
print("descriptors", os.listdir("/proc/self/fd")[:-1])
""")
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(head + self.python(program))
                terminal.expect("session True foreground True")
                device = int(terminal.expect(r"device (\d+) \[True, True\]")[1])
                self.assertNotEqual(device, os.fstat(terminal.slave).st_rdev, "it is the caller's")
                self.assertEqual(terminal.wait(), 0)
                self.unchanged(terminal)

    def test_a_shell_with_jobs(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                shell = self.shell()
                self.write("spec.yaml", head + BASH)
                shell.send('"$P" run spec.yaml\n').expect("IN> ")
                shell.send("echo pid=$$ in $(uname -n)\n")
                found = shell.expect(r"pid=(\d+) in (\S+)")
                if place != "plain":
                    self.assertEqual(found.groups(), (place[-1], "inside"))
                shell.expect("IN> ")
                shell.send("sleep 3711; echo after=$?\n")
                sleeper = shell.until(lambda: harness.with_argument("3711"), what="a sleep")[0]
                shell.send("\x03").expect("after=130|IN> ")
                shell.until(lambda: harness.state_of(sleeper) == "", what="the end of the sleep")
                shell.send("sleep 3712\n")
                sleeper = shell.until(lambda: harness.with_argument("3712"), what="a sleep")[0]
                time.sleep(0.05)
                shell.send("\x1a").expect("Stopped")
                self.assertEqual(harness.state_of(sleeper), "T")
                shell.send("fg\n")
                shell.until(lambda: harness.state_of(sleeper) == "S", what="the sleep going on")
                shell.send("\x03").expect("IN> ")
                shell.send("exit 5\n").expect("OUT> ")
                shell.send("echo status=$?\n")
                self.assertEqual(shell.expect(r"status=(\d+)")[1], "5")
                self.assertNotRegex(shell.text, "no job control|cannot set terminal process group|Inappropriate ioctl")

    def test_deep_down_and_without_privilege(self):
        for name, text in (("three levels", harness.nested(3, "terminal: new\n" + BASH)),
                           ("a user namespace", "pidns: 1\nunshare: [user, pid, mount]\nmount-proc: true\n"
                                                "terminal: new\n" + BASH)):
            with self.subTest(name):
                before = people.NOBODY if name == "a user namespace" else []
                spec = self.write("spec.yaml", text)
                terminal = harness.Terminal([*before, self.program(), "run", spec])
                self.addCleanup(self.leave, terminal)
                terminal.expect("IN> ")
                terminal.send("sleep 3713 & jobs; echo pid=$$\n").expect("Running")
                terminal.expect("pid=1")
                terminal.send("exit 7\n")
                self.assertEqual(terminal.wait(), 7)
                self.assertNotRegex(terminal.text, "no job control|cannot set terminal process group")
                self.unchanged(terminal)

    def test_the_size_is_the_callers_and_follows_it(self):
        program = LOOK + """
said = 0
def say(*_):
    global said
    said += 1
    print("size", *os.get_terminal_size(0), "told", said, flush=True)
signal.signal(signal.SIGWINCH, say)
print("size", *os.get_terminal_size(0), "told", said, flush=True)
while True: time.sleep(0.05)
"""
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(head + self.python(program), rows=33, columns=77)
                terminal.expect("size 77 33 told 0")
                terminal.resize(41, 101)
                terminal.expect("size 101 41 told 1")
                time.sleep(0.2)
                terminal.pump(0.1)
                self.assertNotIn("told 2", terminal.text, "the change was told twice")

    def test_a_change_of_size_is_told_once(self):
        """By the terminal, and not by pidns as well."""
        told = self.path("told")
        program = LOOK + f"""
signal.signal(signal.SIGWINCH, lambda *_: open({told!r}, "a").write("told\\n"))
print("ready", flush=True)
while True: time.sleep(0.05)
"""
        spec = self.write("spec.yaml", PLACES["plain"] + self.python(program))
        terminal = harness.Terminal([*harness.late_signals(), harness.PIDNS, "run", spec])
        self.addCleanup(self.leave, terminal)
        terminal.expect("ready")
        terminal.resize(41, 101)
        terminal.until(lambda: harness.read(told), what="the new size")
        time.sleep(0.6)
        self.assertEqual(harness.read(told), "told\n")

    def test_the_modes_are_the_callers_at_first(self):
        terminal = harness.Terminal(["sh", "-c", 'stty -echoctl intr ^G; exec "$@"', "sh", harness.PIDNS, "run", self.write(
            "spec.yaml", HEAD + "script: stty -a\n")])
        self.addCleanup(self.leave, terminal)
        self.assertEqual(terminal.wait(), 0)
        self.assertRegex(terminal.text, r"intr = \^G")
        self.assertRegex(terminal.text, r"-echoctl")

    def test_keys_arrive_as_they_are(self):
        """^C, ^Z, ^S and ^D are bytes for a command that reads key by key."""
        program = LOOK + """
import tty
tty.setraw(0)
print("ready", flush=True)
text = b""
while not text.endswith(b"."): text += os.read(0, 1)
print("got", text.hex(), "end", flush=True)
"""
        terminal = self.direct(HEAD + self.python(program))
        terminal.expect("ready")
        terminal.send("\x03\x1a\x13\x11\x04\x1c\r\n.")
        self.assertEqual(terminal.expect(r"got (\w+) end")[1], b"\x03\x1a\x13\x11\x04\x1c\r\n.".hex())
        self.assertEqual(terminal.wait(), 0)

    def test_an_interrupt_reaches_the_command_alone(self):
        """It is the terminal inside that makes a signal of ^C, for its foreground; pidns goes on."""
        terminal = self.direct(HEAD + "script: |\n  trap 'echo trapped' INT\n  echo ready\n  read a || read a\n"
                                      "  echo line=$a\n")
        terminal.expect("ready")
        terminal.send("\x03").expect("trapped")
        terminal.send("on\n").expect("line=on")
        self.assertEqual(terminal.wait(), 0)

    def test_streams_may_be_others(self):
        terminal = self.direct(HEAD + "stdout: out.txt\nscript: test -t 0; test -t 2; echo to the file; echo shown >&2\n")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(harness.read(self.path("out.txt")), "to the file\n")
        self.assertIn("shown", terminal.text)
        self.assertNotIn("to the file", terminal.text)

    def test_of_several_the_one_with_the_terminal_reads_it(self):
        terminal = self.direct("pidns: 1\nprocesses:\n  talks: {terminal: new, script: 'read a; echo got=$a'}\n"
                               "  other: {script: 'cat; echo other=end; sleep 0.3; tty || :'}\n")
        terminal.expect("other=end")
        terminal.send("words\n").expect("got=words")
        self.assertEqual(terminal.wait(), 0)

    def test_it_cannot_push_into_the_callers_terminal(self):
        """TIOCSTI types into one's own controlling terminal only: for this command that is its own."""
        program = LOOK + """
for name in ("/dev/tty", 0, 1, 2, *[f"/dev/pts/{n}" for n in os.listdir("/dev/pts") if n.isdigit()]):
    try:
        tty = name if isinstance(name, int) else os.open(name, os.O_RDWR | os.O_NOCTTY)
        for letter in b"pushed": fcntl.ioctl(tty, termios.TIOCSTI, bytes([letter]))
    except OSError: pass
print("done", flush=True)
"""
        # Without CAP_SYS_ADMIN, with which every terminal can be typed into.
        shell = self.shell()
        self.write("spec.yaml", "pidns: 1\nterminal: new\ncapabilities: []\n" + self.python(program))
        shell.send('"$P" run spec.yaml; echo ended\n').expect("done")
        shell.expect("ended")
        shell.expect("OUT> ")
        time.sleep(0.2)
        shell.send("echo $((1 + 1))wo\n").expect("2wo")
        shown = shell.text[shell.text.rindex("ended"):]
        self.assertNotIn("pushed", shown)


class WithoutTerminal(Case):
    """The caller's streams are no terminals: what `ssh -tt` does."""

    def test_input_and_output_are_copied(self):
        result = self.run_spec(HEAD + "script: 'read a; test -t 0; test -t 1; test -t 2; echo got=$a; exit 4'\n",
                               stdin="some words\n")
        self.assertEqual(result.status, 4)
        self.assertEqual(result.out.replace("\r", "").splitlines()[-1], "got=some words")
        self.assertEqual(result.err, "")

    def test_the_end_of_input_is_one_and_stays_one(self):
        script = "script: 'stty -echo; cat; cat; read a || echo end; exit 5'\n"
        for text, shown in (("", ""), ("a line\n", "a line\n"), ("a line\nand a part", "a line\nand a part")):
            with self.subTest(text):
                result = self.run_spec(HEAD + script, stdin=text)
                self.assertEqual(result.status, 5)
                self.assertTrue(result.out.replace("\r", "").endswith(shown + "end\n"), result)

    def test_one_that_reads_key_by_key_is_told_the_end_of_input_once(self):
        program = LOOK + """
import select, tty
tty.setraw(0)
print("got", end=" ", flush=True)
while select.select([0], [], [], 0.5)[0]: print(os.read(0, 1).hex(), end=" ", flush=True)
"""
        result = self.run_spec(HEAD + self.python(program), stdin="")
        self.assertEqual((result.status, result.out.partition("got")[2].split()), (0, ["04"]), result)

    def test_a_shell_ends_with_its_input(self):
        result = self.run_spec(HEAD + BASH.replace("--noediting, ", ""), stdin="echo one$((1 + 1))\n", env={"TERM": "dumb"})
        self.assertIn("one2", result.out)
        self.assertEqual(result.status, 0)

    def test_much_of_both(self):
        lines = "".join(f"{n:063}\n" for n in range(3000))
        result = self.run_spec(HEAD + "script: 'stty -echo -onlcr; echo begin; cat; echo end'\n", stdin=lines)
        self.assertEqual(result.status, 0)
        text = result.out.partition("begin\n")[2]
        self.assertEqual(len(text), len(lines) + 4)
        self.assertEqual(text, lines + "end\n")

    def test_all_that_was_written_comes_out_though_the_reader_is_slow(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                spec = self.write("spec.yaml", head + "script: 'stty -onlcr; seq 40000'\n")
                reader, writer = os.pipe()
                run = harness.Run([harness.PIDNS, "run", spec], stdout=writer)
                os.close(writer)
                time.sleep(0.3)
                self.assertIsNone(run.process.poll(), "it ended before its output was read")
                text = b""
                while part := os.read(reader, 65536):
                    text += part
                os.close(reader)
                self.assertEqual(run.wait().status, 0)
                self.assertEqual(text.decode(), "".join(f"{n}\n" for n in range(1, 40001)))

    def test_a_full_pipe_does_not_keep_it_from_signals(self):
        reader, writer = os.pipe()
        run = self.start(HEAD + "command: ['yes']\n", stdout=writer)
        os.close(writer)
        time.sleep(0.3)
        run.signal(signal.SIGTERM)
        time.sleep(0.3)
        self.assertIsNone(run.process.poll(), "what was written before the end is still to be read")
        run.signal(signal.SIGTERM)
        self.assertEqual(run.wait(5).status, -signal.SIGTERM)
        os.close(reader)

    def test_a_reader_that_is_gone_hangs_it_up(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                reader, writer = os.pipe()
                run = self.start(head + "script: echo; sleep 0.2; echo; sleep 3714\n", stdout=writer)
                os.close(writer)
                os.read(reader, 1)
                os.close(reader)
                self.assertEqual(run.wait(5).status, -signal.SIGHUP)

    def test_the_callers_descriptors_stay_as_they_were(self):
        """O_NONBLOCK would be seen by everybody who has the pipe."""
        reader, writer = os.pipe()
        run = self.start(HEAD + "script: echo ready; sleep 3715\n", stdin=reader, stdout=writer)
        harness.until(lambda: harness.with_argument("3715"), what="a sleep")
        for descriptor in (reader, writer):
            self.assertFalse(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_NONBLOCK)
        run.signal(signal.SIGTERM)
        run.wait()
        os.close(reader)
        os.close(writer)

    def test_nothing_of_it_is_left_open_in_a_command(self):
        result = self.run_spec("pidns: 1\nprocesses:\n  a: {terminal: new, script: 'ls /proc/self/fd'}\n"
                               "  b: {script: 'ls /proc/self/fd >fds'}\n".replace("fds'", f"{self.path('fds')}'"))
        self.assertEqual(result.status, 0, result)
        self.assertEqual(harness.read(self.path("fds")).split(), ["0", "1", "2", "3"])
        self.assertEqual(result.out.split(), ["0", "1", "2", "3"])


class Modes(Case):
    """The caller's terminal is raw while the command runs, and as it was at every end."""

    def test_at_an_end_a_failure_and_a_signal(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                terminal = self.direct(head + "script: echo ready; sleep 3716\n")
                terminal.expect("ready")
                terminal.until(lambda: self.is_raw(terminal), what="raw mode")
                os.kill(terminal.pid, signal.SIGTERM)
                self.assertEqual(terminal.wait(), -signal.SIGTERM)
                self.unchanged(terminal)
                terminal = self.direct(head + "script: exit 3\n")
                self.assertEqual(terminal.wait(), 3)
                self.unchanged(terminal)
                terminal = self.direct(head + "command: [/no/such/program]\n")
                self.assertEqual(terminal.wait(), 127)
                self.unchanged(terminal)
        terminal = self.direct("pidns: 1\nprocesses:\n  a: {terminal: new, script: sleep 5}\n"
                               "  b: {cwd: /no/such/folder, script: exit 0}\n")
        self.assertEqual(terminal.wait(), 125)
        self.unchanged(terminal)

    def test_given_back_with_the_end_of_the_one_that_had_it(self):
        """The others go on, and ^C stops them as it always does."""
        terminal = self.direct("pidns: 1\nprocesses:\n  a: {terminal: new, script: echo ready; sleep 0.2}\n"
                               "  b: {script: sleep 3717}\n")
        terminal.expect("ready")
        terminal.until(lambda: self.is_raw(terminal), what="raw mode")
        terminal.until(lambda: termios.tcgetattr(terminal.slave) == terminal.before, what="the modes of before")
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 143)

    def test_stopped_and_continued(self):
        """On SIGTSTP the shell gets its terminal as it was; with `fg` it is raw again."""
        shell = self.shell()
        self.write("spec.yaml", HEAD + "init: true\nscript: |\n  echo ready\n  read a\n  echo got=$a\n")
        shell.send('"$P" run spec.yaml\n').expect("ready")
        shell.until(lambda: self.is_raw(shell), what="raw mode")
        pidns = [p for p in harness.children_of(shell.pid) if harness.argv_of(p)[:2] == [harness.PIDNS, "run"]][0]
        for number in (signal.SIGTSTP, signal.SIGSTOP):
            with self.subTest(number):
                os.kill(pidns, number)
                shell.expect("Stopped")
                shell.expect("OUT> ")
                if number == signal.SIGTSTP:
                    shell.send("stty -a\n")
                    self.assertRegex(shell.expect(r"(?s)isig .*OUT> ")[0], r" icanon")
                shell.send("fg\n")
                shell.until(lambda: harness.state_of(pidns) == "S", what="pidns going on")
                shell.until(lambda: self.is_raw(shell), what="raw mode")
        shell.send("words\n").expect("got=words")
        shell.expect("OUT> ")

    def test_who_does_not_care_for_modes_has_them_back_while_it_is_stopped(self):
        """Shells restore them; here nobody does but pidns."""
        terminal = self.direct(HEAD + "init: true\nscript: echo ready; read a; echo got=$a\n")
        terminal.expect("ready")
        terminal.until(lambda: self.is_raw(terminal), what="raw mode")
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.until(lambda: harness.state_of(terminal.pid) == "T", what="the stop")
        self.unchanged(terminal)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.until(lambda: self.is_raw(terminal), what="raw mode")
        terminal.send("words\r").expect("got=words")
        self.assertEqual(terminal.wait(), 0)
        self.unchanged(terminal)

    def test_one_that_ends_in_the_background_leaves_modes_alone(self):
        """They are another's by then. Stopped by SIGSTOP it could not give them back before."""
        shell = self.shell()
        self.write("spec.yaml", HEAD + "command: [sleep, '3720']\n")
        shell.send('"$P" run spec.yaml\n')
        sleeper = shell.until(lambda: harness.with_argument("3720"), what="a sleep")[0]
        shell.until(lambda: self.is_raw(shell), what="raw mode")
        pidns = [p for p in harness.children_of(shell.pid) if harness.argv_of(p)[:2] == [harness.PIDNS, "run"]][0]
        os.kill(pidns, signal.SIGSTOP)
        shell.expect("Stopped")
        shell.expect("OUT> ")
        shell.send("stty -echo; echo set\n").expect("\nset")
        os.kill(sleeper, signal.SIGKILL)
        shell.until(lambda: harness.state_of(sleeper) in ("Z", ""), what="the end of the sleep")
        shell.send("bg\n")
        shell.until(lambda: harness.state_of(pidns) in ("Z", ""), what="the end of pidns")
        self.assertFalse(termios.tcgetattr(shell.slave)[3] & termios.ECHO, "the shell's modes have changed")

    def test_started_in_the_background_it_waits_for_the_foreground(self):
        shell = self.shell()
        self.write("spec.yaml", HEAD + "script: |\n  echo re''ady\n  read a\n  echo got=$a\n")
        shell.send('"$P" run spec.yaml &\n').expect(r"\[1\]")
        harness.until(lambda: "T" in [harness.state_of(p) for p in harness.children_of(shell.pid)], what="a stop")
        shell.send("\n").expect("Stopped")
        shell.send("stty -a\n")
        self.assertRegex(shell.expect(r"(?s)isig .*OUT> ")[0], r" icanon")
        shell.send("fg\n").expect("ready")
        shell.until(lambda: self.is_raw(shell), what="raw mode")
        shell.send("words\n").expect("got=words")
        shell.expect("OUT> ")

    def test_a_job_that_does_not_run_in_the_foreground_can_be_ended(self):
        """Though it would be stopped for the modes of a terminal that it does not have."""
        def pidns(shell):
            return shell.until(lambda: [p for p in harness.children_of(shell.pid) if harness.argv_of(p)[1:2] == ["run"]], what="pidns")[0]
        for how in ("stopped", "continued", "never in it"):
            # What was stopped as it started is not listed yet.
            for end in ("kill %1", *(['"$P" stop spec'] if how != "never in it" else [])):
                for keys in ("command: [sleep, '3721']\n", "init: true\nscript: trap 'sleep 0.3; exit 3' TERM; while :; do sleep 0.02; done\n"):
                    with self.subTest(how=how, end=end, keys=keys):
                        shell = self.shell()
                        self.write("spec.yaml", HEAD + keys)
                        shell.send('"$P" run spec.yaml' + (" &" if how == "never in it" else "") + "\n")
                        job = pidns(shell)
                        if how != "never in it":
                            shell.until(lambda: self.is_raw(shell), what="raw mode")
                            time.sleep(0.05)
                            os.kill(job, signal.SIGTSTP)
                            shell.expect("Stopped")
                        if how == "continued":
                            os.kill(job, signal.SIGCONT)
                        shell.until(lambda: harness.state_of(job) == "T", what="the stop")
                        time.sleep(0.05)
                        shell.send(end + "\n")
                        shell.until(lambda: harness.state_of(job) in ("", "Z"), 5, "its end")

    def test_a_terminal_that_goes_away_ends_it(self):
        for place, head in PLACES.items():
            with self.subTest(place):
                spec = self.write("spec.yaml", head + "script: echo ready; sleep 3718\n")
                terminal = harness.Terminal([harness.PIDNS, "run", spec])
                terminal.expect("ready")
                os.close(terminal.slave)
                os.close(terminal.master)
                try:
                    harness.until(lambda: terminal.process.poll() is not None, 5, "the end after the hang-up")
                    self.assertEqual(terminal.process.returncode, -signal.SIGHUP)
                    harness.assert_nothing_left(orphans=False)
                finally:
                    harness.kill_everything()

    def test_a_killed_pidns_hangs_it_up(self):
        terminal = self.direct("pidns: 1\nkill-child: false\nterminal: new\nscript: |\n"
                               f"  trap 'echo >{self.path('hung')}; exit' HUP\n  echo ready\n  sleep 3719 & wait\n")
        terminal.expect("ready")
        os.kill(terminal.pid, signal.SIGKILL)
        harness.until(lambda: os.path.exists(self.path("hung")), what="SIGHUP for the command")
        harness.kill_everything()


class Refusals(Case):
    def test_two_of_a_spec(self):
        result = self.run_spec("pidns: 1\nprocesses:\n  a: {terminal: new, command: [touch, SIDE]}\n"
                               "  b: {terminal: new, command: [touch, SIDE]}\n")
        self.assertEqual(result.status, 125)
        self.assert_place(result, 4, words="terminal: new")
        self.assertIn("P603", result.err)

    def test_a_tree_without_pseudo_terminals(self):
        """It comes from the caller's /dev/ptmx; the message names the key."""
        spec = self.write("spec.yaml", "pidns: 1\nterminal: new\nscript: exit 0\n")
        result = harness.Run(["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /dev && exec "$@"', "sh", harness.PIDNS,
                              "run", spec]).wait()
        self.assertEqual(result.status, 125)
        self.assert_place(result, 2, 1, "a terminal of its own: No such file or directory")


if __name__ == "__main__":
    harness.main()
