# needs: root
"""The lab of the examples, from its start to its end: five services on three levels, which depend on each other."""

import json
import os
import re

import harness
import live

LAB = str(harness.HERE.parents[1] / "examples/lab.yaml")
NODES = {"ns1": "ns1", "ns1/ns2": "ns2", "ns1/ns2/ns3": "ns3"}  # Each with its host name.
WAITS_FOR = {"ns1/db": [], "ns1/ns2/cache": [], "ns1/ns2/api": ["ns1/db", "ns1/ns2/cache"],
             "ns1/web": ["ns1/ns2/api"], "ns1/ns2/ns3": ["ns1/ns2/api"]}
HAVE_READY = ["ns1/db", "ns1/ns2/cache", "ns1/ns2/api"]
INITS = ["ns1/.init", "ns1/ns2/.init"]


def nspid(pid):
    return [int(word) for word in harness.status_of(pid)["NSpid"].split()]


def files_in(*folders):
    return {os.path.join(at, name) for folder in folders for at, below, files in os.walk(folder) for name in below + files}


def cgroups():
    """Where we are in each hierarchy, and all below."""
    found = set()
    for line in harness.read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        folder = controllers.removeprefix("name=") or "unified"
        for root in ("/sys/fs/cgroup/" + folder, "/sys/fs/cgroup"):
            found |= {at for at, _, _ in os.walk(root + path)} if path != "/" else set()
    return found


