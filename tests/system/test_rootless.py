"""Without being root: what any user may do where user namespaces are allowed. Run by root, the same holds."""

import os
import signal

import harness
import people
from harness import until

HEAD = "pidns: 1\nunshare: [user, pid, mount, uts, ipc, net, cgroup, time]\nmount-proc: true\nhostname: mine\n"


class Rootless(people.TestCase):
    def test_the_maker_is_root_inside(self):
        self.assertEqual(self.ok(HEAD + "script: id -u; id -g; hostname; echo $$\n").split(), ["0", "0", "mine", "1"])

    def test_its_own_id_may_stay(self):
        out = self.ok(HEAD + "uid-map: current\ngid-map: current\nscript: id -u; id -g\n")
        self.assertEqual(out.split(), [str(os.getuid()), str(os.getgid())])

    def test_levels_in_one_another(self):
        out = self.ok(people.whole("unshare: [user, pid, mount, uts]\nmount-proc: true\nhostname: deep\n"
                                   "script: hostname; echo $$; ls -d /proc/[0-9]* | wc -l\n", (people.OUTER,) * 3))
        self.assertEqual(out.split()[:2], ["deep", "1"])
        self.assertLess(int(out.split()[2]), 6)

    def test_several_processes_and_a_named_init(self):
        self.assertEqual(sorted(self.ok(HEAD + "processes:\n  a: {script: echo $$}\n  b: {script: sleep 0.1; echo $$}\n")
                                .split()), ["2", "3"])
        result = self.run_spec(HEAD + "init: one\nprocesses:\n  two: {command: [sleep, '3680']}\n"
                                      "  one: {script: echo $$; exit 3}\n")
        self.assertEqual((result.status, result.out, result.err), (3, "1\n", ""))

    def test_a_root_of_its_own(self):
        out = self.ok("pidns: 1\nunshare: [user, pid, mount]\nroot: {type: tmpfs}\nmounts:\n"
                      "  - {type: bind, source: /usr, target: /usr, options: [rbind]}\n"
                      "  - {type: symlink, source: usr/bin, target: /bin}\n  - {type: symlink, source: usr/lib, target: /lib}\n"
                      "  - {type: symlink, source: usr/lib64, target: /lib64}\n  - {type: dev, target: /dev}\n"
                      "mount-proc: true\nscript: ls /\n")
        self.assertEqual(out.split(), ["bin", "dev", "lib", "lib64", "proc", "usr"])

    def test_signals_and_the_end(self):
        run = self.start(HEAD + "script: trap 'exit 9' TERM; echo ready; while :; do sleep 0.02 || :; done\n").until_out("ready")
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, 9)
        run = self.start(HEAD + "script: (setsid sleep 3681 &); echo ready; sleep 3681\n").until_out("ready")
        run.kill()
        until(lambda: not harness.with_argument("3681"), timeout=1, what="the end of all")

    def test_without_a_user_namespace_it_is_said_beforehand(self):
        anybody = "nobody" if os.geteuid() == 0 else "root"  # Who is not root, or ourselves.
        result = self.run_as(anybody, "pidns: 1\nunshare: [pid]\ncommand: ['true']\n")
        self.assertEqual(result.status, 125)
        self.assert_place(result, 2, words="CAP_SYS_ADMIN")
        self.assertIn("unshare: [user, pid]", result.err)


if __name__ == "__main__":
    harness.main()
