# needs: root
"""`init: NAME`: a process of the spec is PID 1, and the node's other processes stand beside it."""

import os
import re
import signal
import time

import harness
import people
from harness import until

HEAD = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\ninit: one\n"

def process(name, text, **keys):
    """A process of the spec with a script, at the indentation of `processes`."""
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"  {name}:\n{lines}    script: |\n" + "".join(f"      {line}\n" for line in text.splitlines())


def node(*processes, head=HEAD, nested=""):
    return head + "processes:\n" + "".join(processes) + nested


def who(name, after="", **keys):
    return process(name, f"echo {name} $$ $PPID{after}", **keys)


WAIT = "while :; do sleep 0.02 || :; done"


class Standing(people.TestCase):
    """Who is PID 1, and what the others see."""

    def test_it_is_pid_1_and_the_others_have_no_parent_there(self):
        # A PID 1 that ends takes the others with it: it waits for their lines.
        wait = "; until grep -q two lines && grep -q three lines; do sleep 0.01; done; cat lines"
        for order in (("one", "two", "three"), ("two", "one", "three"), ("two", "three", "one")):
            with self.subTest(order=order):
                self.write("lines", "")
                parts = {"one": process("one", "echo one $$ $PPID" + wait),
                         "two": process("two", "echo two $PPID >>lines; exec sleep 3650"),
                         "three": process("three", "echo three $PPID >>lines; exec sleep 3650")}
                out = self.ok(node(*(parts[name] for name in order), head=HEAD + f"cwd: {self.folder}\n"))
                self.assertEqual(sorted(out.splitlines()), ["one 1 0", "three 0", "two 0"])

    def test_it_may_be_the_only_process(self):
        self.assertEqual(self.ok(node(who("one"))), "one 1 0\n")

    def test_ps_shows_them_and_no_process_of_ours(self):
        out = self.ok(node(process("one", "until test -e two; do sleep 0.01; done; ps -e -o pid=,ppid=,comm="),
                           process("two", "touch two; exec sleep 3650"), head=HEAD + f"cwd: {self.folder}\n"))
        rows = [line.split() for line in out.splitlines()]
        self.assertEqual(rows[0], ["1", "0", "sh"])
        self.assertEqual(sorted(row[2] for row in rows), ["ps", "sh", "sleep"], out)

    def test_the_holder_stands_in_the_nodes_other_namespaces_and_in_the_pid_namespace_around(self):
        spec = node(process("one", f"echo ready; {WAIT}"), process("two", "exec sleep 3650"),
                    head="pidns: 1\nunshare: [pid, mount, uts]\nmount-proc: true\nhostname: held\ninit: one\n")
        run = self.start(spec).until_out("ready")
        holder, = harness.children_of(run.pid)
        self.assertEqual(" ".join(harness.argv_of(holder)), "pidns: holder /")
        self.assertEqual(os.readlink(f"/proc/{holder}/ns/pid"), os.readlink("/proc/self/ns/pid"))
        members = until(lambda: len(harness.children_of(holder)) == 2 and harness.children_of(holder), what="two members")
        for kind in ("mnt", "uts"):
            links = {os.readlink(f"/proc/{p}/ns/{kind}") for p in [holder, *members]}
            self.assertEqual(len(links), 1, kind)
            self.assertNotIn(os.readlink(f"/proc/self/ns/{kind}"), links)
        self.assertEqual(len({os.readlink(f"/proc/{p}/ns/pid") for p in members}), 1)
        run.signal(signal.SIGTERM)
        run.wait(5)

    def test_what_the_node_sets_up_holds_for_all(self):
        look = "read -r name </proc/sys/kernel/hostname; echo {0} $name; test -d /proc/1/ns && test ! -e /proc/$CALLER"
        spec = node(process("two", look.format("two") + " && echo fine >two"),
                    process("one", look.format("one") + "; until test -e two; do sleep 0.01; done"),
                    nested="namespaces:\n  in:\n    script: until test -e two; do sleep 0.01; done; " +
                           "read -r name </proc/sys/kernel/hostname; echo in $name >in; exec sleep 3650\n",
                    head="pidns: 1\nunshare: [pid, mount, uts, ipc]\nhostname: together\nmount-proc: true\ninit: one\n"
                         f"cwd: {self.folder}\n")
        result = self.run_spec(spec, env={"CALLER": str(os.getpid())})
        self.assertEqual((result.status, sorted(result.out.split("\n"))), (0, ["", "one together", "two together"]), result)

    def test_bash_with_a_sidecar(self):
        spec = HEAD + f"cwd: {self.folder}\nprocesses:\n" \
            "  side: {script: echo $PPID >side; exec sleep 3650}\n" \
            "  one: {command: [bash, -c, 'until test -s side; do sleep 0.01; done; echo $$ $PPID; cat side; exit 4']}\n"
        result = self.run_spec(spec)
        self.assertEqual((result.status, result.out, result.err), (4, "1 0\n0\n", ""))

    def test_it_reaps_what_is_orphaned(self):
        spec = node(process("one", """\
until test -e orphaned; do sleep 0.01; done
sleep 0.3
read -r ppid <parent
echo the parent is $ppid
ps -e -o stat= | grep -c Z || :"""),
                    process("two", """\
sh -c 'exec sh -c "sleep 0.1; read -r pid comm state ppid rest </proc/\\$\\$/stat; echo \\$ppid >parent; touch orphaned" &'
exec sleep 3650"""), head=HEAD + f"cwd: {self.folder}\n")
        self.assertEqual(self.ok(spec), "the parent is 1\n0\n")

    def test_at_depth_two_and_nested_in_itself(self):
        inner = "".join("    " + line + "\n" for line in node(
            process("one", "echo inner $$; until test -e side; do sleep 0.01; done"), process("two", "touch side; sleep 3650"),
            head="unshare: [pid, mount]\nmount-proc: true\ninit: one\n").splitlines())
        for around in ("unshare: [pid]\ninit: true\n", "unshare: [pid]\ninit: wait\nprocesses:\n"
                       "  wait: {script: until test -e side; do sleep 0.01; done; sleep 0.2}\n", "unshare: [uts]\n", ""):
            with self.subTest(around=around):
                self.assertEqual(self.ok(f"pidns: 1\ncwd: {self.folder}\n{around}namespaces:\n  in:\n{inner}"), "inner 1\n")
                os.unlink(self.path("side"))


