# needs: root
"""The exit status of a run: codes, signals, and what stands for pidns's own troubles."""

import os
import signal

import harness
from harness import nested

FIRST = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"     # The command is PID 1 itself.
INIT = FIRST + "init: true\n"                                       # The command is PID 2.
PLAIN = "pidns: 1\nunshare: [uts]\n"                                # No pid namespace at all.


class Codes(harness.TestCase):
    def test_all_256_codes_of_a_pid_1(self):
        for code in range(256):
            result = self.run_spec(f"{FIRST}command: [sh, -c, exit {code}]\n")
            self.assertEqual((result.status, result.out, result.err), (code, "", ""))

    def test_all_256_codes_under_our_init(self):
        for code in range(256):
            result = self.run_spec(f"{INIT}command: [sh, -c, exit {code}]\n")
            self.assertEqual((result.status, result.out, result.err), (code, "", ""))

    def test_some_codes_in_other_places(self):
        for code in (0, 1, 2, 77, 124, 125, 126, 127, 128, 129, 137, 143, 255):
            for spec in (PLAIN + f"script: exit {code}\n", f"pidns: 1\nscript: exit {code}\n",
                         nested(3, f"script: exit {code}"),
                         nested(3, f"script: exit {code}", level="unshare: [pid]\n")):
                result = self.run_spec(spec)
                self.assertEqual((result.status, result.err), (code, ""), spec)

    def test_a_script_runs_with_e_and_u(self):
        self.assertEqual(self.run_spec(FIRST + "script: false; exit 0\n").status, 1)
        self.assertNotEqual(self.run_spec(FIRST + "script: echo $not_set_anywhere; exit 0\n").status, 0)


