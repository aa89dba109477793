# needs: root
"""`depends-on`: who starts when, who does not start, and who is stopped before whom."""

import json
import os
import signal
import time

import harness

HEAD = "pidns: 1\n"
PID = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
LOOP = "while :; do sleep 0.01; done"


class Order(harness.TestCase):
    def each(self, body, **options):
        for head in (HEAD, PID, PID + "init: true\n"):
            with self.subTest(head):
                yield self.run_spec(head + body, **options)

    def test_after_the_end_of_another(self):
        for result in self.each("processes:\n  b: {script: echo b, depends-on: {a: succeeded}}\n"
                                "  a: {script: 'sleep 0.1; echo a'}\n"):
            self.assertEqual((result.status, result.out, result.err), (0, "a\nb\n", ""), result)

    def test_a_chain_of_three(self):
        for result in self.each("processes:\n  c: {script: echo c, depends-on: {b: exited}}\n"
                                "  b: {script: 'echo b; exit 3', depends-on: {a: succeeded}}\n"
                                "  a: {script: 'sleep 0.05; echo a'}\n"):
            self.assertEqual((result.status, result.out), (3, "a\nb\nc\n"), result)

    def test_started_is_the_default_without_ready(self):
        body = ("processes:\n  b: {script: 'echo b', depends-on: [a]}\n"
                "  a: {command: [sleep, 0.3]}\n")
        for result in self.each(body):
            self.assertEqual((result.status, result.out, result.err), (0, "b\n", ""), result)

    def test_one_that_ends_at_once_has_started(self):
        body = "processes:\n  b: {script: echo b, depends-on: {a: started}}\n  a: {command: ['true']}\n"
        for _ in range(5):
            for result in self.each(body):
                self.assertEqual((result.status, result.out, result.err), (0, "b\n", ""), result)

    def test_the_pids_are_as_promised(self):
        body = ("processes:\n  b: {script: 'echo $$', depends-on: {a: exited}}\n  a: {script: 'echo $$'}\n")
        self.assertEqual(self.ok(PID + body), "3\n2\n")

    def test_across_nodes_at_any_depth(self):
        spec = (PID + "namespaces:\n  deep:\n    unshare: [pid, mount]\n    mount-proc: true\n    namespaces:\n"
                "      er:\n        unshare: [pid, uts]\n        processes:\n"
                "          w: {script: echo w, depends-on: {other/in/x: exited}}\n"
                "          y: {command: [sleep, 0.2]}\n"
                "  other:\n    unshare: [uts]\n    namespaces:\n      in:\n        unshare: [user, pid]\n        processes:\n"
                "          x: {script: 'sleep 0.1; echo x'}\n          z: {command: [sleep, 0.2]}\n")
        self.assertEqual(self.ok(spec), "x\nw\n")

    def test_a_sibling_comes_before_the_roots(self):
        spec = (HEAD + "namespaces:\n  n:\n    processes:\n      b: {script: echo b, depends-on: {a: exited}}\n"
                "      a: {script: 'sleep 0.1; echo n/a'}\n  a: {script: 'sleep 0.3; echo a'}\n")
        self.assertEqual(self.ok(spec), "n/a\nb\na\n")

    def test_all_copies_and_all_in_a_node(self):
        spec = (HEAD + "processes:\n  b: {script: echo b, depends-on: {web: exited}}\n"
                "  web: {replicas: 3, script: 'sleep 0.0$PIDNS_REPLICA; echo web'}\n")
        self.assertEqual(self.ok(spec), "web\nweb\nweb\nb\n")
        spec = (HEAD + "processes:\n  b: {script: echo b, depends-on: {n: exited}}\nnamespaces:\n  n:\n"
                "    unshare: [pid]\n    processes:\n      x: {script: echo x}\n      y: {script: 'sleep 0.1; echo x'}\n")
        self.assertEqual(self.ok(spec), "x\nx\nb\n")
        spec = (HEAD + "processes:\n  b: {script: echo b, depends-on: {pod/x: exited}}\nnamespaces:\n  pod:\n"
                "    replicas: 2\n    processes:\n      x: {script: 'sleep 0.0$PIDNS_REPLICA; echo x'}\n"
                "      y: {command: [sleep, 0.3]}\n")
        self.assertEqual(self.ok(spec), "x\nx\nb\n")

    def test_what_others_write_ends_when_they_end_though_somebody_waits(self):
        """Even for the one that reads it, which would else wait for ever."""
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        body = ("processes:\n  reads: {script: 'cat; echo end', stdin: FIFO, stdout: OUT}\n"
                "  writes: {script: 'echo words', stdout: FIFO}\n  also: {script: 'cat OUT', depends-on: {reads: exited}}\n"
                "  last: {script: 'echo last', stdin: null, stderr: OUT, depends-on: {also: exited}}\n"
                ).replace("FIFO", fifo).replace("OUT", self.path("out"))
        holds = os.open(fifo, os.O_RDWR)  # To open one end waits for the other.
        for head in (HEAD, PID, PID + "init: true\n"):
            with self.subTest(head):
                run = self.start(head + body)
                harness.until(lambda: harness.read(self.path("out")) == "words\n", what="the words")
                os.close(holds)
                result = run.wait(5)
                self.assertEqual((result.status, result.out, result.err), (0, "words\nend\nlast\n", ""), result)
                holds = os.open(fifo, os.O_RDWR)
                os.unlink(self.path("out"))
        os.close(holds)

    def test_its_directory_may_be_made_by_another(self):
        spec = (HEAD + "processes:\n  b: {command: [pwd], cwd: %s, depends-on: {a: succeeded}}\n"
                "  a: {command: [mkdir, %s]}\n") % (self.path("new"), self.path("new"))
        self.assertEqual(self.ok(spec), self.path("new") + "\n")

    def test_what_init_names_may_wait_and_its_members_wait_for_it(self):
        spec = (HEAD + "namespaces:\n  n:\n    unshare: [pid]\n    init: one\n    processes:\n"
                "      two: {script: echo two}\n"
                "      one: {script: 'echo one; sleep 0.2', depends-on: {m: exited}}\n"
                "  m: {script: 'sleep 0.1; echo m'}\n")
        out = self.ok(spec).split()
        self.assertEqual((out[0], sorted(out)), ("m", ["m", "one", "two"]))

    def test_timeout_counts_from_the_start(self):
        body = ("processes:\n  b: {script: 'sleep 0.1', timeout: 300ms, depends-on: {a: exited}}\n"
                "  a: {command: [sleep, 0.4]}\n")
        for result in self.each(body):
            self.assertEqual(result.status, 0, result)


    def test_nobody_else_opens_a_gate(self):
        """By a signal like pidns's own, with each word that there may be."""
        forge = ("import ctypes, struct\n"
                 "for word in range(256):\n"
                 "    news = struct.pack('iiiiiiQ', 32, 0, -1, 0, 1, 0, word << 24 | 3).ljust(128, b'\\0')\n"
                 "    assert ctypes.CDLL(None).syscall(129, 3, 32, news) == 0\n")  # rt_sigqueueinfo(2) to pid 3
        if os.uname().machine != "x86_64":
            self.skipTest("numbers of system calls")
        self.write("forge.py", forge)
        run = self.start(PID + "processes:\n  a: {script: \"python3 %s; echo sent; %s; echo a\"}\n"
                         "  b: {script: echo b, depends-on: {a: exited}}\n" % (self.path("forge.py"), self.until_go()))
        run.until_out("sent\n")
        time.sleep(0.1)
        self.assertEqual(run.out, "sent\n")
        self.go()
        result = run.wait(5)
        self.assertEqual((result.status, result.out), (0, "sent\na\nb\n"), result)


