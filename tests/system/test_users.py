# needs: root
"""User namespaces: the words and lists of uid-map and gid-map, setgroups, and who may write what."""

import os
import signal

import harness
import people
from people import OUTER, whole

SHOW = ("script: |\n  id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map | tr -s ' ' | sed 's/^ //'\n"
        "  cat /proc/self/setgroups\n")


def maps(uid, gid=None):
    return f"unshare: [user]\nuid-map: {uid}\ngid-map: {gid or uid}\n"


class Words(people.TestCase):
    def assert_shown(self, out, *lines):
        self.assertEqual(out.splitlines(), [str(line) for line in lines])

    def test_root_is_the_default(self):
        for body in ("unshare: [user]\n", maps("root")):
            self.assert_shown(self.ok_as("root", whole(body + SHOW)), 0, 0, "0 0 1", "0 0 1", "allow")
            self.assert_shown(self.ok_as("nobody", whole(body + SHOW)), 0, 0, "0 65534 1", "0 65534 1", "deny")

    def test_current_keeps_the_callers(self):
        out = self.ok_as("nobody", whole(maps("current") + SHOW))
        self.assert_shown(out, 65534, 65534, "65534 65534 1", "65534 65534 1", "deny")
        # The caller of a nested node is its maker, root of the namespace around.
        out = self.ok_as("nobody", whole(maps("current") + SHOW, (OUTER,)))
        self.assert_shown(out, 0, 0, "0 0 1", "0 0 1", "deny")

    def test_one_word_for_users_and_another_for_groups(self):
        out = self.ok_as("nobody", whole(maps("root", "current") + SHOW))
        self.assert_shown(out, 0, 65534, "0 65534 1", "65534 65534 1", "deny")

    def test_none_maps_nothing(self):
        for caller in ("root", "nobody"):
            out = self.ok_as(caller, whole(maps("none") + SHOW))
            self.assert_shown(out, 65534, 65534, "allow")

    def test_all_is_every_id_of_the_parent(self):
        with open("/proc/self/uid_map") as file:
            lines = [line.split() for line in file]
        wanted = [f"{line[0]} {line[0]} {line[2]}" for line in lines]
        out = self.ok_as("root", whole(maps("all") + SHOW))
        self.assert_shown(out, 0, 0, *wanted, *wanted, "allow")
        # Inside a namespace of ten ids these ten.
        outer = "unshare: [user]\nuid-map: [{inside: 0, outside: 0, count: 10}]\n" \
                "gid-map: [{inside: 0, outside: 0, count: 7}]\n"
        out = self.ok_as("root", whole(maps("all") + SHOW, (outer,)))
        self.assert_shown(out, 0, 0, "0 0 10", "0 0 7", "allow")

    def test_all_of_a_caller_with_one_id_needs_no_helper(self):
        wrapper = ["unshare", "-r"]
        out = self.ok_as("root", whole(maps("all") + SHOW), before=wrapper)
        self.assert_shown(out, 0, 0, "0 0 1", "0 0 1", "deny")

    def test_a_list_with_the_makers_id(self):
        body = maps("[{inside: 5, outside: 0, count: 1}, {inside: 10, outside: 20, count: 3}]")
        self.assert_shown(self.ok_as("root", whole(body + SHOW)), 5, 5, "5 0 1", "10 20 3", "5 0 1", "10 20 3", "allow")

    def test_a_list_without_the_makers_id_starts_as_0(self):
        body = maps("[{inside: 0, outside: 100000, count: 10}]")
        self.assert_shown(self.ok_as("root", whole(body + SHOW)), 0, 0, "0 100000 10", "0 100000 10", "allow")
        out = self.ok_as("root", whole(body.replace("[user]", "[user, pid, mount]") + "mount-proc: true\n"
                                       "processes:\n  a: {command: [id, -u]}\n  b: {command: ['true']}\n"))
        self.assertEqual(out, "0\n")

    def test_a_list_without_either_stays_the_overflow_id(self):
        body = maps("[{inside: 7, outside: 100000, count: 1}]")
        self.assert_shown(self.ok_as("root", whole(body + SHOW)), 65534, 65534, "7 100000 1", "7 100000 1", "allow")

    def test_what_is_made_belongs_outside_to_the_mapped_id(self):
        os.mkdir(self.path("open"))
        os.chmod(self.path("open"), 0o777)
        body = maps("[{inside: 0, outside: 4242, count: 1}]") + f"script: touch {self.path('open/made')}\n"
        self.ok_as("root", whole(body))
        found = os.stat(self.path("open/made"))
        self.assertEqual((found.st_uid, found.st_gid), (4242, 4242))

    def test_more_than_ones_own_id_is_refused_without_privilege(self):
        spec = whole(maps("[{inside: 0, outside: 5, count: 3}]") + "command: ['true']\n")
        self.refused(spec, "uid-map", "may not map", "nobody")

    def test_ids_that_do_not_exist_in_the_parent(self):
        body = maps("[{inside: 0, outside: 0, count: 1}, {inside: 1, outside: 77, count: 1}]") + "command: ['true']\n"
        result = self.run_as("root", whole(body, (OUTER,)))
        self.assertEqual(result.status, 125, result)


