# needs: root
"""`join`: namespaces entered instead of made, by pid and by path."""

import ctypes
import os
import signal
import time

import harness
import people
from harness import until

FILES = {"pid": "pid", "mount": "mnt", "uts": "uts", "ipc": "ipc", "net": "net", "user": "user", "cgroup": "cgroup",
         "time": "time"}
OPTIONS = {"pid": "--pid", "mount": "--mount", "uts": "--uts", "ipc": "--ipc", "net": "--net", "user": "--user",
           "cgroup": "--cgroup", "time": "--time"}


def link(pid, kind):
    return os.readlink(f"/proc/{pid}/ns/{FILES[kind]}")


class Joining(people.TestCase):
    """Tests that have somebody else's namespaces to join."""

    def setUp(self):
        super().setUp()
        self.makers = {}  # unshare(1) by the process that it made.

    def run_as(self, who, spec, *args, timeout=30, **options):
        """A run that leaves nothing: not even a dead process is there beside what we started here."""
        result = self.start_as(who, spec, *args, **options).wait(timeout)
        ours = {maker.pid for maker in self.makers.values() if maker.process.returncode is None}
        self.assertEqual(set(harness.children_of(os.getpid())), ours)
        return result

    def run_spec(self, spec, *args, **options):
        return self.run_as("root", spec, *args, **options)

    def foreign(self, *kinds, who="root", options=(), script="exec sleep 3660"):
        """The pid, seen from here, of a process in new namespaces of these kinds, which unshare(1) made."""
        maker = harness.Run([*people.CALLERS[who], "unshare", "--fork", "--kill-child", *options,
                             *(OPTIONS[kind] for kind in kinds), "sh", "-c", "echo made; " + script]).until_out("made")
        first, = harness.children_of(maker.pid)
        self.makers[first] = maker
        return first

    def end(self, first):
        """Somebody else's process ends, as he wants it: once all in its pid namespace are reaped."""
        os.kill(first, signal.SIGKILL)
        for left in harness.children_of(os.getpid()):
            if harness.state_of(left) == "Z" and left not in {run.pid for run in harness.Run.started}:
                os.waitpid(left, 0)
        self.makers[first].wait(5)

    def in_namespaces_of(self, first, kinds, out):
        """Whether the links that a command printed are those of `first` in just these kinds."""
        for kind, shown in zip(FILES, out.split()):
            self.assertEqual(shown, link(first if kind in kinds else "self", kind), kind)

    LINKS = "script: readlink " + " ".join(f"/proc/self/ns/{file}" for file in FILES.values()) + "\n"


class EachKind(Joining):
    def test_by_pid(self):
        for kind in FILES:
            with self.subTest(kind):
                first = self.foreign(kind, options=("--map-root-user",) if kind == "user" else ())
                self.in_namespaces_of(first, [kind], self.ok(f"pidns: 1\njoin: {{{kind}: {first}}}\n" + self.LINKS))
                self.end(first)

    def test_by_path(self):
        for kind, file in FILES.items():
            with self.subTest(kind):
                first = self.foreign(kind, options=("--map-root-user",) if kind == "user" else ())
                spec = f"pidns: 1\njoin:\n  {kind}: /proc/{first}/ns/{file}\n" + self.LINKS
                self.in_namespaces_of(first, [kind], self.ok(spec))
                self.end(first)

    def test_relative_paths_count_from_the_folder_of_the_spec(self):
        first = self.foreign("uts")
        os.symlink(f"/proc/{first}/ns", self.path("theirs"))
        self.in_namespaces_of(first, ["uts"], self.ok("pidns: 1\njoin: {uts: theirs/uts}\n" + self.LINKS, cwd="/"))
        self.end(first)

    def test_one_that_is_kept_by_a_mount(self):
        """As `ip netns` and unshare(1) with a file keep namespaces without a process."""
        spec = self.write("spec.yaml", "pidns: 1\njoin: {uts: kept}\nscript: uname -n\n")
        self.write("kept", "")
        result = harness.Run(["unshare", "--mount", "sh", "-c",
                              'cd "$1" && unshare --uts=kept hostname kept-name && "$2" run spec.yaml; '
                              "s=$?; umount kept; exit $s", "sh", self.folder, harness.PIDNS]).wait()
        self.assertEqual((result.status, result.out, result.err), (0, "kept-name\n", ""))
        self.assertTrue(os.path.exists(spec))

    def test_one_that_is_the_callers_own(self):
        for kind in FILES:
            with self.subTest(kind):
                self.in_namespaces_of("self", [], self.ok(f"pidns: 1\njoin: {{{kind}: {os.getpid()}}}\n" + self.LINKS))

    def test_what_is_inside_is_seen(self):
        first = self.foreign("uts", "mount", "net", script="hostname theirs; mount -t tmpfs none /mnt; echo x >/mnt/file; "
                             "ip link set lo up 2>/dev/null; echo ready; exec sleep 3660")
        until(lambda: self.makers[first].out.count("ready"), what="theirs")
        out = self.ok(f"pidns: 1\njoin: {{uts: {first}, mount: {first}}}\nscript: hostname; cat /mnt/file\n")
        self.assertEqual(out, "theirs\nx\n")
        self.end(first)

    def test_time(self):
        first = self.foreign("time", options=("--boottime", "86400000"))
        out = self.ok(f"pidns: 1\njoin: {{time: {first}}}\ncommand: [cut, -d., -f1, /proc/uptime]\n")
        self.assertGreater(int(out), 86400000)
        self.end(first)


