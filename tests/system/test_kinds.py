# needs: root
"""Each kind of namespace by itself: it is new, the others are the caller's, and its keys do something."""

import ctypes
import itertools
import os
import sys

import harness

FILES = {"pid": "pid", "mount": "mnt", "uts": "uts", "ipc": "ipc", "net": "net", "cgroup": "cgroup"}

LO_FLAGS = """\
import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flags = struct.unpack('16xH', fcntl.ioctl(s, 0x8913, struct.pack('16sH14x', b'lo', 0))[:18])[0]
print('up' if flags & 1 else 'down')
s.bind(('', 0))
try:
    s.sendto(b'x', ('127.0.0.1', s.getsockname()[1]))
    print(s.recv(1).decode())
except OSError as problem:
    print('unreachable')
"""


class NewInodes(harness.TestCase):
    def links(self, kinds):
        """The namespaces of a command in a node that makes `kinds`."""
        script = "; ".join(f"readlink /proc/self/ns/{file}" for file in FILES.values())
        out = self.ok(f"pidns: 1\nunshare: [{', '.join(kinds)}]\nscript: {script}\n")
        return dict(zip(FILES, out.split()))

    def test_one_kind_is_new_and_the_others_are_the_callers(self):
        ours = {kind: os.readlink(f"/proc/self/ns/{file}") for kind, file in FILES.items()}
        for kind in FILES:
            with self.subTest(kind):
                found = self.links([kind])
                self.assertEqual([k for k in FILES if found[k] != ours[k]], [kind])

    def test_pairs_and_all_six(self):
        ours = {kind: os.readlink(f"/proc/self/ns/{file}") for kind, file in FILES.items()}
        for kinds in [*itertools.combinations(FILES, 2), tuple(FILES)]:
            with self.subTest(kinds):
                found = self.links(kinds)
                self.assertEqual([k for k in FILES if found[k] != ours[k]], list(kinds))

    def test_the_same_under_an_init_of_ours(self):
        """With two processes the namespaces are made by our own process, not by the command's."""
        ours = {kind: os.readlink(f"/proc/self/ns/{file}") for kind, file in FILES.items()}
        for kind in FILES:
            with self.subTest(kind):
                self.ok(f"pidns: 1\nunshare: {kind}\ncwd: {self.folder}\nprocesses:\n" + "".join(
                    f"  {name}:\n    script: |\n" + "".join(
                        f"      readlink /proc/self/ns/{file} >>{name}\n" for file in FILES.values())
                    for name in ("a", "b")))
                first, second = (dict(zip(FILES, harness.read(self.path(n)).split())) for n in "ab")
                os.unlink(self.path("a"))
                os.unlink(self.path("b"))
                self.assertEqual(first, second)
                self.assertEqual([k for k in FILES if first[k] != ours[k]], [kind])

    def test_a_nested_node_makes_its_own(self):
        for kind, file in FILES.items():
            with self.subTest(kind):
                out = self.ok(f"pidns: 1\nunshare: {kind}\nnamespaces:\n  a:\n    unshare: {kind}\n"
                              f"    command: [readlink, /proc/self/ns/{file}]\n"
                              f"  b:\n    script: sleep 0.05; readlink /proc/self/ns/{file}\n")
                links = out.split() + [os.readlink(f"/proc/self/ns/{file}")]
                self.assertEqual(len(set(links)), 3, links)


class Names(harness.TestCase):
    def test_domainname(self):
        before = harness.read("/proc/sys/kernel/domainname")
        out = self.ok("pidns: 1\nunshare: uts\ndomainname: example.org\n"
                      "command: [cat, /proc/sys/kernel/domainname]\n")
        self.assertEqual(out, "example.org\n")
        self.assertEqual(harness.read("/proc/sys/kernel/domainname"), before)

    def test_names_of_64_bytes(self):
        name = "a" * 64
        out = self.ok(f"pidns: 1\nunshare: uts\nhostname: {name}\ndomainname: {name[:-1]}b\n"
                      "command: [cat, /proc/sys/kernel/hostname, /proc/sys/kernel/domainname]\n")
        self.assertEqual(out.split(), [name, name[:-1] + "b"])

    def test_a_new_uts_without_a_name_keeps_the_callers(self):
        self.assertEqual(self.ok("pidns: 1\nunshare: uts\ncommand: [uname, -n]\n").strip(), os.uname().nodename)

    def test_names_are_set_where_two_processes_share_them(self):
        out = self.ok("pidns: 1\nunshare: uts\nhostname: both\nprocesses:\n"
                      "  a: {command: [uname, -n]}\n  b: {command: [uname, -n]}\n")
        self.assertEqual(out, "both\nboth\n")