class Setgroups(people.TestCase):
    def setgroups(self, who, keys, depth=()):
        return self.ok_as(who, whole("unshare: [user]\n" + keys + "command: [cat, /proc/self/setgroups]\n", depth))

    def test_the_default(self):
        self.assertEqual(self.setgroups("root", ""), "allow\n")
        self.assertEqual(self.setgroups("nobody", ""), "deny\n")
        self.assertEqual(self.setgroups("root", "", (OUTER,)), "allow\n")
        self.assertEqual(self.setgroups("nobody", "", (OUTER,)), "deny\n")

    def test_deny(self):
        self.assertEqual(self.setgroups("root", "setgroups: deny\n"), "deny\n")
        self.assertEqual(self.setgroups("root", "setgroups: deny\n", (OUTER,)), "deny\n")

    def test_allow(self):
        self.assertEqual(self.setgroups("root", "setgroups: allow\n"), "allow\n")


class Subordinates(people.TestCase):
    """/etc/subuid and its like are covered in a mount namespace of the test's own."""

    def borrowed(self, subuid=people.SUBUID, subgid=people.SUBGID):
        """Words of a wrapper: as the user `tester`, who has these ranges."""
        return [*self.lent_files(subuid, subgid), *people.TESTER]

    def test_auto_takes_all_ranges_by_name_and_number(self):
        out = self.ok_as("root", whole(maps("auto") + SHOW), before=self.borrowed())
        self.assertEqual(out.splitlines(), ["0", "0", "0 4321 1", "1 100000 1000", "1001 300000 500",
                                            "0 4321 1", "1 400000 65536", "allow"])

    def test_auto_lets_become_another_and_set_groups(self):
        body = maps("auto") + "uid: 1000\ngid: 5\ngroups: [6, 7]\ncommand: [sh, -c, id -u; id -g; id -G]\n"
        self.assertEqual(self.ok_as("root", whole(body), before=self.borrowed()), "1000\n5\n5 6 7\n")

    def test_auto_under_an_init_and_with_more_nested(self):
        body = (maps("auto").replace("[user]", "[user, pid, mount]") + "mount-proc: true\nnamespaces:\n  a:\n"
                "    unshare: [user]\n    uid-map: all\n    gid-map: all\n    command: [wc, -l, /proc/self/uid_map]\n")
        self.assertEqual(self.ok_as("root", whole(body), before=self.borrowed()), "3 /proc/self/uid_map\n")

    def test_signals_and_the_tie_reach_a_process_of_another_uid(self):
        """The maker owns the user namespace: that is enough to signal what runs there as another."""
        script = f"env: {{MARK: {self.folder}}}\nscript: echo ready; exec sleep 1000\n"
        for kinds in ("[user]", "[user, pid]"):
            spec = whole(f"unshare: {kinds}\nuid-map: auto\ngid-map: auto\nuid: 77\ngid: 77\n" + script)
            for number, status in ((signal.SIGTERM, -15), (signal.SIGKILL, -9)):
                run = self.start_as("root", spec, before=self.borrowed())
                run.until_out("ready")
                self.assertTrue(harness.with_environment("MARK=" + self.folder))
                self.assertEqual(run.signal(number).wait().status, status)
                harness.until(lambda: not harness.with_environment("MARK=" + self.folder), 5, "the end of the command")

    def test_a_sibling_of_another_gid_does_not_hinder_the_maker(self):
        """What runs in its maker's memory makes that undumpable as it changes its ids, and with it the next child."""
        spec = ("pidns: 1\nunshare: [user]\ngid-map: auto\nnamespaces:\n  held:\n    unshare: [mount]\n    gid: 7\n"
                "    command: [id, -g]\n    namespaces:\n      in: {unshare: [user], gid-map: all, command: [id, -u]}\n")
        self.assertEqual(sorted(self.ok_as("root", spec, before=self.borrowed()).split()), ["0", "7"])

    def test_a_list_that_the_files_allow(self):
        body = maps("[{inside: 0, outside: 100000, count: 10}]", "[{inside: 0, outside: 400000, count: 10}]")
        out = self.ok_as("root", whole(body + SHOW), before=self.borrowed())
        self.assertEqual(out.splitlines(), ["0", "0", "0 100000 10", "0 400000 10", "allow"])

    def test_without_a_range_the_file_is_named(self):
        spec = whole(maps("auto") + "command: ['true']\n")
        wrapper = self.borrowed(subuid="other:200000:5\n")
        result = self.refused(spec, "uid-map", "/etc/subuid has no range", before=wrapper)
        self.assertNotIn("/etc/subgid has", result.err)
        result = self.refused(spec, "gid-map", "/etc/subgid has no range",
                              before=self.borrowed(subgid=""))
        self.assertIn("nothing was run", result.err)

    def test_the_helpers_are_not_installed(self):
        wrapper = self.borrowed()
        os.mkdir(self.path("bin"))
        spec = whole(maps("auto") + "command: [/bin/true]\n")
        result = self.refused(spec, "uid-map", "not on PATH", before=wrapper + ["env", "PATH=" + self.path("bin")])
        self.assertIn("newuidmap", result.words)
        self.assertIn("uidmap", result.words)


