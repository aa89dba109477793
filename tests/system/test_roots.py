# needs: root
"""What becomes `/` of a node: a directory, an empty tmpfs, or a copy that forgets what is written."""

import os
import shutil
import tempfile

import harness
import people
from people import OUTER, whole

KEYS = "unshare: [user, pid, mount]\n"
# Enough of a system for a script; `create` is the default where the root is a tmpfs.
SYSTEM = """\
mounts:
- {type: bind, source: /usr, target: /usr, options: [ro]}
- {type: symlink, source: usr/bin, target: /bin}
- {type: symlink, source: usr/lib, target: /lib}
- {type: symlink, source: usr/lib64, target: /lib64}
"""


def folder_of_the_root_filesystem():
    """A new folder in one of `/` that no other filesystem covers. Not further below: what is there has above
    it, in a copy, folders of others of which the kernel copies none for nobody (EOVERFLOW)."""
    for folder in ("/tmp", "/srv", "/var", "/"):
        if os.path.isdir(folder) and os.stat(folder).st_dev == os.stat("/").st_dev:
            return tempfile.mkdtemp(prefix="pidns-copied-", dir=folder)
    raise AssertionError("no folder to write to on the root filesystem")


class Roots(people.TestCase):
    def tree(self):
        """A small root: a folder with what a static program needs to run, and a file to know it by."""
        root = self.path("root")
        for folder in ("usr", "proc", "old"):
            os.makedirs(os.path.join(root, folder))
        with open(os.path.join(root, "here"), "w") as file:
            file.write("the new root\n")
        for name in ("bin", "lib", "lib64"):
            os.symlink("usr/" + name, os.path.join(root, name))
        return root

    def test_a_directory(self):
        body = KEYS + f"root: {self.tree()}\nmounts:\n- {{type: bind, source: /usr, target: /usr}}\n" \
                      "mount-proc: true\nscript: cat /here; pwd; ls /; ls /..; ls / /old | grep -c tmp || true\n"
        listing = "bin\nhere\nlib\nlib64\nold\nproc\nusr\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "the new root\n/\n" + listing + listing + "0\n")

    def test_a_directory_counts_from_the_specs(self):
        self.tree()
        body = KEYS + "root: root\nmounts:\n- {type: bind, source: /usr, target: /usr}\nscript: cat /here\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "the new root\n")

    def test_as_root_without_a_user_namespace(self):
        body = f"unshare: [mount]\nroot: {self.tree()}\nmounts:\n- {{type: bind, source: /usr, target: /usr}}\n" \
               "script: cat /here; echo more > /here\n"
        self.assertEqual(self.ok_as("root", whole(body)), "the new root\n")
        self.assertEqual(harness.read(self.path("root/here")), "more\n")

    def test_nothing_of_the_old_root_is_mounted_any_more(self):
        body = KEYS + "root: {type: tmpfs}\nmount-proc: true\n" + SYSTEM + "script: cat /proc/self/mountinfo\n"
        for out in self.everywhere(body):
            targets = sorted(line.split()[4] for line in out.splitlines())
            self.assertEqual(targets, ["/", "/proc", "/usr"])

    def test_a_tmpfs_with_options(self):
        body = KEYS + "root: {type: tmpfs, options: [size=4m, noatime, 'mode=0711']}\nmount-proc: true\n" + SYSTEM + \
            "script: |\n  grep ' / / ' /proc/self/mountinfo; stat -c %a /; cat /usr/bin/python3.11 > /big || true\n" \
            "  stat -c %s /big\n"
        for caller in people.CALLERS:
            result = self.run_as(caller, whole(body))
            out = result.out.splitlines()
            self.assertIn(" rw,noatime ", out[0])
            self.assertIn("size=4096k", out[0])
            self.assertEqual(out[1], "711")
            self.assertLess(int(out[2]), 4194305)

    def test_a_missing_one(self):
        spec = whole(KEYS + "root: /nowhere/at/all\ncommand: ['true']\n")
        self.refused(spec, "root", "No such file", "nobody")

    def test_a_file_is_none(self):
        self.refused(whole(KEYS + "root: /etc/passwd\ncommand: ['true']\n"), "root", "Not a directory", "nobody")

    def test_the_callers_directory_is_looked_up_again(self):
        out = self.ok_as("root", whole(KEYS + "root: {type: tmpfs}\n" + SYSTEM + "script: pwd\n"), cwd="/usr/share")
        self.assertEqual(out, "/usr/share\n")
        out = self.ok_as("root", whole(KEYS + "root: {type: tmpfs}\n" + SYSTEM + "script: pwd\n"), cwd="/etc")
        self.assertEqual(out, "/\n")

    def test_unchanged_propagation_where_the_root_is_shared(self):
        spec = whole("unshare: [mount]\nroot: {type: tmpfs}\npropagation: unchanged\n" + SYSTEM + "command: ['true']\n")
        self.refused(spec, "propagation", "`/` is shared", before=self.shared_root())
        self.ok_as("root", spec, before=["unshare", "-m", "--propagation", "private"])

    def test_where_the_callers_root_is_shared_nothing_gets_out(self):
        for root in ("{type: tmpfs}", "{type: overlay, lower: /}"):
            spec = whole(f"unshare: [mount]\nroot: {root}\nmounts:\n- {{type: tmpfs, target: /mnt}}\n"
                         "command: [/nowhere]\n")
            count = 'before=$(wc -l < /proc/self/mountinfo); "$@"; s=$?; ' \
                    'test $before = $(wc -l < /proc/self/mountinfo) && exit $s'
            result = self.run_as("root", spec, before=[*self.shared_root(), "sh", "-c", count, "sh"])
            self.assertEqual(result.status, 127, result)

    def test_read_only_root(self):
        for root in ("root: {type: tmpfs}\n" + SYSTEM + "- {type: tmpfs, target: /tmp}\n", ""):
            body = KEYS + "read-only-root: true\n" + root + \
                "script: (echo x > /made) 2>&- || echo read-only\n"
            for out in self.everywhere(body):
                self.assertEqual(out, "read-only\n")

    def test_read_only_root_is_the_mount_alone(self):
        body = KEYS + "read-only-root: true\nroot: {type: tmpfs}\n" + SYSTEM + \
            "- {type: tmpfs, target: /tmp}\nscript: echo x > /tmp/made && cat /tmp/made\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "x\n")

    def test_read_only_root_false(self):
        body = KEYS + "read-only-root: false\nroot: {type: tmpfs}\n" + SYSTEM + "script: echo x > /made; cat /made\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "x\n")