class Several(Joining):
    ALL = ("pid", "mount", "uts", "ipc", "net", "cgroup", "time")

    def test_all_kinds_at_once(self):
        first = self.foreign(*self.ALL)
        entries = ", ".join(f"{kind}: {first}" for kind in self.ALL)
        out = self.ok(f"pidns: 1\njoin: {{{entries}}}\n" + self.LINKS)
        self.in_namespaces_of(first, self.ALL, out)
        self.end(first)

    def test_all_kinds_in_any_order_around_a_user_namespace(self):
        first = self.foreign("user", *self.ALL, options=("--map-root-user", "--mount-proc"))
        kinds = list(FILES)
        for order in (kinds, kinds[::-1], kinds[3:] + kinds[:3]):
            with self.subTest(order=order):
                entries = ", ".join(f"{kind}: {first}" for kind in order)
                out = self.ok(f"pidns: 1\njoin: {{{entries}}}\n" + self.LINKS)
                self.in_namespaces_of(first, kinds, out)
        self.end(first)

    def test_of_two_processes(self):
        one, two = self.foreign("uts", "ipc"), self.foreign("uts", "ipc")
        out = self.ok(f"pidns: 1\njoin: {{uts: {one}, ipc: {two}}}\nscript: readlink /proc/self/ns/uts /proc/self/ns/ipc\n")
        self.assertEqual(out.split(), [link(one, "uts"), link(two, "ipc")])
        self.end(one)
        self.end(two)

    def test_beside_what_is_made_new(self):
        first = self.foreign("uts", "net", script="hostname theirs; exec sleep 3660")
        time.sleep(0.1)
        out = self.ok(f"pidns: 1\nunshare: [pid, mount, ipc]\nmount-proc: true\njoin: {{uts: {first}, net: {first}}}\n"
                      "script: echo $$; hostname; readlink /proc/self/ns/net /proc/self/ns/ipc; ps -e -o comm=\n").split()
        self.assertEqual(out[:3], ["1", "theirs", link(first, "net")])
        self.assertNotIn(out[3], (link("self", "ipc"), link(first, "ipc")))
        self.assertEqual(sorted(out[4:]), ["ps", "sh"])
        self.end(first)

    def test_a_new_uts_in_a_joined_user_namespace_is_owned_by_it(self):
        first = self.foreign("user", options=("--map-root-user",))
        out = self.ok(f"pidns: 1\njoin: {{user: {first}}}\nunshare: [uts]\nhostname: mine\n"
                      "script: hostname; readlink /proc/self/ns/user; id -u\n").split()
        self.assertEqual(out, ["mine", link(first, "user"), "0"])
        self.end(first)

    def test_for_several_processes_and_nested_nodes(self):
        first = self.foreign("uts", "ipc", script="hostname theirs; exec sleep 3660")
        time.sleep(0.1)
        spec = f"pidns: 1\njoin: {{uts: {first}, ipc: {first}}}\nprocesses:\n" \
               "  a: {script: echo a $(hostname)}\n  b: {script: echo b $(hostname)}\n" \
               "namespaces:\n  in: {unshare: [pid], script: echo in $(hostname) $$}\n"
        out = self.ok(spec)
        self.assertEqual(sorted(out.splitlines()), ["a theirs", "b theirs", "in theirs 1"])
        self.end(first)

    def test_at_depth_two(self):
        first = self.foreign("uts", "net", script="hostname theirs; exec sleep 3660")
        time.sleep(0.1)
        for around in ("unshare: [uts]\nhostname: ours\n", "unshare: [pid, mount]\nmount-proc: true\n",
                       "unshare: [uts, pid]\ninit: true\n"):
            with self.subTest(around):
                out = self.ok(f"pidns: 1\n{around}namespaces:\n  in:\n    join: {{uts: {first}, net: /proc/{first}/ns/net}}\n"
                              "    script: hostname\n  other:\n    join: {uts: " + str(first) + "}\n    script: hostname\n")
                self.assertEqual(out, "theirs\ntheirs\n")
        self.end(first)


