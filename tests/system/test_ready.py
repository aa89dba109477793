# needs: root
"""`ready`: each probe, where and as whom it runs, and what follows when it is missed."""

import json
import os
import signal
import time

import harness

HEAD = "pidns: 1\n"
PID = "pidns: 1\nunshare: [pid, mount, net]\nmount-proc: true\n"
USER = "pidns: 1\nunshare: [user, pid, mount, net]\nmount-proc: true\n"
SERVER = "python3 -c 'import socket,time; time.sleep(0.2); s=socket.socket(%s); s.bind((\"%s\",%d)); s.listen(); time.sleep(3600)'"


class Probes(harness.TestCase):
    def both(self, keys, **options):
        """`b` writes `b` when `a` is ready, and ends the run."""
        for head in (HEAD, PID, PID + "init: true\n", USER):
            with self.subTest(head):
                if os.path.exists(self.path("flag")):
                    os.remove(self.path("flag"))
                yield self.run_spec(head + "processes:\n  b: {script: echo b, main: true, depends-on: [a]}\n"
                                    "  a:\n    " + keys.replace("\n", "\n    ") + "\n", timeout=10, **options)

    def ready_after(self, keys, out, **options):
        for result in self.both(keys, **options):
            self.assertEqual((result.status, result.out, result.err), (0, out, ""), result)

    def test_path(self):
        self.ready_after("script: 'sleep 0.1; echo a; : > FLAG; exec sleep 3600'\n"
                         "ready: {path: FLAG, every: 10ms}".replace("FLAG", self.path("flag")), "a\nb\n")

    def test_script_and_command(self):
        flag = self.path("flag")
        for probe in ("{script: 'test -e %s', every: 10ms}" % flag, "{command: [test, -e, %s], every: 10ms}" % flag,
                      "{path: %s, every: 10ms}" % flag):
            for head in (HEAD, PID, USER):
                with self.subTest(probe + head):
                    result = self.run_spec(
                        head + "processes:\n  b: {script: 'test -e %s; rm %s; echo b', main: true, depends-on: {a: ready}}\n"
                        "  a:\n    script: 'sleep 0.2; : > %s; exec sleep 3600'\n    ready: %s\n" % (flag, flag, flag, probe),
                        timeout=10)
                    self.assertEqual((result.status, result.out, result.err), (0, "b\n", ""), result)

    def test_tcp(self):
        for family, address in (("", "127.0.0.1"), ("10", "::1")):
            self.ready_after("script: |\n  %s\nready: {tcp: 39471, every: 20ms}" % (SERVER % (family, address, 39471)), "b\n")

    def test_output(self):
        for stream in ("", " >&2"):
            for result in self.both("script: 'echo one; sleep 0.1; echo port 8080 open%s; exec sleep 3600'\n"
                                    "ready: {output: 'port [0-9]+ open'}" % stream):
                self.assertEqual(result.status, 0, result)
                self.assertEqual(sorted((result.out + result.err).splitlines()), ["b", "one", "port 8080 open"])

    def test_output_of_one_that_ends_at_once(self):
        """What was said is heard, however soon the end comes, and before or after the exec is told."""
        spec = ("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nprocesses:\n"
                "  a: {command: [echo, ready], ready: {output: ready}}\n"
                "  b: {script: echo ready; exec sleep 0.05, ready: {output: ready}}\n"
                "  c: {depends-on: {a: ready, b: ready}, command: [echo, last]}\n")
        events = self.path("events")
        for _ in range(10):
            result = self.run_spec(spec, "--events", events)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertEqual(result.out, "ready\nready\nlast\n")
            told = [json.loads(line) for line in harness.read(events).splitlines()]
            self.assertEqual(sorted(one["address"] for one in told if one["event"] == "ready"), ["a", "b"])
            order = [one["event"] for one in told if one.get("address") == "a"]
            self.assertLess(order.index("ready"), order.index("ended"))
            os.unlink(events)

    def test_output_is_copied_unchanged(self):
        data = "a\\0b\\nno end"
        result = self.run_spec(HEAD + "script: printf '%s'; sleep 0.1\nready: {output: end}\n" % data)
        self.assertEqual((result.status, result.out), (0, "a\0b\nno end"), result)

    def test_output_that_goes_to_files(self):
        """What is heard stands in the file, and nowhere else; of one file in the order in which it was written."""
        out, err = self.path("out"), self.path("err")
        says = "script: 'echo one; echo two >&2; echo three; echo up%s; exec sleep 3600'\nready: {output: ^up}\n"
        for stream in ("", " >&2"):
            for streams, files in (("stdout: %s\nstderr: %s\n" % (out, out), {out: "one\ntwo\nthree\nup\n"}),
                                   ("stdout: %s\nstderr: %s\n" % (out, err),
                                    {out: "one\nthree\n" if stream else "one\nthree\nup\n",
                                     err: "two\nup\n" if stream else "two\n"}),
                                   ("stdout: null\nstderr: null\n", {})):
                for result in self.both(says % stream + streams):
                    self.assertEqual((result.status, result.out, result.err), (0, "b\n", ""), result)
                    for path, text in files.items():
                        self.assertEqual(harness.read(path), text)
                        os.unlink(path)

    def test_output_of_which_a_part_goes_to_a_file(self):
        out = self.path("out")
        for result in self.both("script: 'echo one; echo up >&2; exec sleep 3600'\nready: {output: up}\n"
                                "stdout: %s" % out):
            self.assertEqual((result.status, result.out, result.err), (0, "b\n", "up\n"), result)
            self.assertEqual(harness.read(out), "one\n")
            os.unlink(out)

    def test_output_that_goes_to_a_log_or_behind_a_prefix(self):
        logs, out = self.path("logs"), self.path("out")
        os.mkdir(logs)
        spec = (HEAD + "processes:\n  a: {script: echo up; echo more >&2; exec sleep 3600, ready: {output: more}%s}\n"
                "  b: {script: echo b, main: true, depends-on: [a]}\n")
        result = self.run_spec(spec % "", "--log-dir", logs, timeout=10)
        self.assertEqual((result.status, result.out, result.err), (0, "", ""), result)
        self.assertEqual((harness.read(logs + "/a.log"), harness.read(logs + "/b.log")), ("up\nmore\n", "b\n"))
        result = self.run_spec(spec % "", "--log-dir", logs, "--output", "prefix", timeout=10)
        self.assertEqual((result.status, result.out, result.err), (0, "a | up\nb | b\n", "a | more\n"), result)
        self.assertEqual(harness.read(logs + "/a.log"), "up\nmore\n" * 2)
        result = self.run_spec(spec % (", stdout: " + out), "--output", "prefix", timeout=10)
        self.assertEqual((result.status, result.out, result.err), (0, "b | b\n", "a | more\n"), result)
        self.assertEqual(harness.read(out), "up\n")

    def test_output_to_a_fifo_that_nobody_empties_holds_up_only_who_writes(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        run = self.start(HEAD + "processes:\n  a: {script: 'echo up; head -c 1000000 /dev/zero; exec sleep 3600', stdout: %s, "
                         "ready: {output: up}}\n  b: {script: 'echo b; exec sleep 3600', depends-on: [a]}\n" % fifo)
        run.until_out("b\n")
        # More than the fifo takes: so much has been written when the pipe behind which pidns reads is full, too.
        harness.until(lambda: any("pipe_write" in harness.read(f"/proc/{pid}/wchan") for pid in harness.descendants_of(run.pid)),
                      what="the writer waiting")
        run.signal(signal.SIGTERM)
        harness.until(lambda: not harness.children_of(run.pid), what="all have ended")
        self.assertIsNone(run.process.poll(), "what was written is still to be taken")
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, 143)
        os.close(reader)

    def test_output_to_a_terminal_of_its_own(self):
        for line in ("echo up", "printf up"):
            result = self.run_spec(PID + "processes:\n  a: {script: '%s; exec sleep 3600', terminal: new, ready: {output: '^up$'}}\n"
                                   "  b: {script: 'sleep 0.1; echo b', main: true, depends-on: [a]}\n" % line, timeout=10)
            self.assertEqual((result.status, result.out.split()), (0, ["up", "b"] if line == "echo up" else ["upb"]), result)

    def test_it_runs_inside_as_the_process(self):
        told = self.path("told")
        spec = (PID + "processes:\n"
                "  b: {command: [sleep, 3600], uid: 1234, gid: 1235, cwd: /usr, env: {WORD: w}, umask: \"0007\",\n"
                "      ready: {script: 'echo \"$(id -u):$(id -g):$PWD:$WORD:$PIDNS_PATH:$(umask):$(readlink /proc/self/ns/pid)\" > %s'}}\n"
                "  a: {script: 'readlink /proc/self/ns/pid', main: true, depends-on: [b]}\n") % told
        self.write("told", "", 0o666)
        os.chmod(self.folder, 0o755)
        out = self.ok(spec).strip()
        self.assertEqual(harness.read(told).strip(), f"1234:1235:/usr:w:b:0007:{out}")

    def test_of_a_node_each_as_far_as_it_says_when_it_is(self):
        """Ready where it has a `ready`, else started: what a list means for a node with both kinds."""
        flag = self.path("flag")
        spec = (HEAD + "namespaces:\n  n:\n    unshare: [pid]\n    processes:\n      x: {script: 'sleep 0.3; : > %s; exec sleep 3600', "
                "ready: {path: %s, every: 10ms}}\n      y: {command: [sleep, 3600]}\n"
                "  m: {script: test -e %s; echo m, main: true, depends-on: [n]}\n") % (flag, flag, flag)
        self.assertEqual(self.ok(spec, timeout=10), "m\n")

    def test_of_a_pid_1_that_is_the_command(self):
        spec = (HEAD + "namespaces:\n  n:\n    unshare: [pid, mount, uts]\n    mount-proc: true\n    hostname: inside\n"
                "    command: [sleep, 3600]\n    ready: {script: 'test \"$(hostname)\" = inside; test -e /proc/1/comm'}\n"
                "  m: {script: echo m, main: true, depends-on: [n]}\n")
        self.assertEqual(self.ok(spec, timeout=10), "m\n")

    def test_one_probe_at_a_time(self):
        log = self.path("log")
        spec = (HEAD + "processes:\n  a: {command: [sleep, 3600], ready: {every: 10ms, within: 10s, script: "
                "'echo in >> %s; sleep 0.15; echo out >> %s; test $(wc -l < %s) -ge 6'}}\n"
                "  m: {script: ':', main: true, depends-on: [a]}\n") % (log, log, log)
        self.assertEqual(self.run_spec(spec, timeout=10).status, 0)
        self.assertEqual(harness.read(log).split(), ["in", "out"] * 3)

    def test_the_pause_counts_from_the_end_of_a_probe(self):
        log = self.path("log")
        spec = (HEAD + "processes:\n  a: {command: [sleep, 3600], ready: {every: 200ms, within: 10s, script: "
                "'date +%%s.%%N >> %s; sleep 0.05; date +%%s.%%N >> %s; test $(wc -l < %s) -ge 8'}}\n"
                "  m: {script: ':', main: true, depends-on: [a]}\n") % (log, log, log)
        self.assertEqual(self.run_spec(spec, timeout=10).status, 0)
        times = [float(line) for line in harness.read(log).split()]
        for end, begin in zip(times[1::2], times[2::2]):
            self.assertGreater(begin - end, 0.19)

    def test_what_a_probe_has_started_goes_with_it(self):
        """Once nobody asks any more: while the others go on, and though no pid namespace holds it."""
        run = self.start(HEAD + "processes:\n  b: {script: \"%s\"}\n  a: {script: 'while ! [ -e %s ]; do sleep 0.02; done',\n"
                         "    ready: {script: 'sleep 3603 & echo $! > %s; wait'}}\n" %
                         (self.until_go(), self.path("flag"), self.path("flag")))
        started = int(harness.until(lambda: harness.read(self.path("flag")).strip(), what="the probe"))
        harness.until(lambda: harness.state_of(started) in ("Z", ""), what="the end of what the probe started")
        self.assertIsNone(run.process.poll())
        self.go()
        self.assertEqual(run.wait(5).status, 0)


