# needs: root
"""`pidns tree` without a name: all pid namespaces of the machine, against lsns(8) and NSpid."""

import json
import os
import signal
import subprocess

import harness
import live
import people

NESTED = harness.nested(3, "command: [sleep, 1000]\n")


class MachineTree(people.TestCase):
    def tree(self, *words, who="root", before=()):
        result = harness.Run([*before, *people.CALLERS[who], self.program(), "tree", *words]).wait()
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def nested(self):
        """Three levels that pidns made; the outer pids of their three processes."""
        run = self.start(NESTED)
        return harness.until(lambda: len(harness.descendants_of(run.pid)) == 3 and harness.descendants_of(run.pid),
                             what="three processes")

    def foreign(self):
        """Two levels that pidns did not make, with a host name of their own; their PID 1s."""
        run = harness.Run(["unshare", "-pfu", "--kill-child", "sh", "-c",
                           "hostname foreign; unshare -pf --kill-child sleep 1000 & wait"])
        def found():
            # unshare, its PID 1, another unshare and that one's PID 1.
            below = harness.descendants_of(run.pid)
            return below if len(below) == 3 and harness.argv_of(below[-1])[0] == "sleep" else None
        first, _, second = harness.until(found, what="two levels by unshare(1)")
        return first, second

    def test_it_agrees_with_lsns_and_with_the_kernel(self):
        pids = [*self.nested(), *self.foreign()]
        tree = json.loads(self.tree("--format", "json"))
        listed = subprocess.run(["lsns", "-t", "pid", "-rn", "-o", "NS,PNS"], capture_output=True, check=True)
        wanted = dict(map(int, line.split()) for line in listed.stdout.decode().splitlines())
        seen = {each["inode"]: each.get("parent", 0) for each in tree["pid_namespaces"]}
        for pid in pids:
            inode = os.stat(f"/proc/{pid}/ns/pid").st_ino
            self.assertEqual(seen[inode], wanted[inode])
            [process] = [each for each in tree["processes"] if each["pids"][0]["pid"] == pid]
            self.assertEqual([each["pid"] for each in process["pids"]],
                             [int(word) for word in harness.status_of(pid)["NSpid"].split()])
            self.assertEqual(process["pids"][-1], {"pid": 1, "pid_namespace": inode})

    def test_each_row_has_pids_hostname_inode_and_command(self):
        first, second = self.foreign()
        rows = self.tree().splitlines()
        for pid, command in (first, "sh -c hostname foreign"), (second, "sleep 1000"):
            inode = os.stat(f"/proc/{pid}/ns/pid").st_ino
            [row] = [row for row in rows if f"{inode} " in row]
            self.assertIn(command, row)
            self.assertIn(" foreign ", row)
            nspid = harness.status_of(pid)["NSpid"].split()
            self.assertRegex(row, r"\s+".join(nspid))

    def test_every_process(self):
        pids = self.nested()
        tree = json.loads(self.tree("--all", "--format", "json"))
        shown = {each["pids"][0]["pid"]: [at["pid"] for at in each["pids"]] for each in tree["processes"]}
        self.assertEqual(len(shown), len(tree["processes"]), "one is shown twice")
        for pid in [*pids, os.getpid(), os.getppid()]:
            self.assertEqual(shown[pid], [int(word) for word in harness.status_of(pid)["NSpid"].split()])

    def test_pid_1_stands_for_its_namespace_also_where_it_is_not_the_lowest(self):
        """Pids begin again from below when all were given once."""
        for high in range(32700, 32600, -1):  # Below each machine's kernel.pid_max.
            if (made := live.take_pid(high, live.CLONE_NEWPID)) > 0:
                break
        self.assertEqual(made, high)
        entered = harness.Run(["nsenter", "-t", made, "-p", "sleep", "1000"])
        def sleep_there():
            both = [made, *harness.children_of(entered.pid)]
            return len(both) == 2 and all(harness.argv_of(pid)[0] == "sleep" for pid in both)
        harness.until(sleep_there, what="two that sleep there")
        tree = json.loads(self.tree("--format", "json"))
        inode = os.stat(f"/proc/{made}/ns/pid").st_ino
        [shown] = [each for each in tree["processes"] if each["pids"][-1].get("pid_namespace") == inode]
        self.assertEqual(([each["pid"] for each in shown["pids"]], shown["command"]), ([made, 1], "sleep 1000"))
        os.kill(made, signal.SIGKILL)
        os.waitpid(made, 0)
        entered.wait()

    def test_what_may_not_be_seen_is_said(self):
        pids = self.nested()
        text = " ".join(self.tree(who="nobody").split())
        self.assertIn("the kernel does not say in which pid namespace", text)
        self.assertIn("its pids are " + " ".join(harness.status_of(pids[-1])["NSpid"].split()), text)

    def test_an_ordinary_user_sees_the_own_ones(self):
        run = self.start_as("nobody", "pidns: 1\nunshare: [user, pid, uts]\nhostname: mine\ncommand: [sleep, 1000]\n")
        [pid] = harness.until(lambda: harness.with_argument("1000") and harness.descendants_of(run.pid), what="the command")
        tree = json.loads(self.tree("--format", "json", who="nobody"))
        [process] = [each for each in tree["processes"] if each["pids"][0]["pid"] == pid]
        self.assertEqual(process["hostname"], "mine")
        self.assertEqual([each["pid"] for each in process["pids"]], [pid, 1])

    def test_from_inside(self):
        spec = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\nnamespaces:\n" \
               "  in: {unshare: [pid], command: [sleep, 1000]}\n"
        run = self.start(spec)
        outer, inner = harness.until(lambda: len(harness.descendants_of(run.pid)) == 2 and harness.descendants_of(run.pid))
        text = self.tree(before=[self.program(), "enter", outer, "--"])
        self.assertIn("not the machine's first pid namespace", " ".join(text.split()))
        self.assertIn(str(os.stat(f"/proc/{inner}/ns/pid").st_ino), text)
        self.assertNotIn(str(os.stat("/proc/self/ns/pid").st_ino), text)

    def test_hidden_processes(self):
        spec = "pidns: 1\nunshare: [pid, mount]\nmount-proc: {target: /proc, hidepid: invisible}\nprocesses:\n" \
               "  a: {command: [sleep, 1000]}\n  b: {command: [sleep, 1000]}\n"
        run = self.start(spec)
        outer = harness.until(lambda: len(harness.descendants_of(run.pid)) == 3 and harness.descendants_of(run.pid))[0]
        as_nobody = [self.program(), "enter", "--user", "65534", "--group", "65534", outer, "--", self.program()]
        self.assertIn("hidepid", harness.Run([*as_nobody, "tree"]).wait().out)
        for words in ("pid", "1"), ("enter", "1", "--", "true"):
            result = harness.Run([*as_nobody, *words]).wait()
            self.assertEqual((result.status, result.out), (125, ""), result)
            self.assertIn("process 1 is hidden by /proc (hidepid)", result.err)
        self.assertIn("there is no process 4000", harness.Run([*as_nobody, "pid", "4000"]).wait().err)

    def test_dot_is_drawn_by_graphviz(self):
        self.nested()
        drawn = subprocess.run(["dot", "-Tplain"], input=self.tree("--format", "dot").encode(), capture_output=True)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, b""))
        self.assertIn(b"sleep", drawn.stdout)

    def test_pid_of_any_process(self):
        first, second = self.foreign()
        result = harness.Run([self.program(), "pid", second, "--format", "json"]).wait()
        told = json.loads(result.out)
        self.assertEqual([each["pid"] for each in told["pids"]],
                         [int(word) for word in harness.status_of(second)["NSpid"].split()])
        self.assertEqual([each["pid_namespace"] for each in told["pids"]],
                         [os.stat(f"/proc/{pid}/ns/pid").st_ino for pid in ("self", first, second)])
        self.assertEqual((told["hostname"], told["command"]), ("foreign", "sleep 1000"))
        text = harness.Run([self.program(), "pid", second]).wait().out
        self.assertIn(f"1          in pid namespace {os.stat(f'/proc/{second}/ns/pid').st_ino}\n", text)

    def test_pid_of_none(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        result = harness.Run([self.program(), "pid", dead.pid]).wait()
        self.assertEqual((result.status, result.err), (125, f"pidns: pid: there is no process {dead.pid}\n"))


if __name__ == "__main__":
    harness.main()