class Pid(Joining):
    """A command in a joined pid namespace, and what it leaves there."""

    def joined(self, **options):
        first = self.foreign("pid", "mount", options=("--mount-proc",), **options)
        return first, f"pidns: 1\njoin: {{pid: {first}, mount: {first}}}\n"

    def test_the_command_has_a_pid_there(self):
        first, head = self.joined()
        out = self.ok(head + "script: read -r pid rest </proc/self/stat; echo $pid; test $$ = $pid; ps -p 1 -o comm=\n")
        self.assertGreater(int(out.split()[0]), 1)
        self.assertEqual(out.split()[1], "sleep")
        self.end(first)

    def test_its_holder_is_there_too(self):
        first, head = self.joined()
        out = self.ok(head + "script: ps -o ppid= -p $$ | tr -d ' '; ps -e -o args= | grep '[h]older'\n").splitlines()
        self.assertNotIn(out[0], ("0", "1"))
        self.assertEqual(out[1], "pidns: holder /")
        self.end(first)

    def test_status_and_signals_pass(self):
        first, head = self.joined()
        self.assertEqual(self.run_spec(head + "script: exit 7\n").status, 7)
        self.assertEqual(self.run_spec(head + "command: [no-such-command]\n").status, 127)
        run = self.start(head + "script: trap 'exit 8' TERM; echo ready; while :; do sleep 0.02 || :; done\n")
        self.assertEqual(run.until_out("ready").signal(signal.SIGTERM).wait(5).status, 8)
        run = self.start(head + "script: echo ready; exec sleep 3661\n").until_out("ready")
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, -signal.SIGTERM)
        self.assertIsNone(self.makers[first].process.poll(), "their first process has ended")
        self.end(first)

    def test_orphans_and_daemons_end_with_the_node(self):
        first, head = self.joined()
        for text in ("(sleep 3662 &)", "(setsid sleep 3662 &)", "(setsid sh -c 'sleep 3662; :' &)",
                     "for i in 1 2 3 4 5 6 7 8 9; do (setsid sh -c \"sleep 3662; :\" &); done"):
            with self.subTest(text):
                result = self.run_spec(head + f"script: |\n  {text}\n  sleep 0.05\n  exit 5\n", timeout=5)
                self.assertEqual((result.status, result.err), (5, ""))
                self.assertEqual(harness.with_argument("3662"), [])
                self.assertEqual(harness.children_of(first), [], "their init has got our orphans")
        self.end(first)

    def test_they_end_at_the_end_of_the_node_and_not_of_the_run(self):
        first, head = self.joined()
        run = self.start("pidns: 1\nprocesses:\n  other: {script: sleep 0.8; echo other}\nnamespaces:\n  in:\n"
                         f"    join: {{pid: {first}}}\n    script: (setsid sleep 3663 &); echo in\n").until_out("in")
        until(lambda: not harness.with_argument("3663"), what="the end of the daemon")
        self.assertIsNone(run.process.poll())
        self.assertEqual(run.wait(5).out, "in\nother\n")
        self.end(first)

    def test_several_processes(self):
        first, head = self.joined()
        out = self.ok(head + "processes:\n  a: {script: echo a}\n  b: {script: sleep 0.1; (setsid sleep 3664 &); echo b}\n")
        self.assertEqual(out, "a\nb\n")
        self.assertEqual(harness.with_argument("3664"), [])
        self.end(first)

    def test_a_new_pid_namespace_inside(self):
        first, head = self.joined()
        spec = head + "namespaces:\n  in:\n    unshare: [pid]\n    script: echo $$; exit 3\n"
        result = self.run_spec(spec)
        self.assertEqual((result.status, result.out, result.err), (3, "1\n", ""))
        self.end(first)

    def test_a_killed_pidns_takes_the_command_with_it(self):
        first, head = self.joined()
        for keys in ("command: [sleep, '3665']\n", "processes:\n  a: {command: [sleep, '3665']}\n  b: {command: [sleep, '3665']}\n"):
            with self.subTest(keys):
                run = self.start(head + keys)
                until(lambda: len(harness.with_argument("3665")) == keys.count("3665"), what="the commands")
                run.kill()
                until(lambda: not harness.with_argument("3665"), timeout=1, what="their end")
                self.assertIsNone(self.makers[first].process.poll())
                self.assertEqual([p for p in harness.children_of(first) if harness.state_of(p) != "Z"], [])
        self.end(first)

    def test_at_any_moment(self):
        first, head = self.joined()
        for moment in range(30):
            run = self.start(head + "script: sleep 3666\n")
            time.sleep(moment * 0.0003)
            run.kill()
        # The shell's child is a grandchild in a pid namespace that is not ours: the first of the limits.
        until(lambda: not [p for p in harness.with_argument("sleep 3666")], timeout=1, what="the end of the shells")
        for pid in harness.with_argument("3666"):
            os.kill(pid, signal.SIGKILL)
        self.end(first)

    def test_their_end_ends_the_command(self):
        first, head = self.joined()
        run = self.start(head + "script: echo ready; exec sleep 3667\n").until_out("ready")
        self.end(first)
        self.assertEqual(run.wait(5).status, 137)

    def test_the_second_signal_kills_all_and_a_timeout_ends(self):
        first, head = self.joined()
        stubborn = "(setsid sleep 3669 &); trap 'echo heard' TERM; echo ready; while :; do sleep 0.02 || :; done"
        run = self.start(head + f"processes:\n  a: {{script: \"{stubborn}\"}}\n  b: {{script: \"{stubborn}\"}}\n")
        until(lambda: run.out.count("ready") == 2 and len(harness.with_argument("3669")) == 2, what="both")
        run.signal(signal.SIGTERM)
        until(lambda: run.out.count("heard") == 2, what="the orderly stop")
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, 137)
        self.assertEqual(harness.with_argument("3669"), [], "daemons are left")
        self.assertEqual(self.run_spec(head + "command: [sleep, '3668']\ntimeout: 100ms\n", timeout=5).status, 124)
        self.end(first)


