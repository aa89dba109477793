# needs: root
"""Ids, groups, capabilities and no-new-privs of a process, and its tie after them."""

import os

import harness
import people
from harness import until
from people import whole

IDS = "command: [sh, -c, 'id -u; id -g; id -G']\n"
ALL_MAPPED = "unshare: [user]\nuid-map: all\ngid-map: all\n"
STATUS = "command: [grep, -E, '^(Cap|NoNewPrivs)', /proc/self/status]\n"


def sets(out):
    """The capability sets of /proc/PID/status as numbers."""
    return {line.split(":")[0]: int(line.split()[1], 16) for line in out.splitlines()}


class Ids(people.TestCase):
    def ids(self, keys, outer=(), who="root"):
        return self.ok_as(who, whole(keys + IDS, outer)).splitlines()

    def test_a_number_is_that_alone(self):
        self.assertEqual(self.ids("uid: 77\n"), ["77", "0", "0"])

    def test_a_named_uid_brings_its_gid(self):
        self.assertEqual(self.ids("uid: daemon\n"), ["1", "1", "1"])
        self.assertEqual(self.ids("uid: games\n"), ["5", "60", "60"])
        self.assertEqual(self.ids("uid: games\ngid: 9\n"), ["5", "9", "9"])

    def test_gid_by_number_and_name(self):
        self.assertEqual(self.ids("gid: 7\n"), ["0", "7", "7"])
        self.assertEqual(self.ids("gid: audio\n"), ["0", "29", "29"])

    def test_groups(self):
        self.assertEqual(self.ids("uid: 5\ngid: 6\ngroups: [audio, 44, 7]\n"), ["5", "6", "6 7 29 44"])
        self.assertEqual(self.ids("groups: [7]\n"), ["0", "0", "0 7"])
        self.assertEqual(self.ids("groups: []\n"), ["0", "0", "0"])

    def test_uid_or_gid_clears_the_groups(self):
        wrapper = ["setpriv", "--groups", "7,8"]
        for keys in ("uid: 0\n", "gid: 0\n"):
            self.assertEqual(self.ok_as("root", whole(keys + IDS), before=wrapper).splitlines()[2], "0")
        self.assertEqual(self.ok_as("root", whole(IDS), before=wrapper).splitlines()[2], "0 7 8")

    def test_where_setgroups_is_denied_they_stay(self):
        wrapper = ["setpriv", "--groups", "7,8"]
        spec = whole("unshare: [user]\nuid: 0\ngid: 0\nsetgroups: deny\n" + IDS)
        self.assertEqual(self.ok_as("root", spec, before=wrapper).splitlines()[2], "0 65534")

    def test_in_a_user_namespace_with_all_ids_and_at_depth(self):
        for outer in ((), (ALL_MAPPED,), (ALL_MAPPED, ALL_MAPPED)):
            self.assertEqual(self.ids(ALL_MAPPED + "uid: 5\ngid: 6\ngroups: [7]\n", outer), ["5", "6", "6 7"])

    def test_all_three_ids_of_each_kind(self):
        out = self.ok_as("root", whole("uid: 5\ngid: 6\ncommand: [grep, -E, '^[UG]id', /proc/self/status]\n"))
        self.assertEqual(out.split(), ["Uid:"] + ["5"] * 4 + ["Gid:"] + ["6"] * 4)

    def test_names_are_read_in_the_nodes_root(self):
        body = ("unshare: [mount]\nroot: {type: tmpfs}\nuid: stranger\ngroups: [crowd]\nmounts:\n"
                "- {type: bind, source: /usr, target: /usr}\n- {type: symlink, source: usr/bin, target: /bin}\n"
                "- {type: symlink, source: usr/lib, target: /lib}\n- {type: symlink, source: usr/lib64, target: /lib64}\n"
                "- {type: file, target: /etc/passwd, content: \"strange:x:1:1\\nstranger:x:1234:4321::/:/bin/sh\\n\"}\n"
                "- {type: file, target: /etc/group, content: \"crowd:x:999:\\n\"}\n")
        self.assertEqual(self.ids(body), ["1234", "4321", "4321 999"])
        spec = whole(body.replace("uid: stranger", "uid: daemon") + "command: ['true']\n")
        self.refused(spec, "uid: daemon", "no such user")

    def test_refusals(self):
        for keys, words, who in (("uid: nosuchuser", "no such user", "root"), ("gid: nosuchgroup", "no such group", "root"),
                                 ("groups: [nosuchgroup]", "no such group", "root"),
                                 ("uid: 0", "another uid needs CAP_SETUID", "nobody"),
                                 ("gid: 0", "needs CAP_SETGID", "nobody"),
                                 ("groups: [7]", "`groups` needs CAP_SETGID", "nobody")):
            with self.subTest(keys):
                self.refused(whole(keys + "\ncommand: ['true']\n"), keys, words, who)
        # An id that the map does not hold.
        result = self.run_as("root", whole("unshare: [user]\nuid: 77\ncommand: ['true']\n"))
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertIn("spec.yaml:3:", result.err)

    def test_what_is_made_belongs_to_them(self):
        os.mkdir(self.path("open"))
        os.chmod(self.path("open"), 0o777)
        self.ok_as("root", whole(f"uid: 42\ngid: 43\numask: '0027'\nscript: 'echo x > {self.path('open/file')}'\n"))
        found = os.stat(self.path("open/file"))
        self.assertEqual((found.st_uid, found.st_gid, found.st_mode & 0o777), (42, 43, 0o640))

    def test_umask(self):
        for mask in ("0000", "0077", "0137"):
            for out in self.everywhere(f"unshare: [user]\numask: '{mask}'\nscript: umask\n", depths=("depth 1", "depth 2")):
                self.assertEqual(out, mask + "\n")


