# needs: root
"""`run --output` and `--log-dir`: where what the commands write comes out, and how."""

import fcntl
import os
import re
import resource
import signal
import time

import harness

COLOUR = "\x1b["


def two(web, worker):
    return "pidns: 1\nprocesses:\n  web:\n    script: |\n%s  worker:\n    script: |\n%s" % tuple(
        "".join(f"      {line}\n" for line in text.splitlines()) for text in (web, worker))


class Case(harness.TestCase):
    def in_terminal(self, spec, *options, **more):
        terminal = harness.Terminal([harness.PIDNS, "run", *options, self.write("spec.yaml", spec)], **more)
        self.addCleanup(self.leave, terminal)
        return terminal

    def leave(self, terminal):
        terminal.close()
        harness.kill_everything()

    def prefixed(self, spec, **options):
        return self.run_with(spec, "--output", "prefix", **options)

    def run_with(self, spec, *options, **more):
        result = harness.Run([harness.PIDNS, "run", *options, self.write("spec.yaml", spec)], **more).wait()
        harness.assert_nothing_left(orphans=False)
        return result


class Prefix(Case):
    def test_each_line_has_its_address_on_its_stream(self):
        result = self.prefixed(two("echo one; echo bad >&2", "echo two"))
        self.assertEqual(sorted(result.out.splitlines()), ["web    | one", "worker | two"])
        self.assertEqual(result.err, "web    | bad\n")
        self.assertEqual(result.status, 0)

    def test_at_every_level_and_for_one_process(self):
        result = self.prefixed(harness.nested(3, "script: echo deep\n"))
        self.assertEqual(result.out, "n2/n3 | deep\n")
        self.assertEqual(self.prefixed("pidns: 1\nscript: echo one\n").out, "/ | one\n")

    def test_lines_stay_whole(self):
        """Each is written in two pieces, by many at the same time."""
        script = "for i in 1 2 3 4 5 6 7 8 9 10; do printf aaa; sleep 0.00$i; printf 'bbb\\n'; done"
        spec = "pidns: 1\nprocesses:\n" + "".join(f"  p{n}:\n    script: |\n      {script}\n" for n in range(8))
        lines = self.prefixed(spec).out.splitlines()
        self.assertEqual(sorted(lines), sorted(f"p{n} | aaabbb" for n in range(8) for _ in range(10)))

    def test_a_last_line_without_an_end_gets_one(self):
        self.assertEqual(self.prefixed("pidns: 1\nscript: printf 'one\\ntwo'\n").out, "/ | one\n/ | two\n")

    def test_very_long_lines_are_cut(self):
        out = self.prefixed("pidns: 1\nscript: head -c 20000 /dev/zero | tr '\\0' a; echo; echo next\n").out
        self.assertEqual([len(line) for line in out.splitlines()], [8196, 8196, 20000 - 2 * 8192 + 4, 8])
        self.assertEqual(re.sub("/ \\| |\n", "", out), "a" * 20000 + "next")

    def test_any_bytes_pass(self):
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix",
                           self.write("spec.yaml", "pidns: 1\nscript: printf 'a\\000b\\377\\n\\n\\n'\n")])
        run.wait()
        self.assertEqual(os.pread(run._out.fileno(), 100, 0), b"/ | a\0b\xff\n/ | \n/ | \n")

    def test_only_inherited_streams_are_taken(self):
        result = self.prefixed(two("echo a; echo b >&2", "echo c").replace("  web:\n", "  web:\n    stdout: out.txt\n"))
        self.assertEqual((result.out, result.err), ("worker | c\n", "web    | b\n"))
        self.assertEqual(harness.read(self.path("out.txt")), "a\n")

    def test_order_of_both_streams_where_they_are_one(self):
        spec = self.write("spec.yaml", "pidns: 1\nscript: for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done\n")
        result = harness.Run(["sh", "-c", '"$@" 2>&1', "sh", harness.PIDNS, "run", "--output", "prefix", spec]).wait()
        self.assertEqual(result.out, "".join(f"/ | o{n}\n/ | e{n}\n" for n in range(1, 6)))

    def test_colour_only_on_terminals_and_where_it_is_wanted(self):
        spec = two("echo one", "echo two")
        for more, wanted in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            with self.subTest(more):
                terminal = self.in_terminal(spec, "--output", "prefix", env={"TERM": "xterm", **more})
                terminal.wait()
                self.assertEqual(COLOUR in terminal.text, wanted, terminal.text)
        colours = re.findall(r"\x1b\[(\d+)m(?:web|worker)", self.terminal_text(spec))
        self.assertEqual(len(set(colours)), 2)
        self.assertNotIn(COLOUR, self.prefixed(spec).out)
        self.assertNotIn(COLOUR, self.terminal_text(spec, "--color", "never"))

    def test_colour_is_decided_for_each_stream(self):
        spec = self.write("spec.yaml", "pidns: 1\nscript: echo one; echo two >&2\n")
        for number, shown, kept in ((2, "one", "/ | two\n"), (1, "two", "/ | one\n")):
            file = self.path(f"stream{number}")
            terminal = harness.Terminal(["sh", "-c", f'exec "$@" {number}>{file}', "sh", harness.PIDNS, "run", "--output", "prefix",
                                         spec], env={"TERM": "xterm"})
            self.addCleanup(self.leave, terminal)
            self.assertEqual(terminal.wait(), 0)
            self.assertEqual(harness.read(file), kept)
            self.assertIn(COLOUR, terminal.text)
            self.assertIn(shown, terminal.text)

    def terminal_text(self, spec, *options):
        terminal = self.in_terminal(spec, *options, env={"TERM": "xterm"})
        terminal.wait()
        return terminal.text

    def test_it_is_the_default_for_several_on_a_terminal(self):
        spec = two("echo one; test -t 1 || echo piped", "echo two")
        self.assertRegex(self.terminal_text(spec, "--color", "never"), r"web    \| one\r\nweb    \| piped|worker \| two")
        self.assertIn("piped", self.terminal_text(spec))
        for options, text in ((("--output", "raw"), spec), ((), "pidns: 1\nscript: test -t 1; echo one\n"),
                              ((), spec.replace("  web:\n", "  web:\n    stdout: null\n    stderr: null\n"))):
            shown = self.terminal_text(text, *options)
            self.assertNotIn("|", shown)
            self.assertNotIn("piped", shown)
        result = self.run_with(spec)
        self.assertEqual(sorted(result.out.splitlines()), ["one", "piped", "two"])

    def test_raw_is_untouched(self):
        spec = self.write("spec.yaml", "pidns: 1\nprocesses:\n  a: {script: 'readlink /proc/self/fd/1'}\n")
        run = harness.Run([harness.PIDNS, "run", "--output", "raw", spec])
        run.wait()
        self.assertNotIn("pipe:", run.out)
        self.assertRegex(run.out, r"^/")

    def test_beside_a_terminal_of_its_own(self):
        """While the terminal is raw each line still begins at the margin."""
        terminal = self.in_terminal("pidns: 1\nprocesses:\n  talks: {terminal: new, script: 'echo ready; read a; echo got=$a'}\n"
                                    "  one: {script: 'for i in 1 2 3; do echo line$i; sleep 0.1; done'}\n"
                                    "  other: {script: sleep 0.1}\n")
        terminal.expect("ready")
        terminal.expect("line3")
        terminal.send("x\r").expect("got=x")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(len(re.findall(r"one   \|(?:\x1b\[0m)? line\d\r\n", terminal.text)), 3, repr(terminal.text))