class Signals(harness.TestCase):
    def test_pidns_dies_of_the_only_process_signal(self):
        for name in ("TERM", "USR1", "USR2", "HUP", "INT", "PIPE", "ALRM"):
            for spec in (INIT, PLAIN, "pidns: 1\n", nested(2, "init: true")):
                text = spec + ("" if spec.endswith("\n") else "\n")
                indent = "    " if "namespaces" in spec else ""
                with self.subTest(signal=name, spec=spec):
                    result = self.run_spec(f"{text}{indent}script: kill -{name} $$; exit 3\n")
                    self.assertEqual((result.status, result.err), (-signal.Signals["SIG" + name], ""))

    def test_kill_and_core_dumping_signals_are_128_plus_n(self):
        for name in ("KILL", "SEGV", "QUIT", "ABRT", "BUS", "FPE", "ILL", "TRAP", "SYS", "XCPU", "XFSZ"):
            for spec in (INIT, PLAIN):
                with self.subTest(signal=name, spec=spec):
                    result = self.run_spec(f"{spec}script: kill -{name} $$; exit 3\n", cwd=self.folder)
                    self.assertEqual(result.status, 128 + signal.Signals["SIG" + name], result)
        self.assertEqual(sorted(os.listdir(self.folder)), ["spec.yaml"], "pidns has dumped core")

    def test_real_time_signals(self):
        for number in (34, 35, 64):
            result = self.run_spec(f"{INIT}script: kill -{number} $$; exit 3\n")
            self.assertEqual(result.status, -number)

    def test_a_pid_1_killed_from_outside(self):
        word = f"3610.{os.getpid()}"
        for spec in (FIRST, nested(3, "")):
            indent = "        " if "namespaces" in spec else ""
            run = self.start(f"{spec}{indent}command: [sleep, '{word}']\n")
            found = harness.until(lambda: [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"])
            os.kill(found[0], signal.SIGKILL)
            self.assertEqual(run.wait(5).status, 137)
            harness.assert_nothing_left(orphans=False)

    def test_with_several_processes_a_signal_is_a_number(self):
        result = self.run_spec(INIT + "processes:\n  a: {script: kill -TERM $$}\n  b: {script: exit 0}\n")
        self.assertEqual(result.status, 143, result)


class Several(harness.TestCase):
    def status(self, *scripts, head=FIRST):
        return self.run_spec(head + "processes:\n" + "".join(
            f"  p{number}: {{script: '{script}'}}\n" for number, script in enumerate(scripts))).status

    def test_the_first_in_the_document_that_is_not_0(self):
        for head in (FIRST, PLAIN, "pidns: 1\n"):
            with self.subTest(head):
                self.assertEqual(self.status("exit 0", "exit 0", head=head), 0)
                self.assertEqual(self.status("exit 0", "exit 4", "exit 5", head=head), 4)
                self.assertEqual(self.status("sleep 0.1; exit 7", "exit 4", head=head), 7)
                self.assertEqual(self.status("sleep 0.1; kill -KILL $$", "exit 4", head=head), 137)

    def test_own_processes_come_before_nested_nodes(self):
        result = self.run_spec(FIRST + """\
namespaces:
  in: {script: exit 8}
  later: {script: exit 10}
processes:
  own: {script: sleep 0.1; exit 9}
""")
        self.assertEqual(result.status, 9)
        result = self.run_spec(FIRST + """\
processes:
  own: {script: exit 0}
namespaces:
  in: {unshare: [pid], script: sleep 0.1; exit 8}
  later: {script: exit 10}
""")
        self.assertEqual(result.status, 8)

    def test_of_one_of_several_126_and_127_are_its_status(self):
        result = self.run_spec(FIRST + "processes:\n  a: {command: [/no/such/program]}\n"
                               "  b: {script: 'sleep 0.1; echo b'}\n")
        self.assertEqual((result.status, result.out), (127, "b\n"), result)
        self.assert_place(result, 5, words="/no/such/program")


class NotExecuted(harness.TestCase):
    """126, 127 and 125; the message has the place in the spec and says what is wrong."""

    HEADS = (FIRST, INIT, PLAIN, "pidns: 1\n")

    def each(self, keys, status, words):
        for head in self.HEADS:
            with self.subTest(head):
                result = self.run_spec(head + keys)
                self.assertEqual((result.status, result.out), (status, ""), result)
                self.assert_place(result, head.count("\n") + 1, words=words)

    def test_127_where_it_is_not_found(self):
        self.each("command: [no-such-program-anywhere, x]\n", 127, "no-such-program-anywhere")
        self.each("command: [/no/such/program]\n", 127, "/no/such/program")

    def test_126_where_the_interpreter_is_missing(self):
        """The file is there, so "not found" would send people to the wrong place."""
        script = self.write("script", "#!/no/such/interpreter\n", 0o755)
        self.each(f"command: [{script}]\n", 126, "interpreter")

    def test_126_where_it_is_not_executable(self):
        self.each(f"command: [{self.write('plain', 'x', 0o644)}]\n", 126, "[Pp]ermission|executable")

    def test_126_for_a_directory(self):
        self.each(f"command: [{self.folder}]\n", 126, "directory|[Pp]ermission|executable")

    def test_126_for_a_file_without_an_interpreter_line(self):
        script = self.write("bare", "echo not a program\n", 0o755)
        self.each(f"command: [{script}]\n", 126, "")
        result = self.run_spec(f"{FIRST}command: [{script}]\n")
        self.assertRegex(result.err, r"#!|[Ee]xec format|interpreter|ENOEXEC")

    def test_126_where_the_path_has_only_one_that_is_not_executable(self):
        self.write("tool", "x", 0o644)
        self.each(f"command: [tool]\nenv: {{PATH: {self.folder}}}\n", 126, "tool")

    def test_a_command_that_itself_ends_with_127_is_silent(self):
        result = self.run_spec(FIRST + "script: exit 127\n")
        self.assertEqual((result.status, result.err), (127, ""))

    def test_125_where_cwd_is_missing(self):
        self.each("cwd: /no/such/folder\nscript: echo ran\n", 125, "/no/such/folder")

    def test_125_where_the_target_of_proc_is_missing(self):
        result = self.run_spec(f"pidns: 1\nunshare: [pid, mount]\nmount-proc: {self.path('missing')}\n"
                               "script: echo ran\n")
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assert_place(result, 3, 1, "missing")
        self.assertIn("No such file or directory", result.words)

    def test_125_where_a_nested_node_cannot_be_set_up(self):
        side = self.path("side")
        result = self.run_spec(f"""\
pidns: 1
unshare: [pid, mount]
mount-proc: true
processes:
  waits: {{script: sleep 5; echo >{side}}}
namespaces:
  one:
    unshare: [pid, mount]
    mount-proc: true
    namespaces:
      two:
        unshare: [mount]
        mount-proc: /no/such/target
        command: [touch, {side}]
""", timeout=4)
        self.assertEqual(result.status, 125, result)
        self.assert_place(result, 13, 9, "one/two")
        self.assertFalse(os.path.exists(side))

    def test_a_failed_start_names_the_node(self):
        result = self.run_spec("pidns: 1\nnamespaces:\n  web:\n    cwd: /no/such/folder\n    script: echo ran\n")
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assert_place(result, 4, 5, "web")


if __name__ == "__main__":
    harness.main()
