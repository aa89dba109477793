# needs: root
"""`run --events`: what happens, one JSON object a line, and nothing that did not happen."""

import fcntl
import json
import os
import signal
import time

import harness

HEAD = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
DEEP = """\
pidns: 1
namespaces:
  ns1:
    unshare: [pid, mount]
    mount-proc: true
    processes:
      a: {script: exit 3}
      b: {command: ["true"]}
    namespaces:
      ns2: {unshare: [pid, mount], mount-proc: true, init: true, command: ["true"]}
      ns3: {unshare: [pid, mount], mount-proc: true, command: [/no/such/program]}
"""


class Case(harness.TestCase):
    def start_with_events(self, spec, *options, **more):
        self.log = self.path("events")
        if os.path.exists(self.log):  # Of a run before.
            os.unlink(self.log)
        return harness.Run([harness.PIDNS, "run", "--events", self.log, *options, self.write("spec.yaml", spec)], **more)

    def events(self):
        """All that is written by now, a last unfinished line left out."""
        return [json.loads(line) for line in harness.read(self.log).split("\n")[:-1]]

    def of(self, address, events=None):
        return [event for event in (self.events() if events is None else events) if event.get("address") == address]

    def names(self, address):
        return [event["event"] for event in self.of(address)]

    def until_event(self, name, address):
        return harness.until(lambda: [e for e in self.of(address) if e["event"] == name],
                             what=f"{name} {address} in {self.events()}")[0]

    def how_it_ended(self, address):
        event = self.of(address)[-1]
        self.assertEqual(event["event"], "ended")
        return event["status"], event.get("signal"), event["cause"]


