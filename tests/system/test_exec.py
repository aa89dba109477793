# needs: root
"""`pidns exec NAME [ADDRESS]`: a command in a node of a live instance, as the node has it."""

import os
import re
import signal
import sys
import termios

import harness
import live

KINDS = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
LINKS = "for k in " + " ".join(KINDS) + "; do readlink /proc/self/ns/$k; done"
ONE = "pidns: 1\nname: lab\nunshare: [pid, mount, uts]\nhostname: one\nmount-proc: true\n"


class Exec(live.TestCase):
    def sh(self, script, *where, name="lab", **options):
        return self.told("exec", name, *where, "--", "sh", "-c", script, **options)

    def test_each_level_has_its_own_name_and_processes(self):
        self.live()
        for level, address in enumerate(("ns1", "ns1/ns2", "ns1/ns2/ns3"), 1):
            lines = self.sh("hostname; ps -e -o args=", address).splitlines()
            self.assertEqual(lines[0], f"ns{level}")
            seen = {word for word in re.findall(r"sleep (\d+)", "\n".join(lines))}
            self.assertEqual(seen, {"1001", "1002", "1003", "1004", "1005"} if level == 1 else
                             {"1003", "1004", "1005"} if level == 2 else {"1005"})
        # A process means the node that it is in.
        self.assertEqual(self.sh("hostname", "ns1/ns2/db").strip(), "ns2")
        for address in "ns1/ns2", "ns1/ns2/db", "ns1/ns2/ns3":
            self.assertEqual(self.sh('echo "$PIDNS_PATH"', address).strip(), address)

    def test_the_root_that_unshares_nothing_is_where_pidns_is(self):
        self.live()
        own = [os.readlink(f"/proc/self/ns/{kind}") for kind in KINDS]
        self.assertEqual(self.sh(LINKS, "/").split(), own)

    def test_all_kinds_are_those_of_the_node(self):
        self.live("pidns: 1\nname: lab\nunshare: all\nmount-proc: true\ncommand: [sleep, 1000]\n")
        pid = self.pid("/")
        self.assertEqual(self.sh(LINKS).split(), [os.readlink(f"/proc/{pid}/ns/{kind}") for kind in KINDS])

    def test_clocks(self):
        self.live("pidns: 1\nname: lab\nunshare: [time]\nboottime: 20d\ncommand: [sleep, 1000]\n")
        inside = float(self.sh("cut -d' ' -f1 /proc/uptime"))
        self.assertGreater(inside, 20 * 86400)

    def test_several_kinds_of_nodes(self):
        spec = "pidns: 1\nname: lab\nnamespaces:\n" \
               "  named: {unshare: [pid, uts], hostname: named, init: one, processes: " \
               "{one: {script: 'trap : CHLD; sleep 1000 & wait; sleep 1000'}, two: {command: [sleep, 1000]}}}\n" \
               "  held: {unshare: [uts], hostname: held, processes: {a: {command: [sleep, 1000]}, b: {command: [sleep, 1000]}}}\n" \
               "  plain: {processes: {a: {command: [sleep, 1000]}}}\n"
        self.live(spec)
        self.assertEqual(self.sh("hostname; echo $PPID", "named").split(), ["named", "0"])
        self.assertEqual(self.sh("readlink /proc/self/ns/pid", "named").strip(),
                         os.readlink(f"/proc/{self.pid('named/two')}/ns/pid"))
        self.assertEqual(self.sh("hostname", "held").strip(), "held")
        self.assertEqual(self.sh("hostname", "plain").strip(), os.uname().nodename)

    def test_a_pid_recycled_before_it_is_entered(self):
        self.live()
        pid = self.pid("ns1/ns2/ns3")
        result = self.with_recycled(pid, ("pidfd_open", "delay_enter=700000:when=1"), "exec", "lab", "ns1/ns2/ns3", "--", "echo", "in")
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertIn("ended", result.err)

    def test_a_node_that_has_ended_is_no_other(self):
        self.live("pidns: 1\nname: lab\nnamespaces:\n  gone: {unshare: [uts], command: [sleep, 1000]}\n  m: {command: [sleep, 1000]}\n")
        pid = self.pid("gone")
        os.kill(pid, signal.SIGKILL)
        harness.until(lambda: not harness.state_of(pid), what="its end")
        result = self.pidns("exec", "lab", "gone", "--", "echo", "in")
        self.assertEqual((result.status, result.out, result.err), (125, "", "pidns: exec lab gone: it has ended\n"))

    def test_by_another_where_the_one_that_is_meant_has_ended(self):
        self.live("pidns: 1\nname: lab\nprocesses:\n  a: {command: [sleep, 1000]}\n  b: {command: [sleep, 1000]}\n")
        pid = self.pid("a")
        os.kill(pid, signal.SIGKILL)
        harness.until(lambda: not harness.state_of(pid), what="the end of a")
        self.assertEqual(self.sh("echo $PIDNS_PATH", "a"), "a\n")

    def test_environment_directory_and_mask_are_the_nodes(self):
        spec = ONE + "namespaces:\n  in:\n    env: {A: '1', GONE: null}\n    cwd: /usr\n    umask: '0027'\n" \
                     "    command: [sleep, 1000]\n"
        self.live(spec)
        env = {"GONE": "here", "B": "2", "A": "0", "PIDNS_NAME": "x", "PIDNS_PATH": "y"}
        out = self.sh("echo $A $B ${GONE-none} $PIDNS_NAME $PIDNS_PATH; pwd; umask", "in", env=env)
        self.assertEqual(out.splitlines(), ["1 2 none lab in", "/usr", "0027"])

    def test_a_cleared_environment(self):
        self.live(ONE + "clear-env: true\nkeep-env: [LC_*]\nenv: {A: b}\ncommand: [sleep, 1000]\n")
        out = self.sh("env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD=", env={"B": "2", "LC_X": "3"})
        self.assertEqual(set(out.split()), {"A=b", "LC_X=3", "LC_ALL=C.UTF-8", "PIDNS_NAME=lab", "PIDNS_PATH=/"})

    def test_a_root_of_the_nodes_own(self):
        self.live(f"pidns: 1\nname: lab\n{live.people.SMALL_ROOT}command: [sleep, 1000]\n")
        self.assertEqual(self.sh("pwd; echo /*").split(), ["/", "/bin", "/lib", "/lib64", "/usr"])

    def test_which_is_meant_without_an_address(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        self.assertEqual(self.sh("hostname").strip(), "one")
        self.live(file="several.yaml", name="several", spec=live.LAB.replace("name: lab", "name: several"))
        result = self.pidns("exec", "several", "--", "true")
        self.assertEqual(result.status, 125)
        self.assertIn("ns1/ns2/ns3", result.err)

    def test_main_is_meant_without_an_address(self):
        self.live(live.LAB.replace("web: {command: [sleep, 1003]}", "web: {command: [sleep, 1003], main: true}"))
        self.assertEqual(self.sh("hostname").strip(), "ns2")

    def test_statuses(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        for words, status in ((["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -TERM $$"], -signal.SIGTERM),
                              (["sh", "-c", "kill -KILL $$"], 128 + signal.SIGKILL),
                              (["sh", "-c", "kill -QUIT $$"], 128 + signal.SIGQUIT), (["/nowhere/at-all"], 127),
                              (["not-a-program-anywhere"], 127), (["/etc/passwd"], 126)):
            self.assertEqual(self.pidns("exec", "lab", "--", *words).status, status, words)

    def test_the_same_statuses_on_a_terminal(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        for words, status in ((["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -TERM $$"], -signal.SIGTERM),
                              (["sh", "-c", "kill -KILL $$"], 128 + signal.SIGKILL),
                              (["sh", "-c", "kill -QUIT $$"], 128 + signal.SIGQUIT), (["/nowhere/at-all"], 127),
                              (["/etc/passwd"], 126)):
            terminal = harness.Terminal([self.program(), "exec", "lab", "--", *words],
                                        env={"XDG_RUNTIME_DIR": self.path("run")})
            self.assertEqual(terminal.wait(), status, words)
            terminal.close()

    def test_who_it_is(self):
        self.live("pidns: 1\nname: lab\nunshare: [user, pid]\ncommand: [sleep, 1000]\n")
        self.assertEqual(self.sh("id -u; id -g").split(), ["0", "0"])
        # Also where the caller's own id is not that 0, and would be nobody's.
        other = "[{inside: 0, outside: 4321, count: 1}]"
        self.live("pidns: 1\nname: other\nunshare: [user, pid]\nuid-map: %s\ngid-map: %s\ncommand: [sleep, 1000]\n" %
                  (other, other), "other", "other.yaml")
        self.assertEqual(self.sh("id -u; id -g", name="other").split(), ["0", "0"])
        self.live(ONE.replace("lab", "two") + "command: [sleep, 1000]\n", "two", "two.yaml")
        out = self.told("exec", "two", "--user", "daemon", "--group", "bin", "--", "sh", "-c", "id -un; id -gn; id -Gn")
        self.assertEqual(out.split(), ["daemon", "bin", "bin"])
        # Groups that the caller has beside that are not brought along.
        result = harness.Run(["setpriv", "--groups=4,27", self.program(), "exec", "two", "--user", "1", "--group", "2", "--",
                              "id", "-G"], env=self.environment).wait()
        self.assertEqual((result.out, result.err), ("2\n", ""))
        # setresuid(2) takes -1 for "unchanged", and so would leave it root.
        for option in "--user", "--group":
            result = self.pidns("exec", "two", option, "4294967295", "--", "id")
            self.assertEqual((result.status, result.out), (125, ""), option)
            self.assertIn(f"`4294967295` is no {option[2:]}", result.err)
            result = self.pidns("exec", "two", option, "", "--", "id")
            self.assertEqual((result.status, result.out), (125, ""), option)
            self.assertIn(f"`{option}` needs a value, and this one is empty", result.err)

    def test_who_is_root_inside_cannot_open_what_enters(self):
        """Until it executes, that is a copy of pidns, with its files."""
        intruder = self.write("intruder.py", live.INTRUDER)
        run = self.live(f"pidns: 1\nname: lab\nunshare: [user, pid, mount]\nmount-proc: true\n"
                        f"command: [{sys.executable}, {intruder}]\n").until_out("up\n")
        for _ in range(100):
            self.told("exec", "lab", "--", "/bin/true")
        self.assertEqual(run.out, "up\n")

    def test_an_ordinary_user(self):
        os.chmod(self.folder, 0o777)
        state = self.path("state")
        os.mkdir(state, 0o700)
        os.chown(state, 65534, 65534)
        self.environment["XDG_RUNTIME_DIR"] = state
        spec = self.write("lab.yaml", ONE.replace("[pid", "[user, pid") + "command: [sleep, 1000]\n")
        harness.Run([*live.people.NOBODY, self.program(), "run", spec], env=self.environment)
        harness.until(lambda: self.pidns("completion", "names", who="nobody").out == "lab\n", 10, "lab being listed")
        self.assertEqual(self.sh("hostname; id -u; echo /proc/[0-9]*", who="nobody").split()[:3], ["one", "0", "/proc/1"])
        self.assertIn("hostname", self.told("tree", "lab", who="nobody"))

    def test_it_does_not_hold_up_the_end_of_the_node(self):
        run = self.live(ONE + "command: [sleep, 1000]\n")
        inside = harness.Run([self.program(), "exec", "lab", "--", "sh", "-c", "echo; exec sleep 1000"], env=self.environment)
        inside.until_out("\n").signal(signal.SIGSTOP)
        harness.until(lambda: harness.state_of(inside.pid) == "T", what="the stop")
        everybody = [self.pid("/"), *harness.children_of(inside.pid)]
        self.assertEqual(len(everybody), 2)
        run.kill()
        harness.until(lambda: {harness.state_of(pid) for pid in everybody} <= {"", "Z"},
                      what="the end of all that was inside")
        inside.signal(signal.SIGCONT)
        self.assertEqual(inside.wait().status, 128 + signal.SIGKILL)

    def test_kill_child_is_the_nodes(self):
        script = "trap 'echo USR1 >>{0}; exit' USR1; echo; while :; do sleep 0.05; done"
        self.live(ONE + "kill-child: SIGUSR1\nscript: trap exit USR1; while :; do sleep 0.05; done\n")
        said = self.path("said")
        inside = harness.Run([self.program(), "exec", "lab", "--", "sh", "-c", script.format(said)], env=self.environment)
        inside.until_out("\n").kill()
        harness.until(lambda: harness.read(said) == "USR1\n", what="the node's signal")

    def test_on_a_terminal_it_has_one_of_its_own(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        terminal = harness.Terminal([self.program(), "exec", "lab", "--", "sh", "-c",
                                     "tty; stty size; read line; stty size; exec cat"],
                                    env={"XDG_RUNTIME_DIR": self.path("run")}, rows=33, columns=77)
        self.addCleanup(terminal.close)
        inner = terminal.expect(r"(/dev/pts/\d+)\r\n")[1]
        self.assertNotEqual(inner, os.ttyname(terminal.slave))
        terminal.expect(r"33 77\r\n")
        terminal.resize(40, 90)
        terminal.send("\n").expect(r"40 90\r\n")
        terminal.send("typed\n").expect(r"typed\r\ntyped\r\n")
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), -signal.SIGINT)
        self.assertEqual(harness.termios.tcgetattr(terminal.slave), terminal.before)

    def shell(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        shell = harness.Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"],
                                 env={"PS1": "OUT> ", "P": self.program(), "XDG_RUNTIME_DIR": self.path("run"), "HISTFILE": ""})
        self.addCleanup(shell.close)
        shell.expect("OUT> ")
        return shell

    def test_the_callers_terminal_is_as_it_was_while_it_is_stopped(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        terminal = harness.Terminal([self.program(), "exec", "lab", "--", "sh", "-c", "echo ready; read a; echo got=$a"],
                                    env={"XDG_RUNTIME_DIR": self.path("run")})
        self.addCleanup(terminal.close)
        def is_raw():
            return not termios.tcgetattr(terminal.slave)[3] & termios.ICANON
        terminal.expect("ready")
        for _ in range(2):
            terminal.until(is_raw, what="raw mode")
            os.kill(terminal.pid, signal.SIGTSTP)
            terminal.until(lambda: harness.state_of(terminal.pid) == "T", what="the stop")
            self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)
            os.kill(terminal.pid, signal.SIGCONT)
        terminal.until(is_raw, what="raw mode")
        terminal.send("words\r").expect("got=words")
        self.assertEqual(terminal.wait(), 0)

    def test_a_stopped_one_can_be_ended(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        shell = harness.Terminal(["bash", "--norc", "--noprofile", "--noediting", "-i"],
                                 env={"PS1": "OUT> ", "P": self.program(), "XDG_RUNTIME_DIR": self.path("run"), "HISTFILE": ""})
        self.addCleanup(shell.close)
        shell.expect("OUT> ")
        shell.send('"$P" exec lab -- sleep 1112\n')
        shell.until(lambda: [p for p in harness.with_argument("1112") if harness.argv_of(p)[0] == "sleep"], what="the command")
        [pidns] = [p for p in harness.children_of(shell.pid) if harness.argv_of(p)[1:2] == ["exec"]]
        shell.until(lambda: not termios.tcgetattr(shell.slave)[3] & termios.ICANON, what="raw mode")
        os.kill(pidns, signal.SIGTSTP)
        shell.expect("Stopped")
        shell.send("kill %1\n")
        shell.until(lambda: harness.state_of(pidns) in ("", "Z"), what="its end")

    def test_all_that_was_written_to_it_comes_out_though_the_reader_is_slow(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        done = self.path("done")
        terminal = harness.Terminal([self.program(), "exec", "lab", "--", "sh", "-c", f"stty -onlcr; seq 4500; touch {done}"],
                                    env={"XDG_RUNTIME_DIR": self.path("run")})
        self.addCleanup(terminal.close)
        # Nobody reads: more than the terminal outside takes, and no more than stands in between.
        harness.until(lambda: os.path.exists(done), what="the last line being written")
        harness.until(lambda: not [p for p in harness.children_of(terminal.pid) if harness.state_of(p) != "Z"], what="its end")
        self.assertIsNone(terminal.process.poll(), "it ended before its output was read")
        terminal.expect(r"\b4500\b")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.text.split(), [str(number) for number in range(1, 4501)])

    def test_a_command_that_is_made_as_pidns_is_killed_does_not_run(self):
        self.live(ONE + "command: [sleep, 1000]\n")
        log, ran = self.path("strace"), self.path("ran")
        held = harness.Run(["strace", "-D", "-f", "-o", log, "-e", "trace=prctl", "-e", "inject=prctl:delay_enter=500000:when=1",
                            self.program(), "exec", "lab", "--", "touch", ran], env=self.environment)
        harness.until(lambda: "PR_SET_PDEATHSIG" in harness.read(log), what="the call that is held")
        held.kill()
        harness.until(lambda: "exited with" in harness.read(log).split("killed by SIGKILL")[-1], what="the end of what was made")
        self.assertFalse(os.path.exists(ran))

    def test_a_key_of_the_callers_terminal_is_delivered_once(self):
        """Which the command has where pidns does not stand between: here its output is a file."""
        self.live(ONE + "command: [sleep, 1000]\n")
        out = self.path("out")
        script = ("n=0; trap 'n=$((n+1))' INT; echo ready; until [ $n -ge 1 ]; do sleep 0.02; done; "
                  "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05; done; echo total=$n")
        terminal = harness.Terminal(["sh", "-c", f'exec "$@" >{out}', "sh", *harness.late_signals(), self.program(), "exec", "lab",
                                     "--", "sh", "-c", script], env={"XDG_RUNTIME_DIR": self.path("run")})
        self.addCleanup(terminal.close)
        terminal.until(lambda: harness.read(out) == "ready\n", what="the trap")
        terminal.send("\x03")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(harness.read(out), "ready\ntotal=1\n")

    def test_stopping_it_by_the_terminal_stops_what_is_inside(self):
        # With a pipe as output it has the caller's terminal: ^Z stops both, and the shell sees it.
        shell = self.shell()
        shell.send('"$P" exec lab -- sleep 1111 >/dev/null\n')
        [command] = shell.until(lambda: [p for p in harness.with_argument("1111") if harness.argv_of(p)[0] == "sleep"],
                                what="the command")
        shell.send("\x1a").expect("Stopped")
        self.assertEqual(harness.state_of(command), "T")
        # Who continues pidns continues what is inside; a shell continues both.
        [pidns] = [p for p in harness.children_of(shell.pid) if harness.argv_of(p)[1:2] == ["exec"]]
        os.kill(pidns, signal.SIGCONT)
        shell.until(lambda: harness.state_of(command) == "S", what="the command going on")
        shell.send("fg\n")
        shell.until(lambda: shell.foreground() == os.getpgid(pidns), what="the foreground")
        shell.send("\x1a").expect("Stopped")
        shell.send("fg\n")
        shell.until(lambda: harness.state_of(command) == "S", what="the command going on")
        shell.send("\x03")
        shell.expect("OUT> ")
        shell.send("echo status=$?\n").expect("status=130")

    def test_one_that_ends_as_it_is_continued_keeps_its_status(self):
        shell = self.shell()
        for time in range(20):
            shell.send('"$P" exec lab -- sleep 1112 >/dev/null\n')
            def of_the_command():
                return [p for p in harness.descendants_of(shell.pid) if harness.argv_of(p)[:1] == ["sleep"]]
            [sleep] = shell.until(of_the_command, what="the command")
            shell.send("\x1a").expect("Stopped")
            os.kill(sleep, signal.SIGTERM)  # Which waits until it goes on.
            shell.send("fg; echo status=$?\n")
            self.assertEqual(shell.expect(r"status=(\d+)")[1], "143", time)
            shell.expect("OUT> ")


if __name__ == "__main__":
    harness.main()