class Lost(harness.TestCase):
    def test_the_dependent_is_not_started_and_counts_as_125(self):
        body = ("processes:\n  a: {script: exit 0}\n  b: {script: echo b, depends-on: {c: succeeded}}\n"
                "  c: {script: exit 3}\n  d: {script: echo d, depends-on: {b: started}}\n"
                "  e: {script: echo e, depends-on: {b: exited}}\n")
        for head in (HEAD, PID):
            with self.subTest(head):
                result = self.run_spec(head + body)
                self.assertEqual((result.status, result.out), (125, ""), result)
                self.assertIn("b: not started: c can no longer be `succeeded`", result.err)
                self.assertIn("d: not started: b can no longer be `started`", result.err)
                self.assertIn("e: not started: b can no longer be `exited`", result.err)

    def test_one_that_cannot_be_executed_never_starts(self):
        body = "processes:\n  b: {script: echo b, depends-on: [a]}\n  a: {command: [/no/such]}\n"
        for head in (HEAD, PID):
            with self.subTest(head):
                result = self.run_spec(head + body)
                self.assertEqual((result.status, result.out), (125, ""), result)

    def test_the_others_go_on(self):
        body = ("processes:\n  a: {script: exit 3}\n  b: {script: echo b, depends-on: {a: succeeded}}\n"
                "  c: {script: 'sleep 0.1; echo c'}\n")
        result = self.run_spec(PID + body)
        self.assertEqual((result.status, result.out), (3, "c\n"), result)

    def test_a_set_up_that_fails_ends_those_who_wait(self):
        spec = (HEAD + "processes:\n  a: {command: [sleep, 3600]}\n  b: {script: echo b, depends-on: {a: exited}}\n"
                "namespaces:\n  n: {unshare: [mount], mounts: [{type: bind, source: /no/such, target: /mnt}], command: [id]}\n")
        result = self.run_spec(spec, timeout=5)
        self.assertEqual((result.status, result.out), (125, ""), result)

    def test_killing_pidns_ends_those_who_wait(self):
        for head in (HEAD, PID):
            run = self.start(head + "processes:\n  a: {script: 'echo up; exec sleep 3600'}\n"
                             "  b: {command: [sleep, 3600], depends-on: {a: exited}}\n").until_out("up")
            run.kill()
            harness.assert_nothing_left(within=3)


    def test_those_who_wait_end_also_where_nothing_is_tied_to_pidns(self):
        """Whatever else the caller wants to go on: who has not started yet does not."""
        head = HEAD + "unshare: [pid, mount]\nkill-child: false\nmount-proc: true\n"
        run = self.start(head + "processes:\n  a: {script: 'echo up; exec sleep 3605'}\n"
                         "  b: {command: [sleep, 3606], depends-on: {a: exited}}\n").until_out("up")
        [init] = harness.children_of(run.pid)
        self.assertEqual(len(harness.children_of(init)), 2)
        run.kill()
        harness.until(lambda: [harness.argv_of(p)[0] for p in harness.children_of(init)] == ["sleep"], what="the end of b")
        harness.kill_everything()

    def test_those_who_wait_end_with_the_process_of_ours_that_made_them(self):
        """Also where the signal that they would get from the kernel is blocked while they wait."""
        run = self.start(HEAD + "namespaces:\n  n:\n    unshare: [uts]\n    kill-child: SIGTERM\n    processes:\n"
                         "      a: {script: 'echo up; exec sleep 3607'}\n      b: {command: [sleep, 3608], depends-on: {m: exited}}\n"
                         "  m: {script: \"%s\"}\n" % self.until_go()).until_out("up")
        [holder] = [p for p in harness.children_of(run.pid) if len(harness.children_of(p)) == 2]
        [waits] = [p for p in harness.children_of(holder) if "3607" not in harness.argv_of(p)]
        os.kill(holder, signal.SIGKILL)
        harness.until(lambda: harness.state_of(waits) in ("", "Z"), what="the end of b")
        self.assertIsNone(run.process.poll())
        self.go()
        self.assertEqual(run.wait(5).status, 137)