class WhatHappens(Case):
    def test_from_the_first_line_to_the_last(self):
        for options in ((), ("--no-fuse",)):
            with self.subTest(options):
                run = self.start_with_events(DEEP, *options)
                self.assertEqual(run.wait().status, 3)
                events = self.events()
                first, last = events[0], events[-1]
                self.assertEqual((first["event"], first["version"], first["name"], first["pid"]),
                                 ("run", 1, "spec", run.pid))
                self.assertEqual((last["event"], last["status"]), ("end", 3))
                times = [event["time"] for event in events]
                self.assertLess(abs(times[0] - time.time()), 60)
                self.assertEqual(times, sorted(times))
                for address in ("ns1/a", "ns1/b", "ns1/ns2"):
                    self.assertEqual(self.names(address), ["created", "executed", "ended"], address)
                self.assertEqual(self.names("ns1/ns3"), ["created", "failed", "ended"])
                self.assertEqual(self.of("ns1/ns3")[1]["message"],
                                 "ns1/ns3: execute /no/such/program: No such file or directory")
                self.assertEqual(self.names("ns1/.init"), ["created", "ended"])
                self.assertEqual({address: self.of(address)[0]["role"] for address in ("ns1/.init", "ns1/a")},
                                 {"ns1/.init": "init", "ns1/a": "command"})
                self.assertEqual(self.how_it_ended("ns1/a"), (3, None, "exit"))
                self.assertEqual(self.how_it_ended("ns1/b"), (0, None, "exit"))
                self.assertEqual(self.how_it_ended("ns1/ns3"), (127, None, "failed"))

    def test_each_process_has_its_pid_at_every_level(self):
        """Also those that end at once: nobody could be asked for their pids any more."""
        levels = {"ns1/.init": 2, "ns1/a": 2, "ns1/b": 2, "ns1/ns2/.init": 3, "ns1/ns2": 3, "ns1/ns3": 3}
        for _ in range(20):
            self.start_with_events(DEEP).wait()
            pids = {event["address"]: event["pids"] for event in self.events() if event["event"] == "created"}
            self.assertEqual({address: len(pids[address]) for address in levels}, levels)
            self.assertEqual([pids[a][-1] for a in ("ns1/.init", "ns1/a", "ns1/b", "ns1/ns2/.init", "ns1/ns2", "ns1/ns3")],
                             [1, 2, 3, 1, 2, 1])
            self.assertEqual(pids["ns1/ns2/.init"][1], 4)

    def test_the_pids_are_the_kernels(self):
        run = self.start_with_events(harness.nested(3, "init: true\ncommand: [sleep, '3811']\n"))
        self.until_event("executed", "n2/n3")
        for event in [event for event in self.events() if event["event"] == "created"]:
            seen = [int(pid) for pid in harness.status_of(event["pids"][0])["NSpid"].split()]
            self.assertEqual(event["pids"], seen[-len(event["pids"]):])
            self.assertEqual(len(event["pids"]), len(seen))
        run.signal(signal.SIGTERM)
        run.wait()

    def test_executed_is_said_only_where_it_is_so(self):
        run = self.start_with_events(HEAD + "processes:\n  a: {command: [/no/such/program]}\n"
                                            "  b: {command: [sleep, '3812']}\n")
        self.until_event("executed", "b")
        self.assertEqual(harness.argv_of(self.of("b")[0]["pids"][0]), ["sleep", "3812"])
        self.until_event("ended", "a")
        self.assertNotIn("executed", self.names("a"))
        run.signal(signal.SIGTERM)
        run.wait()

    def test_stopped(self):
        for name, head in (("PID 1", HEAD), ("PID 2", HEAD + "init: true\n"), ("plain", "pidns: 1\n")):
            with self.subTest(name):
                run = self.start_with_events(head + "command: [sleep, '3813']\n")
                self.until_event("executed", "/")
                pid = self.of("/")[0]["pids"][0]
                os.kill(pid, signal.SIGSTOP)
                self.assertEqual(self.until_event("stopped", "/")["signal"], "SIGSTOP")
                os.kill(pid, signal.SIGCONT)
                run.signal(signal.SIGTERM)
                run.wait()

    def test_why_each_ended(self):
        several = HEAD + "processes:\n  a: {command: [sleep, '3814']}\n  b: {command: [sleep, '3815']}\n"
        stubborn = HEAD + ("processes:\n  a: {script: 'trap : TERM; while :; do sleep 0.05; done'}\n"
                           "  b: {command: [sleep, '3816']}\n")
        one = HEAD + "init: true\ncommand: [sleep, '3817']\n"

        def kill(address, number):
            return lambda run: os.kill(self.of(address)[0]["pids"][0], number)

        def twice(run):
            run.signal(signal.SIGTERM)
            self.until_event("ended", "b")
            run.signal(signal.SIGTERM)

        for name, spec, address, act, wanted in (
                ("a signal", one, "/", kill("/", signal.SIGUSR1), (138, "SIGUSR1", "signal")),
                ("forwarded", one, "/", lambda run: run.signal(signal.SIGTERM), (143, "SIGTERM", "forwarded")),
                ("to a PID 1", HEAD + "command: [sleep, '3818']\n", "/", lambda run: run.signal(signal.SIGINT),
                 (130, "SIGINT", "forwarded")),
                ("stop", several, "a", lambda run: run.signal(signal.SIGTERM), (143, "SIGTERM", "stop")),
                ("run", stubborn, "a", twice, (137, "SIGKILL", "run")),
                ("lost", several, "b", kill(".init", signal.SIGKILL), (137, "SIGKILL", "lost")),
                ("timeout", one.replace("command", "timeout: 200ms\ncommand"), "/", lambda run: None,
                 (124, None, "timeout")),
                ("node", HEAD + "init: a\nprocesses:\n  a: {script: sleep 0.2}\n  b: {command: [sleep, '3819']}\n", "b",
                 lambda run: None, (137, "SIGKILL", "node")),
                ("failed", HEAD + "processes:\n  a: {cwd: /no/such, script: exit}\n  b: {script: exit}\n", "a", None,
                 (126, None, "failed"))):
            with self.subTest(name):
                run = self.start_with_events(spec)
                if act:
                    self.until_event("executed", address)
                    time.sleep(0.05)
                    act(run)
                run.wait()
                self.assertEqual(self.how_it_ended(address)[2], wanted[2], self.events())
                if name != "failed":
                    self.assertEqual(self.how_it_ended(address), wanted)

    def test_the_end_is_that_of_pidns(self):
        self.assertEqual(self.start_with_events(HEAD + "script: kill -USR1 $$\ninit: true\n").wait().status,
                         -signal.SIGUSR1)
        self.assertEqual([self.events()[-1][key] for key in ("event", "status", "signal")], ["end", 138, "SIGUSR1"])
        self.assertEqual(self.start_with_events("pidns: 1\nstdin: /no/such/file\nscript: exit 0\n").wait().status, 125)
        self.assertEqual([(e["event"], e.get("status")) for e in self.events()], [("run", None), ("end", 125)])