class User(Joining):
    """A user namespace and what it owns."""

    def test_made_by_root(self):
        first = self.foreign("user", "pid", "mount", "uts", options=("--map-root-user", "--mount-proc"))
        out = self.ok(f"pidns: 1\njoin: {{user: {first}, pid: {first}, mount: {first}, uts: {first}}}\n"
                      "script: id -u; hostname inside; hostname; ps -p 1 -o comm=\n")
        self.assertEqual(out, "0\ninside\nsleep\n")
        self.end(first)

    def test_made_and_joined_by_the_same_user(self):
        first = self.foreign("user", "pid", "mount", "uts", who="nobody", options=("--map-root-user", "--mount-proc"))
        for who in ("nobody", "root"):
            with self.subTest(who):
                out = self.ok_as(who, f"pidns: 1\njoin: {{user: {first}, pid: {first}, mount: {first}, uts: {first}}}\n"
                                      "script: id -u; hostname; ps -p 1 -o comm=; (setsid sleep 3669 &)\n")
                self.assertEqual(out.split()[0], "0")
                self.assertEqual(out.split()[2], "sleep")
                self.assertEqual(harness.with_argument("3669"), [])
        self.end(first)

    def test_a_killed_pidns_takes_the_command_with_it(self):
        first = self.foreign("user", "uts", who="nobody", options=("--map-root-user",))
        for who in ("nobody", "root"):
            run = self.start_as(who, f"pidns: 1\njoin: {{user: {first}, uts: {first}}}\ncommand: [sleep, '3670']\n")
            until(lambda: harness.with_argument("3670"), what="the command")
            run.kill()
            until(lambda: not harness.with_argument("3670"), timeout=1, what="its end")
        self.end(first)

    def test_new_namespaces_inside_a_joined_one(self):
        first = self.foreign("user", who="nobody", options=("--map-root-user",))
        for who in ("nobody", "root"):
            out = self.ok_as(who, f"pidns: 1\njoin: {{user: {first}}}\nunshare: [pid, mount, uts]\nmount-proc: true\n"
                                  "hostname: mine\nscript: hostname; echo $$; ps -e -o comm=\n")
            self.assertEqual(out.split()[:2], ["mine", "1"], who)
        self.end(first)