class Copies(people.TestCase):
    """`root: {type: overlay}`: what is written vanishes with the node."""

    def lower(self, owner=0):
        """A folder to copy, which belongs to the caller: what belongs to others can't be changed without privilege."""
        root = self.path("lower")
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(os.path.join(root, "usr"))
        for folder in ("own/inner", "deep/er/secret"):
            os.makedirs(os.path.join(root, folder))
        for name in ("deep/file", "deep/er/secret/covered"):
            with open(os.path.join(root, name), "w") as file:
                file.write("a file\n")
        os.symlink("file", os.path.join(root, "deep/link"))
        with open(os.path.join(root, "own/file"), "w") as file:
            file.write("kept\n")
        for name in ("bin", "lib", "lib64"):
            os.symlink("usr/" + name, os.path.join(root, name))
        os.chmod(root, 0o751)
        for folder, _, files in os.walk(root):
            for path in [folder] + [os.path.join(folder, name) for name in files]:
                os.chown(path, owner, owner, follow_symlinks=False)
        return root

    def body(self, script):
        return KEYS + f"root: {{type: overlay, lower: {self.path('lower')}}}\nmounts:\n" \
                      "- {type: bind, source: /usr, target: /usr}\nscript: |\n" + script

    def test_what_is_written_and_removed_is_forgotten(self):
        script = ("  cat /own/file; echo changed > /own/file; cat /own/file; rm -r /own/inner; mkdir /own/inner\n"
                  "  rm -rf /own; test ! -e /own; mkdir /own; ls /own | wc -l; stat -c %a /\n")
        for who, owner in (("root", 0), ("nobody", 65534)):
            self.lower(owner)
            for out in self.everywhere(self.body(script), (who,)):
                self.assertEqual(out, "kept\nchanged\n0\n751\n")
                self.assertEqual(harness.read(self.path("lower/own/file")), "kept\n")
                self.assertEqual(sorted(os.listdir(self.path("lower/own"))), ["file", "inner"])

    def test_a_path_with_letters_of_overlayfs(self):
        self.lower()
        odd = self.path("a:b,c\\d")
        os.rename(self.path("lower"), odd)
        body = self.body("  cat /own/file\n").replace(f"lower: {self.path('lower')}", f"lower: '{odd}'")
        for out in self.everywhere(body):
            self.assertEqual(out, "kept\n")

    def test_a_copy_of_the_whole_system(self):
        everything = "uid-map: all\ngid-map: all\n"
        mine = folder_of_the_root_filesystem()
        self.addCleanup(shutil.rmtree, mine)
        marker = os.path.join(mine, "marker")
        open(marker, "w").close()
        for keys, removed in (("unshare: [mount]\n", "/usr/*"), (KEYS, "/usr/*"), (KEYS + everything, "/usr/bin"),
                              ("unshare: [mount]\n", "/usr/bin")):
            body = keys + "root: {type: overlay, lower: /}\nscript: |\n" \
                f"  cd {mine}; test -e marker; rm marker\n" \
                f"  rm -rf {removed} || true; test ! -e marker && test ! -e /usr/bin/env && echo gone\n"
            outer = (OUTER + everything,) if removed == "/usr/bin" else ()
            with self.subTest(keys=keys, removed=removed):
                result = self.run_as("root", whole(body, outer))
                self.assertEqual(result.out, "gone\n", result)
                self.assertTrue(os.path.exists("/usr/bin/env") and os.path.exists(marker))

    def test_nobodys_copy_of_the_whole_system(self):
        """What belongs to others stays theirs; what is one's own below a folder of `/` can be removed."""
        mine = folder_of_the_root_filesystem()
        self.addCleanup(shutil.rmtree, mine)
        self.write("file", "kept\n")
        shutil.copy(self.path("file"), mine)
        for path in (mine, mine + "/file"):
            os.chown(path, 65534, 65534)
        body = KEYS + "root: {type: overlay, lower: /}\nscript: |\n" \
                      f"  rm -rf {mine}/*; ls {mine} | wc -l; touch /new /usr/new; ls /usr/new\n"
        for depth in ("depth 1", "depth 2"):
            out = self.ok_as("nobody", whole(body, people.DEPTHS[depth]))
            self.assertEqual(out, "0\n/usr/new\n")
            self.assertEqual(harness.read(mine + "/file"), "kept\n")
            self.assertFalse(os.path.exists("/new") or os.path.exists("/usr/new"))

    def test_where_mounts_of_others_lie_inside(self):
        """One overlay would uncover what they cover: the folders on the way are built one by one."""
        cover = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                 f'mount -t tmpfs x {self.path("lower")}/deep/er/secret && exec "$@"', "sh"]
        script = ("  ls /deep/er/secret | wc -l; cat /deep/link; stat -c %a /deep; touch /deep/new /deep/er/new /own/new\n"
                  "  (echo x > /deep/file) 2>&1 | grep -o 'Read-only'; ls /deep /deep/er; rm -rf /own/*; ls /own /\n")
        for who, owner in (("root", 0), ("nobody", 65534)):
            lower = self.lower(owner)
            self.assertEqual(self.ok_as(who, whole(self.body(script)), before=cover).split(),
                             ["0", "a", "file", "755", "Read-only", "/deep:", "er", "file", "link", "new",
                              "/deep/er:", "new", "secret", "/:", "bin", "deep", "lib", "lib64", "own", "usr", "/own:"])
            self.assertTrue(os.path.exists(os.path.join(lower, "own/file")))
            self.assertFalse(os.path.exists(os.path.join(lower, "own/new")))

    def test_umask_of_the_caller_changes_nothing(self):
        self.lower()
        before = os.umask(0o077)
        try:
            for out in self.everywhere(self.body("  stat -c %a / /own\n")):
                self.assertEqual(out, "751\n755\n")
        finally:
            os.umask(before)

    def test_a_lower_that_is_not_there(self):
        self.refused(whole(KEYS + "root: {type: overlay, lower: /nowhere}\ncommand: ['true']\n"), "root", "No such file")


if __name__ == "__main__":
    harness.main()
