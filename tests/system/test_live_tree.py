# needs: root
"""`pidns tree NAME` and `pidns pid NAME ADDRESS`: each process with its pid at every level, against NSpid."""

import json
import os
import re
import signal
import subprocess

import harness
import live

SLEEPS = {"ns1/web": "1001", "ns1/db": "1002", "ns1/ns2/web": "1003", "ns1/ns2/db": "1004", "ns1/ns2/ns3": "1005"}


class LiveTree(live.TestCase):
    def lab(self):
        """A running lab, and from each address to the pid of its process."""
        run = self.live()
        below = harness.descendants_of(run.pid)
        found = {address: pid for address, word in SLEEPS.items() for pid in below if word in harness.argv_of(pid)}
        self.assertEqual(len(found), len(SLEEPS))
        return run, found

    @staticmethod
    def nspid(pid):
        return [int(word) for word in harness.status_of(pid)["NSpid"].split()]

    @staticmethod
    def inode(pid):
        return os.stat(f"/proc/{pid}/ns/pid").st_ino

    def test_it_agrees_with_nspid(self):
        run, pids = self.lab()
        tree = json.loads(self.told("tree", "lab", "--format", "json"))
        shown = {each.get("address"): each for each in tree["processes"]}
        for address, pid in pids.items():
            self.assertEqual([at["pid"] for at in shown[address]["pids"]], self.nspid(pid))
            self.assertEqual(shown[address]["pids"][-1]["pid_namespace"], self.inode(pid))
            self.assertEqual(shown[address]["hostname"], address.split("/")[-2] if "/ns3" not in address else "ns3")
            self.assertEqual(shown[address]["command"], f"sleep {SLEEPS[address]}")
        [supervisor] = [each for each in tree["processes"] if each["role"] == "supervisor"]
        self.assertEqual(supervisor["pids"][0]["pid"], run.pid)
        names = {each["inode"]: each["name"] for each in tree["pid_namespaces"]}
        self.assertEqual(names[self.inode(pids["ns1/ns2/ns3"])], "ns3")

    def test_the_picture(self):
        _, pids = self.lab()
        lines = self.told("tree", "lab").splitlines()
        self.assertRegex(lines[0], r"^lab, up \d s +host +ns1 +ns2 +ns3 +hostname +pid namespace$")
        [row] = [line for line in lines if "sleep 1005" in line]
        self.assertRegex(row, r"└─ ns3 +sleep 1005 +" + r" +".join(map(str, self.nspid(pids["ns1/ns2/ns3"]))) +
                         rf" +ns3 +{self.inode(pids['ns1/ns2/ns3'])}$")
        [row] = [line for line in lines if "sleep 1001" in line]
        self.assertRegex(row, r"web +sleep 1001 +" + r" +".join(map(str, self.nspid(pids["ns1/web"]))) + r" +ns1 ")
        self.assertTrue(all(len(line) <= 100 for line in lines))
        self.assertTrue(self.pidns("tree", "lab", env={"LC_ALL": "C"}).out.isascii())
        drawn = subprocess.run(["dot", "-Tplain"], input=self.told("tree", "lab", "--format", "dot").encode(),
                               capture_output=True)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, b""))

    def test_siblings_have_columns_of_their_own(self):
        self.live("pidns: 1\nname: two\nnamespaces:\n  red: {unshare: [pid], command: [sleep, 1000]}\n"
                  "  blue: {unshare: [pid], command: [sleep, 1000]}\n", "two")
        lines = self.told("tree", "two").splitlines()
        self.assertRegex(lines[0], r"host +red +blue +hostname")
        [red] = [line for line in lines if "red  " in line and "sleep" in line]
        [blue] = [line for line in lines if "blue" in line and "sleep" in line]
        self.assertGreater(blue.index(" 1 "), red.index(" 1 "))

    def test_each_process_stands_beside_its_own_name(self):
        """Also the first of a node that has no process of ours: by it the others are addressed, and it too."""
        self.live("pidns: 1\nname: lab\nprocesses: {a: {command: [sleep, 1001]}, b: {command: [sleep, 1002]}}\n"
                  "namespaces:\n  m:\n    unshare: [pid]\n    init: p\n    processes:\n"
                  "      p: {script: 'trap : CHLD; sleep 1003 & wait; sleep 1003'}\n      q: {command: [sleep, 1004]}\n"
                  "  n: {command: [sleep, 1005]}\n")
        rows = self.told("tree", "lab").splitlines()
        beside = {word: re.search(r"(\S+) +(?:/bin/sh.*)?sleep %d" % word, "\n".join(rows))[1] for word in range(1001, 1006)}
        self.assertEqual(beside, {1001: "a", 1002: "b", 1003: "p", 1004: "q", 1005: "n"})

    def test_an_option_that_is_of_the_machine_s_tree(self):
        self.live()
        result = self.pidns("tree", "--all", "lab")
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("`--all` is of the machine's tree", result.err)

    def test_the_machines_tree_names_it(self):
        _, pids = self.lab()
        tree = json.loads(self.told("tree", "--format", "json"))
        owners = {each["pids"][-1].get("pid_namespace"): each.get("address") for each in tree["processes"]}
        self.assertEqual(owners[self.inode(pids["ns1/ns2/ns3"])], "lab:ns1/ns2/ns3")
        self.assertEqual(owners[self.inode(pids["ns1/web"])], "lab:ns1")

    def test_what_has_ended_is_shown_so(self):
        _, pids = self.lab()
        self.told("kill", "lab", "ns1/web")
        harness.until(lambda: "sleep 1001 (ended)" in self.told("tree", "lab"), what="the end of ns1/web")

    def test_what_waits_for_others_is_shown_so(self):
        self.live("pidns: 1\nname: lab\nprocesses:\n  a: {command: [sleep, 1001], ready: {path: %s, every: 10ms}}\n"
                  "  b: {command: [sleep, 1002], depends-on: [a]}\n" % self.path("flag"))
        def waits():
            processes = json.loads(self.told("tree", "lab", "--format", "json"))["processes"]
            return {each["address"]: each.get("waiting", False) for each in processes if each["role"] == "command"}
        self.assertEqual(waits(), {"a": False, "b": True})
        self.assertRegex(self.told("tree", "lab"), r" b  \(waiting\) sleep 1002 ")
        self.write("flag", "")
        harness.until(lambda: waits() == {"a": False, "b": False}, what="b has executed")
        self.assertNotIn("waiting", self.told("tree", "lab"))

    def test_another_that_has_the_pid_of_one_that_has_ended_is_not_it(self):
        _, pids = self.lab()
        pid = pids["ns1/web"]
        self.recycle(pid)
        self.assertIn("sleep 1001 (ended)", self.told("tree", "lab"))
        self.assertNotIn("lab", self.told("pid", str(pid)))
        self.assertIn("has ended", self.pidns("pid", "lab", "ns1/web").err)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def test_pid_of_an_address(self):
        _, pids = self.lab()
        for address, pid in pids.items():
            self.assertEqual([self.pid(address), self.pid("/" + address), self.pid(address + "/")], [pid] * 3)
            levels = self.nspid(pid)
            self.assertEqual(int(self.told("pid", "lab", address, "--in", "ns1")), levels[1])
            if len(levels) > 2:
                self.assertEqual(int(self.told("pid", "lab", address, "--in", "ns1/ns2")), levels[2])
        result = self.pidns("pid", "lab", "ns1/web", "--in", "ns1/ns2")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("it has no pid there", " ".join(result.err.split()))
        # The root has no process of its own: it is in the pid namespace in which pidns is.
        self.assertEqual(int(self.told("pid", "lab", "ns1/ns2/web", "--in", "/")), pids["ns1/ns2/web"])
        self.assertEqual(self.nspid(self.pid("ns1/.init"))[-1], 1)
        self.assertEqual(self.pid("ns1"), self.pid("ns1/.init"))

    def test_a_node_means_its_pid_1_wherever_that_is_written(self):
        self.live("pidns: 1\nname: lab\nnamespaces:\n  n:\n    unshare: [pid]\n    init: one\n    processes:\n"
                  "      two: {command: [sleep, 1000]}\n      one: {command: [sleep, 1000]}\n")
        self.assertEqual(self.pid("n"), self.pid("n/one"))
        self.assertEqual(self.nspid(self.pid("n"))[-1], 1)

    def test_whose_a_pid_is(self):
        run, pids = self.lab()
        for address, pid in pids.items():
            told = json.loads(self.told("pid", str(pid), "--format", "json"))
            self.assertEqual((told["instance"], told["address"]), ("lab", address))
        self.assertIn("instance   lab, address ns1/ns2/web\n", self.told("pid", str(pids["ns1/ns2/web"])))
        self.assertIn("instance   lab, supervisor of pidns\n", self.told("pid", str(run.pid)))
        self.assertNotIn("instance", self.told("pid", str(os.getpid())))

    def test_what_there_is_not_lists_what_there_is(self):
        self.lab()
        for verb in "tree", "pid", "exec", "kill":
            result = self.pidns(verb, "lba")
            self.assertEqual((result.status, result.out), (125, ""))
            self.assertIn("there is no instance `lba`; did you mean `lab`?\nThere are: lab\n", result.err)
        for verb in "pid", "exec", "kill":
            result = self.pidns(verb, "lab", "ns1/ns2/wbe")
            self.assertEqual((result.status, result.out), (125, ""))
            self.assertIn("did you mean `ns1/ns2/web`?", result.err)
            self.assertIn("There are: ", result.err)
            for address in SLEEPS:
                self.assertIn(address, result.err)
        self.assertIn("Nothing runs", self.pidns("tree", "lab", env={"XDG_RUNTIME_DIR": "/nowhere/at-all"}).err)

    def test_seen_from_around_its_pid_namespace(self):
        # A run inside another's pid namespace, with one state folder.
        inner = self.write("inner.yaml", "pidns: 1\nname: inner\nunshare: [pid, uts]\nhostname: deep\n"
                           "processes:\n  a: {command: [sleep, 1006]}\n  b: {command: [sleep, 1007]}\n")
        outer = "pidns: 1\nname: outer\nunshare: [pid, mount]\nmount-proc: true\n" \
                f"command: [{self.program()}, run, {inner}]\n"
        run = self.live(outer, "outer")
        harness.until(lambda: "inner" in self.pidns("completion", "names").out.split(), what="the inner one")
        [pid] = [pid for pid in harness.descendants_of(run.pid) if harness.argv_of(pid) == ["sleep", "1006"]]
        self.assertEqual(self.pid("a", "inner"), pid)
        tree = json.loads(self.told("tree", "inner", "--format", "json"))
        [shown] = [each for each in tree["processes"] if each.get("address") == "a"]
        self.assertEqual([at["pid"] for at in shown["pids"]], self.nspid(pid))
        self.assertEqual(self.told("exec", "inner", "a", "--", "hostname"), "deep\n")
        self.assertIn(" inner:/  ", self.told("tree"))
        # And the other way round: what is outside can't be signalled from inside.
        result = self.pidns("exec", "outer", "--", self.program(), "kill", "outer")
        self.assertEqual(result.status, 125)
        self.assertIn("another pid namespace", result.err)

    def test_a_supervisor_that_is_gone(self):
        run, _ = self.lab()
        run.kill()
        result = self.pidns("tree", "lab")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("there is no instance `lab`", result.err)


if __name__ == "__main__":
    harness.main()