class Nested(people.TestCase):
    """Nodes nested in one whose PID 1 a process of the spec is."""

    def nested(self, keys):
        spec = node(process("one", "until test -e done; do sleep 0.01; done; cat lines"), head=HEAD + f"cwd: {self.folder}\n",
                    nested="namespaces:\n  in:\n" + "".join(f"    {line}\n" for line in keys.splitlines()))
        for name in ("lines", "done"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        return self.ok(spec).splitlines()

    def test_a_node_without_a_pid_namespace(self):
        self.assertEqual(self.nested("script: echo $PPID >lines; touch done"), ["0"])
        self.assertEqual(self.nested("unshare: [uts]\nhostname: in\nscript: echo $PPID $(uname -n) >lines; touch done"),
                         ["0 in"])

    def test_a_node_with_a_pid_namespace(self):
        lines = self.nested("unshare: [pid, mount]\nmount-proc: true\n"
                            "script: echo $$ $PPID >lines; ps -e -o comm= >>lines; touch done")
        self.assertEqual(lines, ["1 0", "sh", "ps"])

    def test_its_pid_namespace_is_a_child_of_the_nodes(self):
        lines = self.nested("unshare: [pid]\nscript: grep NSpid /proc/self/status >lines; touch done")
        self.assertEqual(len(lines[0].split()), 3, lines)
        self.assertEqual(lines[0].split()[2][0:1] != "1", True)

    def test_a_node_with_several_processes(self):
        lines = self.nested("unshare: [pid, mount]\nmount-proc: true\nprocesses:\n"
                            "  a: {script: echo a $$ $PPID >>lines}\n"
                            "  b: {script: sleep 0.1; echo b $$ $PPID >>lines; ps -p 1 -o args= >>lines; touch done}\n")
        self.assertEqual(lines, ["a 2 1", "b 3 1", "pidns: init in"])

    def test_several_processes_in_a_holder(self):
        lines = self.nested("unshare: [uts]\nhostname: held\nprocesses:\n  a: {script: uname -n >>lines}\n"
                            "  b: {script: sleep 0.1; uname -n >>lines; touch done}\n")
        self.assertEqual(lines, ["held", "held"])

    def test_a_process_and_a_node_of_each_kind_at_once(self):
        spec = node(process("one", "until test $(ls | grep -c ^it) = 5; do sleep 0.01; done; cat $(ls | grep ^it)"),
                    process("two", "echo two $PPID >it2; exec sleep 3650"), head=HEAD + f"cwd: {self.folder}\n", nested="""\
namespaces:
  plain: {script: echo plain $PPID >it3; exec sleep 3650}
  pid: {unshare: [pid], script: echo pid $$ $PPID >it4; exec sleep 3650}
  uts: {unshare: [uts], script: echo uts $PPID >it5; exec sleep 3650}
  more:
    unshare: [pid]
    processes:
      a: {script: echo more $$ $PPID >it6; exec sleep 3650}
      b: {script: exec sleep 3650}
""")
        for _ in range(3):
            self.assertEqual(self.ok(spec), "two 0\nplain 0\npid 1 0\nuts 0\nmore 2 1\n")
            for name in os.listdir(self.folder):
                os.unlink(self.path(name))


class Ending(people.TestCase):
    """Its end ends the node, and what is swept away counts for nothing."""

    def test_its_status_is_the_nodes(self):
        for status in (0, 7):
            for first in ("one", "two"):
                with self.subTest(status=status, first=first):
                    parts = [process("one", f"sleep 0.1; exit {status}"), process("two", "exec sleep 3650")]
                    result = self.run_spec(node(*(parts if first == "one" else parts[::-1])), timeout=5)
                    self.assertEqual((result.status, result.out, result.err), (status, "", ""))

    def test_killed_it_counts_as_128_and_the_signal(self):
        for name in ("KILL", "TERM", "USR1"):
            run = self.start(node(process("two", "exec sleep 3650"), process("one", "echo ready; exec sleep 3651")))
            one, = until(lambda: harness.with_argument("3651"), what="PID 1")
            run.until_out("ready")
            os.kill(one, getattr(signal, f"SIG{name}"))
            if name == "KILL":
                self.assertEqual(run.wait(5).status, 137)
            else:
                # The kernel drops what a PID 1 has no handler for.
                time.sleep(0.1)
                self.assertIsNone(run.process.poll())
                run.kill()

    def test_a_sidecar_that_ended_before_counts(self):
        for text, status in (("exit 5", 5), ("kill -KILL $$", 137), ("kill -TERM $$", 143)):
            for first in ("one", "two"):
                with self.subTest(text=text, first=first):
                    parts = [process("one", "sleep 0.3"), process("two", text)]
                    self.assertEqual(self.run_spec(node(*(parts if first == "one" else parts[::-1]))).status, status)

    def test_the_first_in_document_order_that_did_not_end_with_0(self):
        parts = [process("one", "sleep 0.3; exit 3"), process("two", "exit 5")]
        self.assertEqual(self.run_spec(node(*parts)).status, 3)
        self.assertEqual(self.run_spec(node(*parts[::-1])).status, 5)

    def test_a_sidecar_that_ends_first_ends_nothing_else(self):
        out = self.ok(node(process("one", "sleep 0.2; echo one"), process("two", "echo two")))
        self.assertEqual(out, "two\none\n")

    def test_a_sidecar_that_is_not_found_counts_as_127(self):
        result = self.run_spec(node(process("one", "sleep 0.2; echo one"), "  two: {command: [no-such-command]}\n"))
        self.assertEqual((result.status, result.out), (127, "one\n"), result)
        self.assertIn("no-such-command", result.err)

    def test_it_is_not_found_itself(self):
        result = self.run_spec(node("  one: {command: [no-such-command]}\n", process("two", "exec sleep 3650")), timeout=5)
        self.assertEqual((result.status, result.out), (127, ""), result)

    def test_its_orphans_and_daemons_end_with_it(self):
        self.assertEqual(self.run_spec(node(process("one", "(setsid sleep 3650 &); sleep 3650 & sleep 0.1; exit 2"),
                                            process("two", "(setsid sleep 3650 &); exec sleep 3650")), timeout=5).status, 2)

    def test_the_node_ends_and_the_others_go_on(self):
        spec = "pidns: 1\nprocesses:\n  other: {script: sleep 0.5; echo other}\nnamespaces:\n  in:\n" + "".join(
            f"    {line}\n" for line in node(process("one", "echo one"), process("two", "exec sleep 3650"),
                                             head="unshare: [pid]\ninit: one\n").splitlines())
        self.assertEqual(self.ok(spec), "one\nother\n")

    def test_it_ends_at_once_and_the_others_have_started_all_the_same(self):
        """Its exec waits for theirs to be made: after the end of a PID 1 no process can be made beside it."""
        spec = node("  one: {command: ['true']}\n", *(process(f"p{n}", "exec sleep 3650") for n in range(5)),
                    nested="namespaces:\n  in: {unshare: [pid], script: exec sleep 3650}\n"
                           "  more: {unshare: [pid], processes: {a: {script: exit 0}, b: {script: exec sleep 3650}}}\n")
        for _ in range(20):
            result = self.run_spec(spec, timeout=5)
            self.assertEqual((result.status, result.out, result.err), (0, "", ""))

    def test_its_set_up_comes_before_the_others_start(self):
        os.mkdir(self.path("proc"))
        spec = node(process("one", "sleep 0.3"), process("two", "echo two >>order; readlink proc/self >>order"),
                    head=f"pidns: 1\nunshare: [pid, mount]\nmount-proc: {self.path('proc')}\ninit: one\ncwd: {self.folder}\n")
        for _ in range(10):
            self.assertEqual(self.ok(spec), "")
        self.assertRegex(harness.read(self.path("order")), r"^(two\n\d+\n){10}$")

    def test_a_set_up_that_is_refused_undoes_all(self):
        spec = node(process("one", "echo one"), process("two", "echo two"),
                    head="pidns: 1\nunshare: [pid, mount]\nmount-proc: /no/such/folder\ninit: one\n")
        result = self.run_spec(spec, timeout=5)
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assert_place(result, 3, words="No such file or directory")

    def test_a_member_whose_set_up_is_refused_undoes_all(self):
        spec = node(process("one", "echo one"), "  two: {cwd: /no/such/folder, script: echo two}\n")
        result = self.run_spec(spec, timeout=5)
        self.assertEqual((result.status, "two" in result.out), (125, False), result)
        self.assert_place(result, 9, words="No such file or directory")


class Stopping(people.TestCase):
    """The orderly stop asks the process that `init` names when all others of its node have ended."""

    TRAP = "trap 'sleep {1}; echo {0}; exit {2}' TERM; echo ready; while :; do sleep 0.02 || :; done"

    def stopped(self, spec, ready, number=signal.SIGTERM, timeout=5):
        run = self.start(spec)
        until(lambda: run.out.count("ready") >= ready, what=f"{ready} ready processes; {run.result()!r}")
        result = run.signal(number).wait(timeout)
        harness.assert_nothing_left(orphans=False)
        return result.status, [line for line in result.out.split() if line != "ready"]

    def test_it_is_asked_last(self):
        parts = [process("one", self.TRAP.format("one", 0, 0)), process("two", self.TRAP.format("two", 0.2, 0)),
                 process("three", self.TRAP.format("three", 0.4, 0))]
        for order in (parts, parts[::-1]):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                self.assertEqual(self.stopped(node(*order), 3, number), (0, ["two", "three", "one"]))

    def test_after_the_nested_nodes_too(self):
        nested = "namespaces:\n" + "".join(f"  {name}:\n    unshare: [{kind}]\n    script: |\n      {text}\n" for name, kind, text in (
            ("pid", "pid", self.TRAP.format("pid", 0.3, 0)), ("uts", "uts", self.TRAP.format("uts", 0.1, 0))))
        self.assertEqual(self.stopped(node(process("one", self.TRAP.format("one", 0, 0)), nested=nested), 3),
                         (0, ["uts", "pid", "one"]))

    def test_one_in_another_the_inner_first(self):
        inner = "".join(f"    {line}\n" for line in node(
            process("one", self.TRAP.format("inner", 0.1, 0)), process("two", self.TRAP.format("two", 0.1, 0)),
            head="unshare: [pid, mount]\nmount-proc: true\ninit: one\n").splitlines())
        spec = node(process("one", self.TRAP.format("outer", 0, 0)), nested="namespaces:\n  in:\n" + inner)
        self.assertEqual(self.stopped(spec, 3), (0, ["two", "inner", "outer"]))

    def test_its_status_counts_in_a_stop(self):
        parts = [process("one", self.TRAP.format("one", 0, 3)), process("two", self.TRAP.format("two", 0, 4))]
        self.assertEqual(self.stopped(node(*parts), 2), (3, ["two", "one"]))
        self.assertEqual(self.stopped(node(*parts[::-1]), 2), (4, ["two", "one"]))

    def test_without_traps_they_are_143(self):
        parts = [process(name, "echo ready; exec sleep 3650") for name in ("one", "two")]
        self.assertEqual(self.stopped(node(*parts), 2, timeout=3), (143, []))

    def test_a_sidecar_that_does_not_end_has_its_time_and_then_it_is_asked(self):
        parts = [process("one", self.TRAP.format("one", 0, 0)),
                 process("two", "trap '' TERM; echo ready; while :; do sleep 0.02 || :; done", **{"stop-timeout": "300ms"})]
        begin = time.monotonic()
        self.assertEqual(self.stopped(node(*parts), 2), (137, ["one"]))
        self.assertGreater(time.monotonic() - begin, 0.3)

    def test_who_its_end_ends_counts_where_it_was_asked_to_end_before(self):
        """By a signal for the run, or by its own time; not without any, as is shown above."""
        for keys, act, status in (({}, lambda run: run.signal(signal.SIGTERM), 137), ({"timeout": "100ms"}, lambda run: run, 124)):
            with self.subTest(status):
                run = self.start(node(process("one", f"echo ready; {self.until_go()}"), process(
                    "two", f"trap 'echo heard' TERM; echo ready; {WAIT}", **keys)))
                until(lambda: run.out.count("ready") == 2, what="two ready processes")
                act(run).until_out("heard")
                self.go()
                self.assertEqual(run.wait(5).status, status)
                os.unlink(self.path("go"))

    def test_it_does_not_end_either(self):
        parts = [process("one", "trap '' TERM; echo ready; while :; do sleep 0.02 || :; done", **{"stop-timeout": "200ms"}),
                 process("two", self.TRAP.format("two", 0, 0))]
        self.assertEqual(self.stopped(node(*parts), 2), (137, ["two"]))

    def test_it_is_asked_at_once_where_the_others_have_ended_before(self):
        parts = [process("one", self.TRAP.format("one", 0, 0)), process("two", "exit 0")]
        run = self.start(node(*parts)).until_out("ready")
        time.sleep(0.2)
        result = run.signal(signal.SIGTERM).wait(3)
        self.assertEqual((result.status, result.out), (0, "ready\none\n"))

    def test_its_stop_signal(self):
        parts = [process("one", "trap 'echo one; exit 0' USR1; echo ready; while :; do sleep 0.02 || :; done",
                         **{"stop-signal": "SIGUSR1"}), process("two", self.TRAP.format("two", 0, 0))]
        self.assertEqual(self.stopped(node(*parts), 2), (0, ["two", "one"]))

    def test_the_second_signal_kills_both(self):
        parts = [process("one", self.TRAP.format("one", 0, 0)),
                 process("two", "trap 'echo heard' TERM; echo ready; while :; do sleep 0.02 || :; done")]
        run = self.start(node(*parts))
        until(lambda: run.out.count("ready") == 2, what="two ready processes")
        run.signal(signal.SIGTERM).until_out("heard").signal(signal.SIGTERM)
        result = run.wait(3)
        self.assertEqual((result.status, "one" in result.out), (137, False))

    def test_alone_it_gets_the_signal_itself(self):
        self.assertEqual(self.stopped(node(process("one", self.TRAP.format("one", 0, 9))), 1), (9, ["one"]))

    def test_user_signals_go_to_all(self):
        parts = [process("one", "trap 'echo one; exit 0' USR1; echo ready; while :; do sleep 0.02 || :; done"),
                 process("two", "trap 'echo two' USR1; echo ready; while :; do sleep 0.02 || :; done")]
        run = self.start(node(*parts))
        until(lambda: run.out.count("ready") == 2, what="two ready processes")
        self.assertEqual(run.signal(signal.SIGUSR1).wait(5).status, 0)
        self.assertIn("one", run.out)


class Killed(people.TestCase):
    """SIGKILL of pidns, or of its holder, leaves nothing."""

    SPEC = node(process("two", "(setsid sleep 3650 &); sleep 3650"), process("one", "echo ready; sleep 3650"),
                nested="namespaces:\n  in: {unshare: [pid], script: sleep 3650}\n"
                       "  more: {unshare: [pid], processes: {a: {script: sleep 3650}, b: {script: sleep 3650}}}\n")

    def test_of_pidns(self):
        run = self.start(self.SPEC).until_out("ready")
        time.sleep(0.1)
        run.kill()
        harness.assert_nothing_left()

    def test_of_pidns_at_any_moment(self):
        for moment in range(30):
            run = self.start(self.SPEC)
            time.sleep(moment * 0.0004)
            run.kill()
            harness.assert_nothing_left()

    def test_of_the_holder_counts_as_137(self):
        run = self.start(self.SPEC).until_out("ready")
        time.sleep(0.1)
        os.kill(harness.children_of(run.pid)[0], signal.SIGKILL)
        self.assertEqual(run.wait(5).status, 137)
        harness.assert_nothing_left(orphans=False)


class Unprivileged(people.TestCase):
    """The same with a user namespace, made by nobody."""

    HEAD = "pidns: 1\nunshare: [user, pid, mount, uts]\nmount-proc: true\nhostname: mine\ninit: one\n"

    def scripts(self):
        os.mkdir(self.path("shared"))
        os.chmod(self.path("shared"), 0o777)
        return node(process("two", "echo two $PPID $(uname -n) $(id -u) >it1; exec sleep 3650"),
                    process("one", "until test $(ls | grep -c ^it) = 4; do sleep 0.01; done; echo one $$; cat $(ls | grep ^it)"),
                    nested="namespaces:\n  in: {unshare: [pid], script: echo in $$ $PPID >it2; exec sleep 3650}\n"
                           "  user: {unshare: [user, pid], script: echo user $$ $PPID >it3; exec sleep 3650}\n"
                           "  plain: {script: echo plain $PPID >it4; exec sleep 3650}\n",
                    head=self.HEAD + f"cwd: {self.path('shared')}\n")

    def test_all_stand_where_they_should(self):
        spec = self.scripts()
        for caller in ("nobody", "root"):
            with self.subTest(caller):
                self.assertEqual(self.ok_as(caller, spec),
                                 "one 1\ntwo 0 mine 0\nin 1 0\nuser 1 0\nplain 0\n")
                for name in os.listdir(self.path("shared")):
                    os.unlink(os.path.join(self.path("shared"), name))

    def test_its_end_sweeps_the_others(self):
        result = self.run_as("nobody", node(process("two", "exec sleep 3650"), process("one", "exit 6"), head=self.HEAD))
        self.assertEqual((result.status, result.err), (6, ""))

    def test_it_is_asked_last(self):
        trap = Stopping.TRAP
        run = self.start_as("nobody", node(process("one", trap.format("one", 0, 0)), process("two", trap.format("two", 0.2, 0)),
                                           head=self.HEAD))
        until(lambda: run.out.count("ready") == 2, what=f"two ready processes; {run.result()!r}")
        result = run.signal(signal.SIGTERM).wait(5)
        self.assertEqual((result.status, result.out.split()[2:]), (0, ["two", "one"]))

    def test_a_killed_pidns_leaves_nothing(self):
        run = self.start_as("nobody", node(process("one", "echo ready; sleep 3650"), process("two", "sleep 3650"),
                                           head=self.HEAD)).until_out("ready")
        run.kill()
        harness.assert_nothing_left()


class Refused(people.TestCase):
    def test_what_is_no_process_of_the_node(self):
        for spec, line in ((HEAD + "processes: {two: {script: exit 0}, three: {script: exit 0}}\n", 4),
                           (HEAD + "script: exit 0\n", 4),
                           (HEAD + "processes: {two: {script: exit 0}}\nnamespaces: {one: {script: exit 0}}\n", 4)):
            result = self.run_spec(spec)
            self.assertEqual(result.status, 125, result)
            self.assert_place(result, line, words="one")

    def test_without_a_pid_namespace(self):
        result = self.run_spec("pidns: 1\nunshare: [mount]\ninit: one\nprocesses: {one: {script: exit 0}}\n")
        self.assertEqual(result.status, 125, result)
        self.assert_place(result, 3, words="pid")


if __name__ == "__main__":
    harness.main()