class Inside(people.TestCase):
    def test_all_kinds_at_once(self):
        kinds = ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")
        links = "script: for kind in " + " ".join(kinds) + "; do readlink /proc/self/ns/$kind; done\n"
        outside = [os.readlink(f"/proc/self/ns/{kind}") for kind in kinds]
        for depth in ("depth 1", "depth 2"):
            for out in self.everywhere("unshare: all\nmount-proc: true\n" + links, depths=(depth,)):
                self.assertEqual(len(out.split()), 8)
                self.assertFalse(set(out.split()) & set(outside), out)

    def test_the_user_namespace_owns_the_others(self):
        body = ("unshare: [user, pid, mount, uts, net]\nhostname: owned\nmount-proc: true\n"
                "script: hostname; hostname again; hostname; cat /sys/class/net/lo/ifindex || ip link\n")
        for out in self.everywhere(body):
            self.assertEqual(out.split()[:2], ["owned", "again"])

    def test_groups_stay_where_no_proc_tells_that_they_must(self):
        bare = ("unshare: [user, mount]\nroot: {type: tmpfs}\nmounts:\n" + "".join(
            f"- {{type: bind, source: {path}, target: {path}}}\n" for path in ("/usr", "/bin", "/lib", "/lib64")))
        self.assertEqual(self.ok_as("nobody", whole(bare + "gid: 0\ncommand: [id, -u]\n")), "0\n")
        self.assertEqual(self.ok_as("root", whole("unshare: [user]\ngid-map: none\nuid: 0\ncommand: [id, -u]\n")), "0\n")

    def test_two_processes_under_an_init(self):
        body = "unshare: [user, pid]\nprocesses:\n  a: {command: [id, -u]}\n  b: {command: [id, -g]}\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "0\n0\n")

    def test_thirty_three_levels(self):
        spec = harness.nested(20, "script: id -u; wc -l < /proc/self/uid_map\n", "unshare: [user]\n")
        self.assertEqual(self.ok_as("nobody", spec), "0\n1\n")


if __name__ == "__main__":
    harness.main()