class Capabilities(people.TestCase):
    NET_RAW, KILL = 1 << 13, 1 << 5

    def test_a_list_is_all_five_sets(self):
        for body, who in (("", ("root",)), ("unshare: [user]\n", ("root", "nobody"))):
            for out in self.everywhere(body + "capabilities: [CAP_NET_RAW, kill]\n" + STATUS, who):
                found = sets(out)
                for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                    self.assertEqual(found[name], self.NET_RAW | self.KILL, out)

    def test_none(self):
        for out in self.everywhere("unshare: [user]\ncapabilities: []\n" + STATUS):
            self.assertEqual(set(sets(out).values()) - {0}, set())

    def test_all_survive_a_change_of_uid(self):
        out = self.ok_as("root", whole("uid: 77\ncapabilities: all\n" + STATUS))
        self.assertEqual(sets(out)["CapAmb"], sets(out)["CapBnd"])
        self.assertNotEqual(sets(out)["CapEff"], 0)
        out = self.ok_as("root", whole("uid: 77\n" + STATUS))
        self.assertEqual(sets(out)["CapEff"], 0)

    def test_some_survive_a_change_of_uid(self):
        out = self.ok_as("root", whole("uid: 77\ncapabilities: [net_raw]\n" + STATUS))
        self.assertEqual(set(sets(out).values()) - {0}, {self.NET_RAW})

    def test_all_of_nothing_is_nothing(self):
        out = self.ok_as("nobody", whole("capabilities: all\n" + STATUS))
        self.assertEqual(sets(out)["CapEff"], 0)

    def test_the_kernel_agrees(self):
        body = "unshare: [user, uts]\ncapabilities: %s\nscript: hostname other 2>/dev/null && echo may || echo may not\n"
        for out in self.everywhere(body % "[net_raw]"):
            self.assertEqual(out, "may not\n")
        for out in self.everywhere(body % "[sys_admin]"):
            self.assertEqual(out, "may\n")

    def test_one_that_the_caller_does_not_have(self):
        result = self.refused(whole("capabilities: [net_raw]\ncommand: ['true']\n"), "capabilities", "does not have CAP_NET_RAW", "nobody")
        self.assertIn("only capabilities that its maker has", result.words)
        self.refused(whole("capabilities: []\ncommand: ['true']\n"), "capabilities", "needs CAP_SETPCAP", "nobody")

    def test_no_new_privs(self):
        for word, value in (("true", 1), ("false", 0)):
            for out in self.everywhere(f"unshare: [user]\nno-new-privs: {word}\n" + STATUS, depths=("depth 1", "depth 2")):
                self.assertEqual(sets(out)["NoNewPrivs"], value)

    def test_no_new_privs_after_a_change_of_ids(self):
        out = self.ok_as("root", whole("uid: 65534\nno-new-privs: true\n" + STATUS))
        self.assertEqual(sets(out)["NoNewPrivs"], 1)


class Ties(people.TestCase):
    """A change of ids clears PR_SET_PDEATHSIG: the tie is set again, so that SIGKILL of pidns ends the command."""

    def dies_with_pidns(self, who, spec):
        run = self.start_as(who, spec)
        run.until_out("ready")
        self.assertTrue(harness.with_environment("MARK=" + self.folder))
        run.kill()
        until(lambda: not harness.with_environment("MARK=" + self.folder), 5, "the end of the command")

    def specs(self):
        body = f"env: {{MARK: {self.folder}}}\nscript: echo ready; exec sleep 1000\n"
        inner = "namespaces:\n  n:\n    unshare: [pid]\n"
        yield "root", whole("uid: 77\ngid: 77\n" + body)
        yield "root", whole("unshare: [pid]\nuid: 77\ngid: 77\ncapabilities: [kill]\nno-new-privs: true\n" + body)
        yield "root", whole("unshare: [pid, mount]\n" + inner + "    uid: 77\n    gid: 77\n" + people.textwrap.indent(body, "    "))
        yield "root", whole(ALL_MAPPED + inner + "    uid: 77\n" + people.textwrap.indent(body, "    "))
        for who in people.CALLERS:
            for outer in ((), (people.OUTER,)):
                yield who, whole("unshare: [user]\nuid: 0\ngid: 0\ncapabilities: []\n" + body, outer)
                yield who, whole("unshare: [user, pid]\nuid: 0\n" + body, outer)
        yield "root", whole("unshare: [user, pid]\nuid-map: [{inside: 0, outside: 100000, count: 99}]\n"
                            "gid-map: [{inside: 0, outside: 100000, count: 99}]\nuid: 77\n" + body)
        yield "root", whole("unshare: [user]\nuid-map: [{inside: 0, outside: 100000, count: 99}]\n" + body)

    def test_sigkill_of_pidns_ends_the_command(self):
        for who, spec in self.specs():
            with self.subTest(who=who, spec=spec):
                self.dies_with_pidns(who, spec)

    def test_another_signal_of_the_tie(self):
        spec = whole("kill-child: SIGTERM\nunshare: [uts]\nuid: 77\nenv: {MARK: " + self.folder + "}\nscript: |\n"
                     "  trap 'echo told; exit' TERM; echo ready; while :; do sleep 0.05; done\n")
        run = self.start_as("root", spec)
        run.until_out("ready")
        run.kill()
        until(lambda: "told" in run.out, 5, "the signal")
        until(lambda: not harness.with_environment("MARK=" + self.folder), 5, "the end of the command")


if __name__ == "__main__":
    harness.main()
