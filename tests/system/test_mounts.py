# needs: root
"""Each type and each option of `mounts`, compared with what the kernel shows."""

import os

import harness
import people
from people import OUTER, whole

KEYS = "unshare: [user, pid, mount, net, ipc]\n"
ROOT = """\
root: {type: tmpfs}
mount-proc: true
mounts:
- {type: bind, source: /usr, target: /usr, options: [ro]}
- {type: symlink, source: usr/bin, target: /bin}
- {type: symlink, source: usr/lib, target: /lib}
- {type: symlink, source: usr/lib64, target: /lib64}
"""


def mount_at(out, target):
    """The last line of mountinfo for a target: (options of the mount, type, source, options of the filesystem)."""
    for line in reversed(out.splitlines()):
        words = line.split()
        if len(words) > 6 and words[4] == target:
            rest = words[words.index("-") + 1:]
            return set(words[5].split(",")), rest[0], rest[1], set(rest[2].split(","))
    raise AssertionError(f"nothing on {target} in\n{out}")


class Mounts(people.TestCase):
    def table(self, mounts, script="", keys=KEYS, **options):
        """mountinfo inside, for each caller and depth, of a node that keeps its root."""
        text = keys + "mounts:\n" + "".join(f"- {mount}\n" for mount in mounts) + \
            "script: |\n  cat /proc/self/mountinfo\n" + "".join(f"  {line}\n" for line in script.splitlines())
        return self.everywhere(text, **options)

    def tree(self):
        """A folder of the caller's with a file and a mounted folder's place."""
        os.makedirs(self.path("tree/sub"))
        self.write("tree/file", "content\n")
        return self.path("tree")

    # ---- bind --------------------------------------------------------------------------------------

    def test_bind(self):
        self.tree()
        for out in self.table([f"{{type: bind, source: {self.path('tree')}, target: /mnt}}"], "cat /mnt/file"):
            self.assertTrue(out.endswith("content\n"))
            self.assertIn("rw", mount_at(out, "/mnt")[0])

    def test_bind_counts_from_the_specs_directory(self):
        self.tree()
        for out in self.table(["{type: bind, source: tree/file, target: /etc/hostname}"], "cat /etc/hostname"):
            self.assertTrue(out.endswith("content\n"))

    def test_each_word_of_a_bind(self):
        self.tree()
        words = {"ro": "ro", "nosuid": "nosuid", "nodev": "nodev", "noexec": "noexec", "noatime": "noatime",
                 "nodiratime": "nodiratime", "nosymfollow": "nosymfollow"}
        for word, shown in words.items():
            mount = f"{{type: bind, source: tree, target: /mnt, options: [{word}]}}"
            # Inside a user namespace what concerns the time of access is locked.
            timed = "atime" in word or "diratime" in word
            for out in self.table([mount], keys="unshare: [mount]\n" if timed else KEYS,
                                  who=("root",) if timed else ("root", "nobody"), depths=("depth 1",)):
                self.assertIn(shown, mount_at(out, "/mnt")[0])

    def test_words_of_permission_are_refused_where_flags_are_locked(self):
        self.tree()
        cover = self.path("tree")
        wrapper = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                   f'mount -t tmpfs -o nodev,nosuid,noexec,noatime,ro x {cover} && exec "$@"', "sh"]
        keep = whole(KEYS + "mounts:\n- {type: bind, source: tree, target: /mnt, options: [ro]}\n"
                            "read-only-paths: [" + cover + "]\ncommand: [cat, /proc/self/mountinfo]\n")
        take = keep.replace("[ro]", "[rw]")
        for who in people.CALLERS:
            out = self.ok_as(who, keep, before=wrapper)
            for target in ("/mnt", cover):
                self.assertLessEqual({"ro", "nodev", "nosuid", "noexec", "noatime"}, mount_at(out, target)[0])
            self.refused(take, "type: bind", "Operation not permitted", who, before=wrapper)

    def test_read_only_really_is(self):
        os.chmod(self.tree(), 0o777)
        for out in self.table(["{type: bind, source: tree, target: /mnt, options: [ro]}"],
                              "(echo x > /mnt/new) 2>&1 | grep -o 'Read-only file system'"):
            self.assertTrue(out.endswith("Read-only file system\n"))
        self.assertFalse(os.path.exists(self.path("tree/new")))

    def test_rbind_takes_what_is_mounted_below_and_makes_it_read_only_too(self):
        self.tree()
        wrapper = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                   f'mount -t tmpfs x {self.path("tree/sub")} && exec "$@"', "sh"]
        for who in people.CALLERS:
            spec = whole(KEYS + "mounts:\n- {type: bind, source: tree, target: /mnt, options: [rbind, ro]}\n"
                                "command: [cat, /proc/self/mountinfo]\n")
            out = self.ok_as(who, spec, before=wrapper)
            self.assertIn("ro", mount_at(out, "/mnt")[0])
            self.assertIn("ro", mount_at(out, "/mnt/sub")[0])
        plain = "unshare: [mount]\nmounts:\n- {type: bind, source: tree, target: /mnt}\n"
        out = self.ok_as("root", whole(plain + "command: [cat, /proc/self/mountinfo]\n"), before=wrapper)
        self.assertNotIn(" /mnt/sub ", out)

    def test_a_bind_without_rbind_of_locked_mounts(self):
        self.tree()
        wrapper = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                   f'mount -t tmpfs x {self.path("tree/sub")} && exec "$@"', "sh"]
        spec = whole(KEYS + "mounts:\n- {type: bind, source: tree, target: /mnt}\ncommand: ['true']\n")
        result = self.refused(spec, "type: bind", "", "nobody", before=wrapper)
        self.assertIn("rbind", result.err)

    def test_propagation_words(self):
        self.tree()
        for word, field in (("shared", "shared:"), ("rshared", "shared:"), ("private", ""), ("unbindable", "unbindable")):
            mount = f"{{type: bind, source: tree, target: /mnt, options: [{word}]}}"
            for out in self.table([mount], depths=("depth 1",)):
                line = [one for one in out.splitlines() if " /mnt " in one][-1]
                self.assertIn(field, line[:line.index(" - ")])

    def test_optional(self):
        mounts = ["{type: bind, source: /nowhere, target: /mnt, optional: true}",
                  "{type: bind, source: /usr, target: /mnt, optional: true}"]
        for out in self.table(mounts, "test -d /mnt/bin && echo there"):
            self.assertTrue(out.endswith("there\n"))
        spec = whole(KEYS + "mounts:\n- {type: bind, source: /nowhere, target: /mnt}\ncommand: ['true']\n")
        self.refused(spec, "type: bind", "source does not exist")

    def test_optional_skips_nothing_but_a_missing_source(self):
        spec = whole(KEYS + "mounts:\n- {type: bind, source: /usr, target: /nowhere, optional: true}\ncommand: ['true']\n")
        self.refused(spec, "type: bind", "No such file")

    def test_a_file_and_a_folder_do_not_go_together(self):
        spec = whole(KEYS + "mounts:\n- {type: bind, source: /etc/passwd, target: /mnt}\ncommand: ['true']\n")
        self.refused(spec, "type: bind", "Not a directory")

    def test_words_that_a_bind_or_a_filesystem_does_not_have(self):
        for mount, words in (("{type: bind, source: /usr, target: /mnt, options: [ro, size=3]}", "`size=3` is no option of a bind"),
                             ("{type: tmpfs, target: /mnt, options: [rbind]}", "`rbind` is no option")):
            self.refused(whole(KEYS + f"mounts:\n- {mount}\ncommand: ['true']\n"), "- {type", words)

    def test_keys_that_a_type_does_not_have(self):
        for mount, key in (("{type: symlink, source: a, target: /b, options: [ro]}", "options"),
                           ("{type: symlink, source: a, target: /b, mode: '0700'}", "mode"),
                           ("{type: dir, source: /usr, target: /b}", "source"),
                           ("{type: dir, target: /b, optional: true}", "optional"),
                           ("{type: file, content: x, target: /b, options: [ro]}", "options"),
                           ("{type: dev, source: /dev, target: /dev}", "source"),
                           ("{type: tmpfs, content: x, target: /mnt}", "content")):
            with self.subTest(mount):
                self.refused(whole(KEYS + f"mounts:\n- {mount}\ncommand: ['true']\n"), "- {type", f"`{key}`")

    def test_without_an_owner_no_file_can_be_made(self):
        spec = whole("unshare: [user, mount]\nuid-map: none\nroot: {type: tmpfs}\ncommand: ['true']\n")
        self.assertIn("a file needs an owner", self.refused(spec, "root", "nobody can own a file").words)

    # ---- filesystems ------------------------------------------------------------------------------

    def test_tmpfs(self):
        mount = "{type: tmpfs, source: mine, target: /mnt, options: [size=1m, nr_inodes=9, 'mode=0710', nosuid, noexec]}"
        for out in self.table([mount], "stat -c %a /mnt; touch /mnt/a && ls /mnt"):
            options, kind, source, own = mount_at(out, "/mnt")
            self.assertEqual((kind, source), ("tmpfs", "mine"))
            self.assertLessEqual({"nosuid", "noexec"}, options)
            self.assertLessEqual({"size=1024k", "nr_inodes=9", "mode=710"}, own)
            self.assertTrue(out.endswith("710\na\n"))

    def test_proc_sysfs_devpts_mqueue(self):
        mounts = ["{type: proc, target: /mnt, options: [hidepid=invisible]}", "{type: sysfs, target: /media}",
                  "{type: devpts, target: /srv, options: [newinstance, 'ptmxmode=0644', 'mode=620']}",
                  "{type: mqueue, target: /opt, options: [ro]}"]
        for out in self.table(mounts, "ls /media/class/net; ls /srv; stat -c %a /srv/ptmx"):
            safe = {"nosuid", "nodev", "noexec"}
            self.assertEqual(mount_at(out, "/mnt")[1], "proc")
            self.assertIn("hidepid=invisible", mount_at(out, "/mnt")[3])
            for target, kind in (("/mnt", "proc"), ("/media", "sysfs"), ("/opt", "mqueue")):
                self.assertLessEqual(safe, mount_at(out, target)[0])
                self.assertEqual(mount_at(out, target)[1], kind)
            self.assertIn("ro", mount_at(out, "/opt")[0])
            self.assertLessEqual({"nosuid", "noexec"}, mount_at(out, "/srv")[0])
            self.assertEqual(out.split()[-3:], ["lo", "ptmx", "644"])

    def test_words_that_take_the_usual_flags_away(self):
        for out in self.table(["{type: tmpfs, target: /mnt, options: [nosuid, suid, ro, rw]}"], depths=("depth 1",)):
            self.assertFalse({"nosuid", "ro"} & mount_at(out, "/mnt")[0])

    def test_overlay(self):
        self.tree()
        os.mkdir(self.path("upper"))
        os.mkdir(self.path("work"))
        for name in ("upper", "work"):
            os.chown(self.path(name), 65534, 65534)
        lower = f"lowerdir={self.path('tree')}:/usr/share"
        for out in self.table([f"{{type: overlay, target: /mnt, options: ['{lower}']}}"], "cat /mnt/file; ls -d /mnt/doc"):
            self.assertEqual(mount_at(out, "/mnt")[1], "overlay")
            self.assertTrue(out.endswith("content\n/mnt/doc\n"))
        upper = f"'{lower}', 'upperdir={self.path('upper')}', 'workdir={self.path('work')}'"
        spec = f"unshare: [mount]\nmounts:\n- {{type: overlay, target: /mnt, options: [{upper}]}}\nscript: echo x > /mnt/new\n"
        self.ok_as("root", whole(spec))
        self.assertEqual(harness.read(self.path("upper/new")), "x\n")

    def test_overlay_of_the_parents_tree_in_a_new_root(self):
        self.tree()
        body = KEYS + ROOT + f"- {{type: overlay, target: /mnt, options: ['lowerdir={self.path('tree')}:/usr/share']}}\n" \
                             "script: cat /mnt/file\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "content\n")

    def test_any_other_filesystem(self):
        for out in self.table(["{type: ramfs, source: none, target: /mnt}"], depths=("depth 1",)):
            self.assertEqual(mount_at(out, "/mnt")[1], "ramfs")

    def test_refusals_name_the_line(self):
        for mount, words in (("{type: foofs, target: /mnt}", "No such device"),
                             ("{type: tmpfs, target: /mnt, options: [nonsense]}", "Invalid argument"),
                             ("{type: tmpfs, target: /mnt/nowhere}", "No such file")):
            for who in people.CALLERS:
                self.refused(whole(KEYS + f"mounts:\n- {mount}\ncommand: ['true']\n"), "- {type", words, who)

    # ---- what is made -----------------------------------------------------------------------------

    def test_dev(self):
        script = ("script: |\n  ls /dev | tr '\\n' ' '; echo x > /dev/null; head -c 3 /dev/zero | wc -c; head -c 1 /dev/urandom | wc -c\n"
                  "  (head -c 1 /dev/zero > /dev/full) 2>&1 | grep -o 'No space'; readlink /dev/ptmx /dev/fd; stat -c %a /dev/shm\n"
                  "  exec 3<>/dev/ptmx; ls /dev/pts\n")
        for root in (ROOT + "- {type: dev, target: /dev, options: [size=64k]}\n",
                     "mount-proc: true\nmounts:\n- {type: dev, target: /dev, options: [size=64k]}\n"):
            for out in self.everywhere(KEYS + root + script):
                lines = out.splitlines()
                self.assertEqual(lines[0], "core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero 3")
                self.assertEqual(lines[1:], ["1", "No space", "pts/ptmx", "/proc/self/fd", "1777", "0", "ptmx"])

    def test_dev_takes_options(self):
        for out in self.table(["{type: dev, target: /dev, options: [size=64k, noatime]}"], depths=("depth 1",)):
            self.assertIn("size=64k", mount_at(out, "/dev")[3])
            self.assertIn("noatime", mount_at(out, "/dev")[0])

    def test_symlink_dir_and_file(self):
        mounts = ["{type: symlink, source: ../some/where, target: /links/deep/link}",
                  "{type: dir, target: /folders/of/mine, mode: '0701'}", "{type: dir, target: /plain}",
                  "{type: file, target: /files/one, content: \"first\\n\", mode: '0640'}",
                  "{type: file, target: /two, content: \"second\\n\"}", "{type: file, target: /two, content: \"third\\n\"}"]
        script = ("script: |\n  readlink /links/deep/link; stat -c %a /folders /folders/of/mine /plain /files/one /two\n"
                  "  cat /files/one /two; (echo x > /two) 2>&1 | grep -o 'Read-only'\n")
        before = os.umask(0o077)
        try:
            for out in self.everywhere(KEYS + ROOT + "".join(f"- {m}\n" for m in mounts) + script):
                self.assertEqual(out.split(), ["../some/where", "755", "701", "755", "640", "444",
                                               "first", "third", "Read-only"])
        finally:
            os.umask(before)

    def test_create(self):
        self.tree()
        os.chown(self.path("tree"), 65534, 65534)
        body = "{type: bind, source: /etc/passwd, target: %s/a/b/file%s}"
        here = self.path("tree")
        for who in ("nobody",):
            spec = whole(KEYS + "mounts:\n- " + body % (here, "") + "\ncommand: ['true']\n")
            self.refused(spec, "type: bind", "No such file", who)
            spec = whole(KEYS + "mounts:\n- " + body % (here, ", create: true, mode: '0600'") +
                         f"\n- {{type: tmpfs, target: {here}/c, create: true, mode: '0711'}}\ncommand: [cat, {here}/a/b/file]\n")
            self.assertIn("root:", self.ok_as(who, spec))
        self.assertEqual(os.stat(here + "/a/b/file").st_mode & 0o7777, 0o600)
        self.assertEqual(os.stat(here + "/c").st_mode & 0o7777, 0o711)

    def test_create_false_in_a_root_of_ones_own(self):
        spec = whole(KEYS + ROOT + "- {type: tmpfs, target: /absent, create: false}\ncommand: ['true']\n")
        self.refused(spec, "/absent", "No such file")

    def test_order(self):
        mounts = ["{type: tmpfs, target: /mnt}", "{type: dir, target: /mnt/in, mode: '0755'}",
                  "{type: tmpfs, target: /mnt/in, options: [size=8k]}"]
        for out in self.table(mounts, "ls /mnt"):
            self.assertTrue(out.endswith("in\n"))
            self.assertIn("size=8k", mount_at(out, "/mnt/in")[3])

    def test_links_in_a_target_stay_inside_the_root(self):
        body = KEYS + ROOT + ("- {type: symlink, source: /../../etc, target: /way}\n- {type: dir, target: /etc}\n"
                              "- {type: file, target: /way/inside, content: \"x\\n\"}\nscript: cat /etc/inside\n")
        for out in self.everywhere(body):
            self.assertEqual(out, "x\n")
        self.assertFalse(os.path.exists("/etc/inside"))

    def test_a_source_is_looked_up_in_the_parents_tree(self):
        outer = OUTER + "mounts:\n- {type: tmpfs, target: /mnt}\n- {type: file, target: /mnt/marker, create: true, " \
                        "content: \"outer\\n\"}\n"
        body = KEYS + ROOT + "- {type: bind, source: /mnt, target: /seen, options: [rbind]}\nscript: cat /seen/marker || ls /seen\n"
        for who in people.CALLERS:
            self.assertIn("marker", self.ok_as(who, whole(body.replace("cat /seen/marker || ", ""), (outer,))))

    def test_nothing_is_seen_outside(self):
        wrapper = [*self.shared_root(), "sh", "-c", '"$@"; grep -c " /mnt " /proc/self/mountinfo', "sh"]
        spec = whole("unshare: [mount]\nmounts:\n- {type: tmpfs, target: /mnt}\ncommand: ['true']\n")
        self.assertEqual(self.run_as("root", spec, before=wrapper).out, "0\n")


if __name__ == "__main__":
    harness.main()