class Maps(Joining):
    def test_all_is_what_the_joined_one_holds(self):
        first = self.foreign("user", options=("--map-root-user",))
        spec = (f"pidns: 1\njoin: {{user: {first}}}\nnamespaces:\n  in:\n    unshare: [user]\n    uid-map: all\n"
                "    gid-map: all\n    command: [sh, -c, cat /proc/self/uid_map /proc/self/gid_map | tr -s ' ']\n")
        for form in ((), ("--no-fuse",)):
            self.assertEqual(self.ok(spec, *form), " 0 0 1\n 0 0 1\n")
        self.end(first)


class Refused(Joining):
    """125 at its line and column, and nothing is made."""

    def refused_at(self, entry, words, line=2, column=None, who="root", keys="unshare: [ipc]\n"):
        side = self.path("side")
        result = self.run_as(who, f"pidns: 1\njoin: {{{entry}}}\n{keys}script: echo >{side}\n")
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertFalse(os.path.exists(side))
        self.assert_place(result, line, column, words)
        return result

    def test_a_namespace_of_another_kind(self):
        self.refused_at(f"uts: /proc/{os.getpid()}/ns/net", "another kind", column=8 + len("uts: "))

    def test_a_regular_file(self):
        self.write("file", "")
        self.refused_at("uts: file", "not a namespace", column=13)
        self.refused_at("uts: /etc/passwd", "not a namespace", column=13)

    def test_a_folder_a_pipe_and_a_device(self):
        os.mkfifo(self.path("pipe"))
        for path in ("/etc", "/dev/null", self.path("pipe")):
            with self.subTest(path):
                self.refused_at(f"net: {path}", "not a namespace", column=13)

    def test_a_missing_path(self):
        self.refused_at("mount: /no/such/file", "No such file or directory", column=15)

    def test_a_pid_that_is_not_there(self):
        child = harness.Run(["true"])
        child.wait()
        self.refused_at(f"pid: {child.pid}", "No such process", column=13)

    def test_the_second_entry_is_the_place(self):
        self.refused_at(f"uts: {os.getpid()}, net: /no/such/file", "No such file",
                        column=len(f"join: {{uts: {os.getpid()}, net: ") + 1)

    def test_anothers_namespaces_without_privilege(self):
        first = self.foreign("uts")
        result = self.refused_at(f"uts: {first}", "needs CAP_SYS_ADMIN", who="nobody", keys="")
        self.assertIn("= why", result.err)
        self.end(first)

    def test_ones_own_without_privilege(self):
        result = self.run_as("nobody", "pidns: 1\njoin: {uts: /proc/self/ns/uts}\ncommand: ['true']\n")
        self.assertEqual(result.status, 125, result)
        self.assert_place(result, 2, words="CAP_SYS_ADMIN")

    def test_a_pid_namespace_further_out(self):
        """Ours is the parent of the one that pidns runs in, and may not be joined from there."""
        with open("/proc/self/ns/pid") as ours:
            result = harness.Run(["unshare", "--pid", "--fork", "--kill-child", harness.PIDNS, "run", "-"],
                                 stdin=f"pidns: 1\njoin: {{pid: /proc/{os.getpid()}/fd/{ours.fileno()}}}\ncommand: ['true']\n").wait()
        self.assertEqual(result.status, 125, result)
        self.assertIn("nested in one's own", result.words)

    def test_a_kind_in_both(self):
        result = self.run_spec(f"pidns: 1\nunshare: [uts, net]\njoin: {{uts: {os.getpid()}}}\ncommand: ['true']\n")
        self.assertEqual(result.status, 125, result)
        self.assert_place(result, 3, words="uts")

    def test_values(self):
        for entry in ("uts: 0", "uts: -1", "uts: true", "uts: ''", "uts: [1]", "mnt: 1", "uts: 1.5"):
            with self.subTest(entry):
                self.refused_at(entry, "")

    def test_what_needs_a_namespace_of_ones_own(self):
        for key, kind in (("hostname: x", "uts"), ("mount-proc: true", "mount"), ("loopback: true", "net"), ("init: true", "pid")):
            with self.subTest(key):
                result = self.run_spec(f"pidns: 1\njoin: {{{kind}: {os.getpid()}}}\n{key}\ncommand: ['true']\n")
                self.assertEqual(result.status, 125, result)
                self.assert_place(result, 3, words=kind)


if __name__ == "__main__":
    harness.main()