class Flow(Case):
    def test_much_of_it_comes_whole_to_a_slow_reader(self):
        reader, writer = os.pipe()
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix", self.write("spec.yaml", two("seq 30000", "seq 30000"))],
                          stdout=writer)
        self.assertFalse(fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK, "seen by all who have the pipe")
        os.close(writer)
        time.sleep(0.2)
        self.assertIsNone(run.process.poll())
        with os.fdopen(reader) as lines:
            found = [line.split(" | ") for line in lines]
        self.assertEqual(run.wait().status, 0)
        for name in ("web", "worker"):
            self.assertEqual([int(number) for who, number in found if who.strip() == name], list(range(1, 30001)))

    def test_a_reader_that_does_not_read_holds_no_signal_up(self):
        reader, writer = os.pipe()
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix",
                           self.write("spec.yaml", two("yes", "sleep 3911"))], stdout=writer)
        os.close(writer)
        time.sleep(0.3)
        begin = harness.cpu_seconds(run.pid)
        time.sleep(0.3)
        self.assertLess(harness.cpu_seconds(run.pid) - begin, 0.1, "it does not wait, but spins")
        run.signal(signal.SIGTERM)
        harness.until(lambda: not harness.children_of(run.pid), what="the end of all")
        run.signal(signal.SIGTERM)
        self.assertEqual(run.wait(5).status, 143)
        os.close(reader)

    def test_a_reader_that_is_gone_ends_who_writes(self):
        reader, writer = os.pipe()
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix", self.write("spec.yaml", "pidns: 1\ncommand: ['yes']\n")],
                          stdout=writer)
        os.close(writer)
        os.read(reader, 100)
        os.close(reader)
        self.assertEqual(run.wait(5).status, -signal.SIGPIPE)

    def test_a_reader_that_is_gone_ends_nobody_who_has_a_log(self):
        reader, writer = os.pipe()
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix", "--log-dir", self.path("logs"), self.write(
            "spec.yaml", f"pidns: 1\nscript: |\n  echo one\n  {self.until_go()}\n  seq 50000\n  echo last\n")], stdout=writer)
        os.close(writer)
        self.assertEqual(os.read(reader, 100), b"/ | one\n")
        os.close(reader)
        self.go()
        self.assertEqual(run.wait(5).status, 0)
        self.assertTrue(harness.read(self.path("logs/+.log")).endswith("50000\nlast\n"))

    def test_a_daemon_that_keeps_a_pipe_holds_nothing_up(self):
        for head in ("pidns: 1\n", "pidns: 1\nunshare: [pid]\n"):
            with self.subTest(head):
                begin = time.monotonic()
                result = self.prefixed(head + "script: setsid sleep 3912 & echo said\n")
                self.assertEqual((result.status, result.out), (0, "/ | said\n"))
                self.assertLess(time.monotonic() - begin, 5)

    def test_more_processes_than_descriptors_are_allowed(self):
        """A soft limit is raised for pidns alone: the commands have the caller's."""
        names = "".join(f"  p{n}: {{script: ulimit -n}}\n" for n in range(60))
        run = harness.Run([harness.PIDNS, "run", "--output", "prefix", self.write(
            "spec.yaml", "pidns: 1\nprocesses:\n  own: {rlimits: {nofile: {soft: 33, hard: 44}}, script: ulimit -n}\n" + names)],
            before_exec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                                   (40, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
        result = run.wait()
        self.assertEqual(result.status, 0, result)
        said = {line.split(" | ")[1] for line in result.out.splitlines() if not line.startswith("own")}
        self.assertEqual(said, {"40"})
        self.assertIn("own | 33", result.out)


class Logs(Case):
    def test_a_file_a_process_with_both_streams_in_order(self):
        folder = self.path("logs")
        spec = ("pidns: 1\nscript: echo root\nnamespaces:\n  ns1:\n    processes:\n"
                "      web: {script: 'for i in 1 2 3; do echo o$i; echo e$i >&2; done'}\n")
        result = self.run_with(spec, "--log-dir", folder)
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        self.assertEqual({name: harness.read(os.path.join(folder, name)) for name in os.listdir(folder)},
                         {"+.log": "root\n", "ns1+web.log": "o1\ne1\no2\ne2\no3\ne3\n"})
        self.run_with(spec, "--log-dir", folder)
        self.assertEqual(harness.read(os.path.join(folder, "+.log")), "root\nroot\n", "an earlier log is lost")

    def test_with_prefix_both(self):
        folder = self.path("logs")
        result = self.run_with(two("echo one; printf two >&2", "exit 0"), "--log-dir", folder, "--output", "prefix")
        self.assertEqual((result.out, result.err), ("web    | one\n", "web    | two\n"))
        self.assertEqual(sorted(harness.read(os.path.join(folder, "web.log")).replace("two", "two\n").split()), ["one", "two"])
        self.assertEqual(sorted(os.listdir(folder)), ["web.log", "worker.log"])

    def test_on_a_terminal_they_are_instead_of_it(self):
        terminal = self.in_terminal(two("echo one", "echo two"), "--log-dir", self.path("logs"))
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.text, "")

    def test_only_inherited_streams_are_taken(self):
        folder = self.path("logs")
        self.run_with(two("echo a; echo b >&2", "echo c").replace("  web:\n", "  web:\n    stdout: null\n"), "--log-dir", folder)
        self.assertEqual(harness.read(os.path.join(folder, "web.log")), "b\n")

    def test_no_command_has_another_ones(self):
        result = self.run_with(two("ls /proc/self/fd", "ls /proc/self/fd >&2"), "--log-dir", self.path("logs"))
        self.assertEqual(result.status, 0)
        for name in ("web", "worker"):
            self.assertEqual(harness.read(self.path(f"logs/{name}.log")).split(), ["0", "1", "2", "3"])

    def test_refusals(self):
        spec = self.write("spec.yaml", "pidns: 1\nscript: touch ran\n")
        result = self.call("run", "--log-dir", "/no/such/folder", spec)
        self.assertEqual(result.status, 125)
        self.assertIn("--log-dir /no/such/folder: No such file or directory; nothing was run", result.err)
        result = self.call("run", "--log-dir", spec, spec)
        self.assertEqual(result.status, 125)
        self.assertIn("Not a directory", result.err)
        result = self.call("run", "--log-dir", self.folder, "--output", "raw", spec)
        self.assertEqual(result.status, 125)
        self.assertIn("untouched", result.err)
        self.assertFalse(os.path.exists(self.path("ran")))
        result = self.call("run", "--output", "lines", spec)
        self.assertEqual(result.status, 125)
        self.assertIn("one of raw, prefix", result.err)


if __name__ == "__main__":
    harness.main()
