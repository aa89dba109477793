# needs: root
"""`pidns new` gives a spec to begin with, which is valid and runs."""

import os

import harness

UNPRIVILEGED = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all"]


class New(harness.TestCase):
    def starter(self, *options):
        result = self.call("new", *options)
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertLessEqual(max(map(len, result.out.splitlines())), 100)
        return result.out

    def assert_runs(self, spec, before=()):
        result = self.start(spec, before=before, cwd="/").wait()
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertTrue(result.out.startswith("I am PID 1 of sandbox"), result)
        self.assertRegex(result.out, r"(?m)^ +1 +0 /bin/sh")

    def test_for_root(self):
        spec = self.starter()
        self.assert_runs(spec)
        self.assertEqual(self.call("validate", "--strict", "-", stdin=spec).err, "")

    def test_for_anybody(self):
        spec = self.starter("--rootless")
        self.assert_runs(spec)
        self.write("spec.yaml", spec)
        os.chmod(self.folder, 0o755)
        self.assert_runs(spec, before=UNPRIVILEGED)

    def test_what_stands_in_its_comments_is_valid(self):
        lines = self.starter().splitlines()
        shown = [line[4:] for line in lines if line.startswith("#   ") and not line.startswith("#   pidns")]
        text = "\n".join(line for line in shown if not line.startswith("command:"))
        spec = "pidns: 1\nunshare: [pid, mount, uts]\nmount-proc: true\n" + text + "\n"
        self.assertEqual(self.call("validate", "-", stdin=spec).status, 0, spec)


if __name__ == "__main__":
    harness.main()