class Lab(live.TestCase):
    def setUp(self):
        super().setUp()
        self.before = self.around()
        self.environment["LAB_SECONDS"] = "300"
        self.assertEqual(self.told("run", "--detach", "--events", self.path("events"), LAB), "lab\n")
        self.at_return = self.events("ready")
        [listed] = json.loads(self.told("ps", "--format", "json"))
        self.supervisor = listed["pid"]
        self.log = open(self.path("run/pidns/lab.log"))
        self.addCleanup(self.log.close)

    def stop(self):
        """Where that takes longer than a second, as on a busy machine, it may say for whom it waits."""
        stopped = self.pidns("stop", "lab")
        self.assertEqual((stopped.status, stopped.out), (0, ""), stopped)
        self.assertEqual([line for line in stopped.words.splitlines() if " waits for " not in line], [])

    def around(self):
        """/run/pidns is of others, who may run meanwhile."""
        return files_in(self.path("run")), sorted(set(os.listdir("/run")) - {"pidns"}), cgroups()

    def events(self, *kinds):
        """What was told of: (kind, address) in order."""
        told = [json.loads(line) for line in harness.read(self.path("events")).splitlines()]
        times = [each["time"] for each in told]
        self.assertEqual(times, sorted(times))
        return [(each["event"], each.get("address")) for each in told if each["event"] in kinds]

    def until_all_are_up(self):
        harness.until(lambda: len(self.events("executed", "ready")) == len(WAITS_FOR) + len(HAVE_READY), 10, "all are up")
        harness.until(lambda: self.said().count(": up on ") == len(WAITS_FOR), what="all have said so")

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def pids(self):
        """The pid of each process of the lab as we see it, by address: found without pidns."""
        found = {}
        for pid in harness.descendants_of(self.supervisor):
            argv = harness.argv_of(pid)
            if argv[0].startswith("pidns: init "):
                found[argv[0].split()[2] + "/.init"] = pid
            elif argv[0] == "sh":
                [path] = [entry for entry in harness.read(f"/proc/{pid}/environ").split("\0") if entry.startswith("PIDNS_PATH=")]
                found[path.partition("=")[2]] = pid
        self.assertEqual(set(found), {*WAITS_FOR, *INITS})
        return found

    # -- The start --

    def test_it_starts_in_order_and_is_ready(self):
        for address in ["ns1/db", "ns1/ns2/cache"]:
            self.assertIn(("ready", address), self.at_return)
        self.until_all_are_up()
        order = self.events("executed", "ready")
        for address, needed in WAITS_FOR.items():
            for other in needed:
                self.assertLess(order.index(("ready", other)), order.index(("executed", address)), order)
        self.assertEqual({address for kind, address in order if kind == "ready"}, set(HAVE_READY))
        for address in WAITS_FOR:
            host = NODES.get(address) or NODES[os.path.dirname(address)]
            self.assertEqual(self.said().count(f"{address}: up on {host}\n"), 1)
        lines = [line.partition(":")[0] for line in self.said().splitlines()]
        for address, needed in WAITS_FOR.items():
            for other in needed:
                self.assertLess(lines.index(other), lines.index(address), "in their own words")
        self.stop()

    # -- Looking --

    def test_the_tree_shows_every_pid_at_every_level(self):
        self.until_all_are_up()
        pids = {**self.pids(), None: self.supervisor}
        tree = json.loads(self.told("tree", "lab", "--format", "json"))
        shown = {each.get("address"): each for each in tree["processes"]}
        names = {each["inode"]: each["name"] for each in tree["pid_namespaces"]}
        initial = os.stat("/proc/self/ns/pid").st_ino
        inodes = [initial] + [os.stat(f"/proc/{pids[address]}/ns/pid").st_ino for address in [*INITS, "ns1/ns2/ns3"]]
        self.assertEqual([names[inode] for inode in inodes[1:]], ["ns1", "ns2", "ns3"])
        self.assertEqual(set(shown), {*pids})
        for address, pid in pids.items():
            self.assertEqual([at["pid"] for at in shown[address]["pids"]], nspid(pid), address)
            self.assertEqual([at["pid_namespace"] for at in shown[address]["pids"]], inodes[:len(nspid(pid))], address)
            self.assertEqual(int(self.told("pid", "lab", address) if address else pid), pid)
        self.assert_picture(pids)
        self.stop()

    def assert_picture(self, pids):
        """Each cell of the table, the empty ones too: numbers end below the end of their column's name."""
        head, *rows = self.told("tree", "lab").splitlines()
        ends = [head.index(f" {name} ") + 1 + len(name) for name in ("host", "ns1", "ns2", "ns3")]
        cells = []
        for row in rows:
            found = {end: match[0] for match in re.finditer(r"(?<= )\d+", row) for end in [match.end()] if end in ends}
            cells.append([int(found[end]) if end in found else None for end in ends])
        wanted = [nspid(pid) for pid in pids.values()]
        self.assertCountEqual(cells, [levels + [None] * (4 - len(levels)) for levels in wanted])

    def test_exec_at_each_level(self):
        self.until_all_are_up()
        below = harness.descendants_of(self.supervisor)
        for level, (address, host) in enumerate(NODES.items(), 1):
            seen = {nspid(pid)[level]: " ".join(harness.argv_of(pid)) for pid in below if len(nspid(pid)) > level}
            out = self.told("exec", "lab", address, "--", "sh", "-c", "hostname; exec ps -e -o pid= -o args=")
            name, *lines = out.splitlines()
            self.assertEqual(name, host)
            listed = {int(pid): args.strip() for pid, args in (line.split(None, 1) for line in lines)}
            [ps] = [pid for pid, args in listed.items() if args == "ps -e -o pid= -o args="]
            listed.pop(ps)
            self.assertEqual(listed, seen)
        self.assertEqual(sorted(below), sorted(harness.descendants_of(self.supervisor)))
        self.stop()

    def test_kill_hits_the_right_one(self):
        self.until_all_are_up()
        before = self.said()
        below = sorted(harness.descendants_of(self.supervisor))
        for address in WAITS_FOR:
            self.told("kill", "lab", address, "-s", "SIGUSR1")
            before += f"{address}: got USR1\n"
            harness.until(lambda: len(self.said()) >= len(before), what=f"{address} tells of it")
            self.assertEqual(self.said(), before)
        # Nobody else has got one: it would have ended the commands that the services wait for.
        self.assertEqual(sorted(harness.descendants_of(self.supervisor)), below)
        self.stop()
        self.assertEqual(len(re.findall("USR1", self.said())), len(WAITS_FOR))

    # -- The end --

    def test_it_ends_in_reverse_order_and_leaves_nothing(self):
        self.until_all_are_up()
        self.told("kill", "lab", "ns1/web", "-s", "STOP")
        stop = harness.Run([self.program(), "stop", "lab"], env=self.environment)
        harness.until(lambda: ("ended", "ns1/ns2/ns3") in self.events("ended"), what="one ends at once")
        harness.until(lambda: "waits for" in stop.err, what="for whom it waits")
        # While one is held that waited for it, nothing else is asked to end.
        self.assertEqual(self.events("ended"), [("ended", "ns1/ns2/ns3")])
        self.assertEqual(sorted(re.split(r" waits for |, ", stop.err.strip())[1:]), sorted({*WAITS_FOR} - {"ns1/ns2/ns3"}))
        self.assertEqual(re.findall("(.*): ending\n", self.said()), ["ns1/ns2/ns3"])
        self.told("kill", "lab", "ns1/web", "-s", "CONT")
        self.assertEqual(stop.wait().status, 0)
        harness.assert_nothing_left()
        order, ended = self.events("ended"), re.findall("(.*): ending\n", self.said())
        self.assertEqual(set(ended), set(WAITS_FOR))
        for address, needed in WAITS_FOR.items():
            for other in needed:
                self.assertLess(order.index(("ended", address)), order.index(("ended", other)), order)
                self.assertLess(ended.index(address), ended.index(other), "in their own words")
        self.assertEqual(self.around(), self.before)

    def test_run_is_as_before_where_it_is_listed_there(self):
        """Without a folder of the user's own; /run is one of the test's, since the name is one instance's at a time."""
        self.stop()
        look = ("mount -t tmpfs tmpfs /run; mkdir /run/others; find /run >$1/was; $2 run -d $3; $2 ps -q; find /run >$1/is; "
                "$2 stop lab; find /run | cmp - $1/was && ! cmp -s $1/is $1/was && echo as before")
        result = harness.Run(["unshare", "-m", "sh", "-c", look, "sh", self.folder, self.program(), LAB],
                             env={**self.environment, "XDG_RUNTIME_DIR": None}).wait()
        self.assertEqual(result.out, "lab\nlab\nas before\n", result)
        self.assertEqual([line for line in result.words.splitlines() if " waits for " not in line], [])
        harness.assert_nothing_left()


if __name__ == "__main__":
    harness.main()
