# needs: root
"""Set-up that goes through /proc, where the /proc of a node counts other pids or is not there at all."""

import harness
import people

# A root of its own without a /proc.
BARE = """\
unshare: [KINDS]
root: {type: tmpfs}
mounts:
  - {type: bind, source: /usr, target: /usr, options: [ro, rbind]}
  - {type: symlink, source: usr/bin, target: /bin}
  - {type: symlink, source: usr/lib, target: /lib}
  - {type: symlink, source: usr/lib64, target: /lib64}
"""

AROUND = {
    "a pid namespace without mount-proc": "unshare: [user, pid]\ninit: true\n",
    "a /proc of the node's init": "unshare: [user, pid, mount]\nmount-proc: true\n",
    "no /proc": BARE.replace("KINDS", "user, pid, mount"),
    "no /proc and no pid namespace": BARE.replace("KINDS", "user, mount"),
}


class ForeignProc(people.TestCase):
    def nested(self, body):
        for caller in people.CALLERS:
            for name, around in AROUND.items():
                with self.subTest(caller=caller, around=name):
                    yield self.ok_as(caller, people.whole(body, (around,)))

    def test_id_maps(self):
        for out in self.nested("unshare: [user]\nscript: id -u; id -g\n"):
            self.assertEqual(out, "0\n0\n")

    def test_id_maps_of_a_node_with_several_processes(self):
        for out in self.nested("unshare: [user, pid]\nprocesses:\n  a: {script: id -u}\n  b: {script: exit 0}\n"):
            self.assertEqual(out, "0\n")

    def test_clock_offsets(self):
        out = list(self.nested("unshare: [user, time]\nboottime: 1000d\nmonotonic: 1000d\n"
                               "command: [/usr/bin/python3, -c, 'import time; print(time.monotonic() > 86400 * 999)']\n"))
        self.assertEqual(set(out), {"True\n"})

    def test_oom_score_adj(self):
        look = "processes:\n  a: {oom-score-adj: 345, command: [cat, FILE]}\n  b: {command: [sleep, '0.05']}\n"
        for around in (AROUND["a pid namespace without mount-proc"], "unshare: [pid, mount]\nmount-proc: true\n"):
            out = self.ok_as("root", people.whole(look.replace("FILE", "/proc/self/oom_score_adj"), (around,)))
            self.assertEqual(out, "345\n")


if __name__ == "__main__":
    harness.main()
