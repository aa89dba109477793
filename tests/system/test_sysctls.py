# needs: root
"""sysctls: written inside the node's own namespaces, unseen outside."""

import harness
import people
from people import whole

KEYS = "unshare: [user, pid, mount, net, ipc, uts]\nmount-proc: true\n"
# Name, value, what is read back.
EACH = [("net.ipv4.ip_forward", "1", "1"), ("net/ipv4/ip_default_ttl", "77", "77"),
        ("net.ipv4.ping_group_range", "0 0", "0\t0"), ("net.ipv4.conf.lo.forwarding", "1", "1"),
        ("kernel.shmmax", "1234567", "1234567"), ("kernel.shmall", "4321", "4321"), ("kernel.msgmax", "1000", "1000"),
        ("kernel.msgmnb", "2000", "2000"), ("kernel.sem", "500 64000 64 256", "500\t64000\t64\t256"),
        ("fs.mqueue.msg_max", "17", "17"), ("user.max_uts_namespaces", "3", "3"), ("kernel.pid_max", "4000", "4000")]


def path_of(name):
    return "/proc/sys/" + name.replace(".", "/")


class Sysctls(people.TestCase):
    def test_each(self):
        before = [harness.read(path_of(name)) for name, _, _ in EACH]
        body = KEYS + "sysctls:\n" + "".join(f"  {name}: {value}\n" for name, value, _ in EACH) + \
            "script: |\n  cat " + " ".join(path_of(name) for name, _, _ in EACH) + "\n"
        for out in self.everywhere(body):
            self.assertEqual(out.splitlines(), [shown for _, _, shown in EACH])
        self.assertEqual(before, [harness.read(path_of(name)) for name, _, _ in EACH])

    def test_as_root_without_a_user_namespace(self):
        body = "unshare: [pid, mount, net, ipc]\nmount-proc: true\nsysctls: {net.ipv4.ip_forward: 1, kernel.shmmax: 99999}\n" \
               "script: cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax\n"
        self.assertEqual(self.ok_as("root", whole(body)), "1\n99999\n")

    def test_the_next_pid(self):
        body = "unshare: [user, pid, mount]\nmount-proc: true\nsysctls: {kernel.ns_last_pid: 4000}\n" \
               "command: [sh, -c, 'sh -c \"echo \\$\\$\"; true']\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "4001\n")

    def test_two_processes_and_a_nested_node_see_them(self):
        body = "unshare: [user, net, mount]\nsysctls: {net.ipv4.ip_default_ttl: 33}\nprocesses:\n" \
               "  a: {command: [cat, /proc/sys/net/ipv4/ip_default_ttl]}\n" \
               "namespaces:\n  n: {command: [cat, /proc/sys/net/ipv4/ip_default_ttl]}\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "33\n33\n")

    def test_refusals(self):
        for sysctl, words in (("net.ipv4.no_such_thing: 1", "No such file"), ("net.ipv4.ip_forward: nonsense", "Invalid")):
            for who in people.CALLERS:
                self.refused(whole(KEYS + f"sysctls:\n  {sysctl}\ncommand: ['true']\n"), sysctl, words, who)

    def test_a_read_only_proc(self):
        wrapper = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                   'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"', "sh"]
        spec = whole("unshare: [net]\nsysctls:\n  net.ipv4.ip_forward: 1\ncommand: ['true']\n")
        result = self.refused(spec, "ip_forward", "Read-only", before=wrapper)
        self.assertIn("mount-proc: true", result.err)


if __name__ == "__main__":
    harness.main()
