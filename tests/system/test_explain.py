# needs: root
"""Each code has a page, whose wrong spec gives the code and whose right one does not; the findings of
the wrong ones, as people see them, stand in tests/golden/findings.

`test_explain.py --refresh` writes these files.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import harness
from harness import PIDNS

GOLDEN = harness.HERE.parent / "golden/findings"
# Neither of them has a line in /etc/subuid.
CALLERS = {"anybody": ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all"]}
ANYBODY = CALLERS["anybody"]


def set_up(*commands, then=()):
    """Words of a wrapper: a mount namespace of its own, in which these commands have been run."""
    return ["unshare", "-m", "--propagation", "private", "sh", "-ec", "\n".join([*commands, 'exec "$@"']), "sh", *then]


# Machines that are not like this one.
KERNEL_SAYS = "mount -t tmpfs none /proc/sys/kernel; echo {} > /proc/sys/kernel/{}"
LENDS = "mount -t tmpfs none /mnt; echo 65534:100000:65536 > /mnt/ids; mount --bind /mnt/ids /etc/sub{}"
MACHINES = {
    "P316": set_up(KERNEL_SAYS.format(0, "unprivileged_userns_clone"), then=ANYBODY),
    "P317": set_up(KERNEL_SAYS.format(1, "apparmor_restrict_unprivileged_userns"), then=ANYBODY),
    "P318": ["unshare", "-Ur", "sh", "-c", 'echo 0 > /proc/sys/user/max_uts_namespaces; exec "$@"', "sh"],
    "P513": set_up(LENDS.format("uid"), LENDS.format("gid"), then=[*ANYBODY, "env", "PATH=/nowhere"]),
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}


def pages():
    text = subprocess.run([PIDNS, "explain", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(text)


def findings_of(page, spec, name):
    """(status, stderr) of the verb that looks at a spec without running it."""
    arguments = ["--", "hello"] if page["setting"] == "arguments" else []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        # What is no UTF-8 cannot be said in JSON.
        path.write_bytes(spec.encode().replace("\ufffd".encode(), b"\xe9"))
        path.parent.chmod(0o755)
        done = subprocess.run([*MACHINES.get(page["code"], CALLERS.get(page["setting"], [])), PIDNS, "plan", name, *arguments], cwd=folder,
                              env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    return done.returncode, done.stderr.decode()


def golden_of(page):
    return findings_of(page, page["wrong"], page["code"] + ".yaml")[1]


class Explain(harness.TestCase):
    def test_each_code_has_a_page(self):
        listed = re.findall(r"^(P\d{3})  \S", self.call("explain").out, re.M)
        self.assertGreaterEqual(len(listed), 40)
        self.assertEqual(listed, [page["code"] for page in pages()])

    def test_a_wrong_spec_gives_its_code(self):
        for page in pages():
            with self.subTest(page["code"]):
                _, err = findings_of(page, page["wrong"], "spec.yaml")
                codes = set(re.findall(r"^spec\.yaml:\d+:\d+: (?:error|warning)\[(P\d{3})\]: ", err, re.M))
                self.assertEqual(codes, {page["code"]}, err)

    def test_a_right_spec_does_not(self):
        for page in pages():
            with self.subTest(page["code"]):
                status, err = findings_of(page, page["right"], "spec.yaml")
                self.assertEqual((status, err), (0, ""))

    def test_a_page_can_be_read(self):
        for page in pages():
            with self.subTest(page["code"]):
                result = self.call("explain", page["code"], env={"LANG": "C.UTF-8"})
                self.assertEqual((result.status, result.err), (0, ""))
                self.assertLessEqual(max(map(len, result.out.splitlines())), 104)
                self.assertRegex(page["text"], r"^\S[^\n]{80,}\.$")
                for part in (page["title"], "Wrong:", "Right:", "A rule of the "):
                    self.assertIn(part, result.out)

    def test_findings_look_as_before(self):
        for page in pages():
            with self.subTest(page["code"]):
                self.assertEqual(golden_of(page), (GOLDEN / (page["code"] + ".txt")).read_text())
        self.assertEqual(sorted(path.stem for path in GOLDEN.glob("*.txt")), [page["code"] for page in pages()])

    def test_codes_are_found_however_they_are_written(self):
        self.assertEqual(self.call("explain", "p12").out, self.call("explain", "P012").out)
        result = self.call("explain", "P999")
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("P999", result.err)

    def test_findings_name_the_page(self):
        result = self.call("validate", "-", stdin="pidns: 1\nhostname: a\ncommand: [b]\n")
        self.assertIn("`pidns explain P012` says more.", result.err)


if __name__ == "__main__":
    if "--refresh" in sys.argv:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for one in pages():
            (GOLDEN / (one["code"] + ".txt")).write_text(golden_of(one))
    else:
        harness.main()