class Stop(harness.TestCase):
    def spec(self):
        tell = "script: \"trap 'echo $PIDNS_PATH; exit 0' TERM; echo up; %s\"" % LOOP
        return ("processes:\n  a: {%s}\n  b: {%s, depends-on: [a]}\n  c: {%s, depends-on: [b]}\n"
                "  w: {script: echo never, depends-on: {a: exited}}\n") % (tell, tell, tell)

    def test_in_reverse_order(self):
        for head in (HEAD, PID):
            with self.subTest(head):
                run = self.start(head + self.spec()).until_out("up\nup\nup\n")
                result = run.signal(signal.SIGTERM).wait(5)
                self.assertEqual((result.status, result.out, result.err), (0, "up\n" * 3 + "c\nb\na\n", ""), result)

    def test_one_that_has_ended_before_holds_nobody_up(self):
        for head in (HEAD, PID):
            with self.subTest(head):
                run = self.start(head + "processes:\n  a: {script: \"trap 'echo a; exit 0' TERM; echo up; %s\"}\n"
                                 "  b: {script: 'exit 0', depends-on: [a]}\n  c: {script: 'exit 0', depends-on: {b: exited}}\n"
                                 "  d: {script: 'echo d; exec sleep 3600', depends-on: {c: exited}}\n" % LOOP).until_out("d\n")
                harness.until(lambda: "up" in run.out, what="the trap")
                result = run.signal(signal.SIGTERM).wait(5)
                self.assertEqual((result.status, result.out.split()[-1]), (143, "a"), result)

    def test_the_second_signal_kills(self):
        run = self.start(HEAD + "processes:\n  a: {command: [sleep, 3600]}\n"
                         "  b: {script: \"trap '' TERM; echo up; %s\", depends-on: [a]}\n" % LOOP).until_out("up\n")
        run.signal(signal.SIGTERM)
        result = run.signal(signal.SIGINT).wait(5)
        self.assertEqual(result.status, 137, result)

    def test_one_that_may_start_but_has_not_yet_is_asked_when_it_has(self):
        """It is held while the condition comes true and the stop comes; what it was told is not taken back."""
        for head in (HEAD, PID):
            with self.subTest(head):
                log = self.path("events")
                run = self.start(head + "processes:\n  a: {command: [sleep, 3600], depends-on: {flag: exited}}\n"
                                 "  flag: {script: \"%s\"}\n  last: {command: [sleep, 3601]}\n" % self.until_go(),
                                 "--events", log)

                def told():
                    return [json.loads(line) for line in harness.read(log).split("\n")[:-1]]

                def event(name, address):
                    return harness.until(lambda: [one for one in told() if (one["event"], one.get("address")) ==
                                                  (name, address)], what=f"{name} {address}")[0]

                pid = event("created", "a")["pids"][0]
                event("executed", "last")
                os.kill(pid, signal.SIGSTOP)
                event("stopped", "a")
                self.go()
                event("ended", "flag")
                run.signal(signal.SIGTERM)
                event("ended", "last")
                os.kill(pid, signal.SIGCONT)
                self.assertEqual(run.wait(5).status, 143)
                of_a = [one for one in told() if one.get("address") == "a"]
                self.assertEqual([one["event"] for one in of_a], ["created", "stopped", "executed", "ended"])
                self.assertEqual((of_a[-1]["signal"], of_a[-1]["cause"]), ("SIGTERM", "stop"))
                os.unlink(self.path("go"))
                os.unlink(log)