class Missed(harness.TestCase):
    def test_the_run_stops_in_order_with_125(self):
        for head in (HEAD, PID):
            with self.subTest(head):
                result = self.run_spec(
                    head + "processes:\n  a: {script: \"trap 'echo asked; exit 0' TERM; while :; do sleep 0.01; done\",\n"
                    "      ready: {path: /no/such, within: 300ms, every: 20ms}}\n"
                    "  b: {script: echo never, depends-on: [a]}\n", timeout=8)
                self.assertEqual((result.status, result.out), (125, "asked\n"), result)
                self.assertIn("a: not ready within 300ms", result.err)

    def test_it_says_what_the_probe_found(self):
        """Which writes to nowhere."""
        for probe, why in (("path: /no/such", "`/no/such` did not appear"), ("tcp: 9", "nothing listened on port 9 of 127.0.0.1 or ::1"),
                           ("output: no such", "nothing that it wrote matched"),
                           ("command: [/no/such]", "its last probe ended with status 127: not found"),
                           ("command: [/dev/null]", "its last probe ended with status 126: not executable"),
                           ("script: exit 3", "its last probe ended with status 3\n"),
                           ("script: exec sleep 3600", "its first probe had not ended")):
            for head in (HEAD, PID):
                with self.subTest(probe, head=head):
                    result = self.run_spec(head + f"command: [sleep, 3600]\nready: {{{probe}, within: 200ms, every: 20ms}}\n")
                    self.assertEqual(result.status, 125, result)
                    self.assertIn(f"   = why: {why}", result.err)
                    self.assertIn("   = try: a longer `within`", result.err)

    def test_a_probe_that_hangs_is_ended(self):
        result = self.run_spec(HEAD + "command: [sleep, 3600]\nready: {command: [sleep, 3600], within: 200ms}\n", timeout=5)
        self.assertEqual(result.status, 125, result)
        result = self.run_spec(PID + "command: [sleep, 3600]\nready: {command: [sleep, 3600], within: 200ms}\n", timeout=5)
        self.assertEqual(result.status, 125, result)

    def test_one_that_ends_before(self):
        never = "ready: {path: /no/such, every: 10ms}"
        result = self.run_spec(HEAD + "script: 'sleep 0.1; exit 0'\n" + never + "\n", timeout=5)
        self.assertEqual((result.status, result.err), (0, ""), result)
        result = self.run_spec(HEAD + "script: 'sleep 0.1; exit 3'\n" + never + "\n", timeout=5)
        self.assertEqual(result.status, 125, result)
        self.assertIn("ended with status 3 before it was ready", result.err)
        result = self.run_spec(HEAD + "processes:\n  a: {script: 'sleep 0.1', %s}\n"
                               "  b: {script: echo never, depends-on: [a]}\n" % never, timeout=5)
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertIn("b: not started: a can no longer be `ready`", result.err)

    def test_the_end_of_its_node_before_it_is_ready_is_no_failure_of_it(self):
        """Whether PID 1 ends, whose end ends the others, or `main`, with which the run ends."""
        never = "{command: [sleep, 3600], ready: {path: /no/such, every: 10ms}}\n"
        node = "namespaces:\n  n:\n    unshare: [pid]\n    init: one\n    processes:\n      one: {script: sleep 0.2}\n"
        for spec in (HEAD + node + "      two: " + never, HEAD + node + "      two: " + never + "  m: {script: sleep 0.4}\n",
                     HEAD + "processes:\n  m: {script: sleep 0.2, main: true}\n  a: " + never):
            with self.subTest(spec):
                result = self.run_spec(spec, timeout=5)
                self.assertEqual((result.status, result.err), (0, ""), result)

    def test_what_is_being_stopped_need_not_be_ready_in_time(self):
        run = self.start(HEAD + "processes:\n  a: {script: \"trap 'sleep 1.5; exit 0' TERM; echo up; while :; do sleep 0.02; done\",\n"
                         "      ready: {path: /no/such, within: 1s}}\n  b: {script: 'trap exit TERM; echo up; while :; do sleep 0.02; "
                         "done'}\n")
        harness.until(lambda: run.out == "up\nup\n", what="two traps")
        result = run.signal(signal.SIGTERM).wait(5)
        self.assertEqual((result.status, result.err), (0, ""), result)

    def test_a_signal_before_it_is_ready_is_no_failure_of_it(self):
        run = self.start(HEAD + "script: 'echo up; exec sleep 3600'\nready: {path: /no/such}\n").until_out("up")
        time.sleep(0.1)
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, -signal.SIGTERM)


if __name__ == "__main__":
    harness.main()