class Proc(harness.TestCase):
    def test_mount_proc_at_a_path(self):
        os.mkdir(self.path("proc"))
        out = self.ok(f"pidns: 1\nunshare: [pid, mount]\nmount-proc: {self.path('proc')}\n"
                      f"script: cd {self.path('proc')}; echo [0-9]*; test -d /proc/{os.getpid()} && echo outside\n")
        self.assertEqual(out, "1\noutside\n")
        self.assertEqual(os.listdir(self.path("proc")), [])

    def test_the_callers_proc_survives_where_all_is_shared(self):
        os.mkdir(self.path("proc"))
        file = self.write("spec.yaml", f"pidns: 1\nunshare: [pid, mount]\nmount-proc: {self.path('proc')}\n"
                                       f"script: cd {self.path('proc')}; echo [0-9]*\n")
        result = harness.Run([*self.shared_root(), "sh", "-c", '"$1" run "$2"; ls "$3"; test -d /proc/self', "sh",
                              harness.PIDNS, file, self.path("proc")]).wait()
        self.assertEqual((result.status, result.out, result.err), (0, "1\n", ""))

    def test_proc_without_a_pid_namespace_of_its_own_shows_the_one_around(self):
        out = self.ok("pidns: 1\nunshare: [pid]\nnamespaces:\n  in:\n    unshare: [mount]\n    mount-proc: true\n"
                      "    script: echo $$ $(readlink /proc/self); cat /proc/1/comm\n")
        first = out.splitlines()[0].split()
        self.assertEqual(first[0], "2")
        self.assertLess(int(first[1]), 10)


class Net(harness.TestCase):
    def flags(self, keys):
        return self.ok(f"pidns: 1\nunshare: net\n{keys}command:\n  - {sys.executable}\n  - -c\n  - |\n" +
                       "".join(f"    {line}\n" for line in LO_FLAGS.splitlines()))

    def test_loopback_is_up_unless_told_otherwise(self):
        self.assertEqual(self.flags(""), "up\nx\n")
        self.assertEqual(self.flags("loopback: true\n"), "up\nx\n")

    def test_loopback_false_leaves_it_down(self):
        self.assertEqual(self.flags("loopback: false\n"), "down\nunreachable\n")

    def test_there_is_only_lo(self):
        out = self.ok("pidns: 1\nunshare: net\ncommand: [cat, /proc/net/dev]\n")
        self.assertEqual([line.split(":")[0].strip() for line in out.splitlines()[2:]], ["lo"])

    def test_loopback_in_a_nested_node_and_for_two_processes(self):
        out = self.ok("pidns: 1\nunshare: [pid, net]\nloopback: false\nnamespaces:\n  in:\n    unshare: net\n"
                      f"    processes:\n      a:\n        command:\n          - {sys.executable}\n          - -c\n"
                      "          - |\n" + "".join(f"            {line}\n" for line in LO_FLAGS.splitlines()) +
                      "      b: {script: exit 0}\n")
        self.assertEqual(out, "up\nx\n")


class IpcAndCgroup(harness.TestCase):
    def test_a_queue_of_the_caller_is_not_seen_in_a_new_ipc_namespace(self):
        libc = ctypes.CDLL(None, use_errno=True)
        queue = libc.msgget(0, 0o600)
        self.assertGreaterEqual(queue, 0)
        try:
            look = "script: grep -c '[0-9]' /proc/sysvipc/msg || exit 0\n"
            self.assertEqual(self.ok("pidns: 1\nunshare: ipc\n" + look), "0\n")
            self.assertNotEqual(self.ok("pidns: 1\nunshare: uts\n" + look), "0\n")
        finally:
            libc.msgctl(queue, 0, None)

    def test_a_new_cgroup_namespace_begins_at_its_own_group(self):
        out = self.ok("pidns: 1\nunshare: cgroup\ncommand: [cat, /proc/self/cgroup]\n")
        self.assertTrue(out)
        self.assertEqual({line.split(":", 2)[2] for line in out.splitlines()}, {"/"})


if __name__ == "__main__":
    harness.main()
