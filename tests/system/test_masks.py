# needs: root
"""masked-paths, read-only-paths, the options of mount-proc, and a /proc that is masked outside."""

import os

import harness
import people
from people import whole

KEYS = "unshare: [user, pid, mount]\nmount-proc: true\n"


class Paths(people.TestCase):
    def test_masked(self):
        os.mkdir(self.path("folder"))
        self.write("folder/secret", "secret\n")
        self.write("file", "secret\n")
        here = self.folder
        body = KEYS + f"masked-paths: [{here}/folder, {here}/file, {here}/absent, {here}/file/beyond, /proc/keys]\n" \
            f"script: |\n  ls {here}/folder | wc -l; cat {here}/file; wc -c < /proc/keys\n" \
            f"  (echo x > {here}/folder/new) 2>&1 | grep -o 'Read-only'; grep ' {here}/folder ' /proc/self/mountinfo\n"
        for out in self.everywhere(body):
            lines = out.splitlines()
            self.assertEqual(lines[:3], ["0", "0", "Read-only"])
            self.assertLessEqual({"ro", "nosuid", "nodev", "noexec"}, set(lines[3].split()[5].split(",")))

    def test_masked_where_the_root_has_no_devices(self):
        body = ("unshare: [user, mount]\nroot: {type: tmpfs}\nmasked-paths: [/file]\nmounts:\n"
                "- {type: bind, source: /usr, target: /usr}\n- {type: symlink, source: usr/lib, target: /lib}\n"
                "- {type: symlink, source: usr/lib64, target: /lib64}\n"
                "- {type: file, target: /file, content: secret}\ncommand: [/usr/bin/stat, -c, \"%s %a\", /file]\n")
        for out in self.everywhere(body):
            self.assertEqual(out, "0 444\n")

    def test_read_only(self):
        os.mkdir(self.path("folder"))
        os.chmod(self.path("folder"), 0o777)
        self.write("file", "x\n", 0o666)
        here = self.folder
        body = KEYS + f"read-only-paths: [{here}/folder, {here}/file, {here}/absent, /proc/sys]\nscript: |\n" \
            f"  for name in {here}/folder/new {here}/file /proc/sys/kernel/domainname; do\n" \
            "    (echo x > $name) 2>&1 | grep -o 'Read-only'; done; ls " + here + "/folder | wc -l\n"
        for out in self.everywhere(body):
            self.assertEqual(out.split(), ["Read-only"] * 3 + ["0"])

    def test_read_only_where_nothing_can_be_bound(self):
        body = ("unshare: [mount]\nmounts: [{type: tmpfs, target: /mnt, options: [unbindable]}]\n"
                "read-only-paths: [/mnt]\nscript: touch /mnt/a 2>/dev/null || echo kept\n")
        self.assertEqual(self.ok_as("root", whole(body)), "kept\n")

    def test_read_only_is_recursive(self):
        os.makedirs(self.path("folder/sub"))
        here = self.folder
        body = KEYS + f"mounts:\n- {{type: tmpfs, target: {here}/folder/sub}}\nread-only-paths: [{here}/folder]\nscript: |\n" \
            f"  (echo x > {here}/folder/sub/new) 2>&1 | grep -o 'Read-only'\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "Read-only\n")

    def test_they_do_not_reach_outside(self):
        spec = whole("unshare: [mount]\nmasked-paths: [/mnt]\nread-only-paths: [/srv]\ncommand: ['true']\n")
        wrapper = [*self.shared_root(), "sh", "-c", '"$@"; grep -cE " /(mnt|srv) " /proc/self/mountinfo', "sh"]
        self.assertEqual(self.run_as("root", spec, before=wrapper).out, "0\n")


class Proc(people.TestCase):
    def test_hidepid(self):
        for word in ("noaccess", "invisible", "ptraceable"):
            body = f"unshare: [user, pid, mount]\nmount-proc: {{hidepid: {word}}}\nscript: grep -o hidepid=.* /proc/mounts\n"
            for out in self.everywhere(body):
                self.assertTrue(out.startswith(f"hidepid={word}"), out)
        body = "unshare: [user, pid, mount]\nmount-proc: {hidepid: 'off'}\nscript: grep -c hidepid= /proc/mounts || true\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "0\n")

    def test_invisible_hides_the_processes_of_others(self):
        one = "unshare: [pid, mount]\ninit: true\nmount-proc: {hidepid: invisible}\nuid: 65534\ngid: 65534\n" \
              "script: test ! -e /proc/1 && echo hidden\n"
        self.assertEqual(self.ok_as("root", whole(one)), "hidden\n")
        self.assertEqual(self.ok_as("root", whole(one.replace("{hidepid: invisible}", "true").replace(
            "test ! -e", "test -e").replace("hidden", "seen"))), "seen\n")

    def test_subset(self):
        body = "unshare: [user, pid, mount]\nmount-proc: {subset: pid}\nscript: |\n  ls /proc | grep -v '^[0-9]'; " \
               "grep -o subset=pid /proc/self/mounts\n"
        for out in self.everywhere(body):
            self.assertEqual(out.split(), ["self", "thread-self", "subset=pid"])

    def test_target_in_a_map(self):
        os.mkdir(self.path("proc"))
        body = f"unshare: [user, pid, mount]\nmount-proc: {{target: {self.path('proc')}, subset: pid, hidepid: invisible}}\n" \
               f"script: readlink {self.path('proc')}/self; ls {self.path('proc')}/meminfo 2>&1 | grep -c 'No such'\n"
        for out in self.everywhere(body):
            self.assertEqual(out.split()[1], "1")

    def test_where_the_outer_proc_is_masked(self):
        # Any other whole proc of the machine's would do for the kernel.
        others = "for other in $(grep ' - proc ' /proc/self/mountinfo | cut -d' ' -f5 | grep -v '^/proc$'); do umount -l $other; done"
        mask = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                others + '; mount --bind /dev/null /proc/kallsyms && exec "$@"', "sh"]
        spec = whole("unshare: [user, pid, mount]\nmount-proc: true\ncommand: ['true']\n")
        for who in people.CALLERS:
            result = self.refused(spec, "mount-proc", "mount proc on /proc: Operation not permitted", who, before=mask)
            self.assertIn("only where the /proc around it is whole", result.words)
        self.ok_as("root", whole("unshare: [pid, mount]\nmount-proc: true\ncommand: ['true']\n"), before=mask)


if __name__ == "__main__":
    harness.main()