class Where(Case):
    def run_on(self, descriptor, spec, **options):
        return harness.Run([harness.PIDNS, "run", "--events", descriptor, self.write("spec.yaml", spec)],
                           pass_fds=[descriptor], **options)

    def test_a_descriptor_which_no_command_has(self):
        reader, writer = os.pipe()
        run = self.run_on(writer, "pidns: 1\nprocesses:\n  a: {unshare: [pid], script: 'ls /proc/self/fd'}\n".replace(
            "unshare: [pid], ", "") + "  b: {script: 'ls /proc/self/fd'}\n")
        os.close(writer)
        result = run.wait()
        self.assertEqual(result.status, 0, result)
        self.assertEqual(result.out.split(), ["0", "1", "2", "3"] * 2)
        with os.fdopen(reader) as lines:
            self.assertEqual([json.loads(line)["event"] for line in lines][-1], "end")

    def test_standard_output(self):
        result = harness.Run([harness.PIDNS, "run", "--events", "1", self.write("spec.yaml", "pidns: 1\nscript: exit 2\n")
                              ]).wait()
        self.assertEqual([json.loads(line)["event"] for line in result.out.splitlines()],
                         ["run", "created", "executed", "ended", "end"])

    def test_a_number_that_is_no_open_descriptor(self):
        spec = self.write("spec.yaml", "pidns: 1\nscript: echo ran\n")
        result = self.call("run", "--events", "77", spec)
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("descriptor 77 is not open", result.err)
        with open("/dev/null", "rb") as only_reading:
            result = self.call("run", "--events", "0", spec, stdin=only_reading)
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("open for reading only", result.err)

    def test_a_file_is_made_or_emptied(self):
        self.log = self.write("events", "old\n")
        self.call("run", "--events", self.log, self.write("spec.yaml", "pidns: 1\nscript: exit 0\n"))
        self.assertEqual(self.events()[0]["event"], "run")
        result = self.call("run", "--events", "/no/such/folder/f", self.write("spec.yaml", "pidns: 1\nscript: echo ran\n"))
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("--events /no/such/folder/f: No such file or directory", result.err)

    def test_a_reader_that_does_not_read(self):
        """The run goes on; what the pipe could not take comes when there is room."""
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        names = "".join(f"  p{n}: {{command: ['true']}}\n" for n in range(60))
        run = self.run_on(writer, f"pidns: 1\nprocesses:\n  last: {{script: 'sleep 0.5; touch {self.path('done')}'}}\n" + names)
        self.assertFalse(fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK, "seen by all who have the pipe")
        os.close(writer)
        harness.until(lambda: os.path.exists(self.path("done")), what="the end of the last")
        with os.fdopen(reader) as lines:
            events = [json.loads(line) for line in lines]
        self.assertEqual(run.wait().status, 0)
        self.assertEqual(len(events), 2 + 61 * 3)
        self.assertEqual(events[-1]["event"], "end")

    def test_one_that_never_reads_is_waited_for_a_second(self):
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        names = "".join(f"  p{n}: {{command: ['true']}}\n" for n in range(60))
        begin = time.monotonic()
        run = self.run_on(writer, "pidns: 1\nprocesses:\n" + names)
        os.close(writer)
        self.assertEqual(run.wait().status, 0)
        self.assertLess(time.monotonic() - begin, 5)
        os.close(reader)

    def test_a_reader_that_is_gone(self):
        reader, writer = os.pipe()
        os.close(reader)
        run = self.run_on(writer, HEAD + "script: exit 6\n")
        os.close(writer)
        self.assertEqual(run.wait().status, 6)

    def test_a_full_disk(self):
        result = harness.Run([harness.PIDNS, "run", "--events", "/dev/full", self.write("spec.yaml", HEAD + "script: exit 6\n")
                              ]).wait()
        self.assertEqual(result.status, 6)

    def test_a_proc_that_counts_others(self):
        """Then only the pid that the kernel tells is known, and executed is said when it is certain."""
        spec = self.write("spec.yaml", "pidns: 1\nprocesses:\n  a: {script: exit 0}\n  b: {script: exit 0}\n")
        log = self.path("events")
        harness.Run(["unshare", "-pf", harness.PIDNS, "run", "--events", log, spec]).wait()
        self.log = log
        self.assertEqual(self.names("a"), ["created", "executed", "ended"])


class Waiting(Case):
    BODY = ("pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nprocesses:\n  a: {command: [sleep, '%s']}\n"
            "  b: {command: [id], depends-on: {a: %s}}\n  c: {command: [id], depends-on: [b]}\n")

    def test_one_that_is_never_started_says_why(self):
        run = self.start_with_events(self.BODY % ("0.1", "started") + "  d: {command: [id], depends-on: {n: succeeded}}\n"
                                     "  n: {script: exit 3}\n")
        self.assertEqual(run.wait().status, 125)
        self.assertEqual(self.names("d"), ["created", "ended"])
        self.assertEqual(self.how_it_ended("d"), (125, None, "condition"))

    def test_one_that_still_waits_when_the_run_is_stopped(self):
        run = self.start_with_events(self.BODY % ("3600", "succeeded"))
        self.until_event("executed", "a")
        run.signal(signal.SIGTERM).wait()
        for address in ("b", "c"):
            self.assertEqual(self.names(address), ["created", "ended"])
            self.assertEqual(self.how_it_ended(address)[2], "stop")


if __name__ == "__main__":
    harness.main()