class Refused(harness.TestCase):
    def refused(self, body, line, words):
        result = self.run_spec(HEAD + body)
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assert_place(result, line, words=words)

    def test_circles(self):
        waits = "processes:\n  a: {command: [id], depends-on: [b]}\n  b: {command: [id], depends-on: [c]}\n"
        self.refused(waits + "  c: {command: [id], depends-on: [a]}\n", 3, "a -> b -> c -> a")
        self.refused("processes:\n  a: {command: [id], depends-on: [a]}\n", 3, "a -> a")
        self.refused("namespaces:\n  n:\n    processes:\n      a: {command: [id], depends-on: [n]}\n", 5, "n/a -> n/a")
        self.refused("unshare: [pid]\ninit: a\nprocesses:\n  a: {command: [id], depends-on: [b]}\n"
                     "  b: {command: [id]}\n", 5, "a -> b -> a")

    def test_a_long_chain_is_no_circle(self):
        body = "processes:\n" + "".join(f"  p{i}: {{command: [id], depends-on: [p{i + 1}]}}\n" for i in range(20000))
        result = self.call("validate", "-", stdin=HEAD + body + "  p20000: {command: [id]}\n")
        self.assertEqual(result.status, 0, result.err[:500])

    def test_unknown_addresses(self):
        self.refused("processes:\n  a: {command: [id], depends-on: [bee]}\n  bees: {command: [id]}\n", 3, "bee")
        self.refused("processes:\n  a: {command: [id], depends-on: [b-3]}\n  b: {command: [id], replicas: 2}\n", 3, "b-3")


if __name__ == "__main__":
    harness.main()
