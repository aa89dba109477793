# needs: root
"""`pidns enter PID`: in the namespaces of any process, as nsenter(1) would be."""

import os
import signal
import subprocess
import time

import harness
import people

KINDS = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
LINKS = "for k in " + " ".join(KINDS) + "; do readlink /proc/self/ns/$k; done"
ALL = """\
pidns: 1
unshare: all
hostname: inside
mount-proc: true
script: echo $$; cd /tmp; exec sleep 1000
"""


class Enter(people.TestCase):
    def target(self, spec=ALL, who="root"):
        """The pid, as we see it, of the command of a spec that has said something."""
        run = self.start_as(who, spec)
        run.until_out("\n")
        return harness.descendants_of(run.pid)[-1]

    def enter(self, pid, *words, who="root", **options):
        return harness.Run([*people.CALLERS[who], self.program(), "enter", pid, *words], **options).wait()

    def output(self, pid, script, *options, who="root"):
        result = self.enter(pid, *options, "--", "sh", "-c", script, who=who)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def test_all_kinds_are_those_of_the_process(self):
        pid = self.target()
        wanted = [os.readlink(f"/proc/{pid}/ns/{kind}") for kind in KINDS]
        self.assertEqual(self.output(pid, LINKS).split(), wanted)
        with_nsenter = subprocess.run(["nsenter", "-a", "-t", str(pid), "sh", "-c", LINKS], capture_output=True, check=True)
        self.assertEqual(with_nsenter.stdout.decode().split(), wanted)

    def test_it_is_really_inside(self):
        out = self.output(self.target(), "hostname; echo $PPID; ls -d /proc/[0-9]* | sort -V | head -n 1; pwd; id -u")
        self.assertEqual(out.split(), ["inside", "0", "/proc/1", "/tmp", "0"])

    def test_only_the_kinds_that_are_asked_for(self):
        pid = self.target()
        own = {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in KINDS}
        wanted = {**own, **{kind: os.readlink(f"/proc/{pid}/ns/{kind}") for kind in ("uts", "net")}}
        self.assertEqual(self.output(pid, LINKS, "--kind", "uts,net").split(), [wanted[kind] for kind in KINDS])
        self.assertEqual(self.output(pid, "pwd", "--kind=uts").strip(), os.getcwd())

    def test_a_kind_that_there_is_not(self):
        result = self.enter(os.getpid(), "--kind", "uts,mnt", "--", "true")
        self.assertEqual(result.status, 125)
        self.assertIn("there is no kind of namespace `mnt`", result.err)

    def test_a_process_of_our_own_namespaces(self):
        self.assertEqual(self.output(os.getpid(), LINKS).split(), [os.readlink(f"/proc/self/ns/{k}") for k in KINDS])

    def test_its_root(self):
        pid = self.target(f"pidns: 1\n{people.SMALL_ROOT}  - {{type: dir, target: /only-here}}\n"
                          "cwd: /only-here\nscript: echo; exec sleep 1000\n")
        self.assertEqual(self.output(pid, "pwd; echo /*").split(), ["/only-here", "/bin", "/lib", "/lib64", "/only-here", "/usr"])

    def test_a_root_that_is_no_mount_of_its_own(self):
        # chroot(2), in our own mount namespace: no namespace tells of it.
        folder = self.path("root")
        os.mkdir(folder)
        for name in ("usr", "proc"):
            os.mkdir(f"{folder}/{name}")
        for name in ("bin", "lib", "lib64"):
            os.symlink(f"usr/{name}", f"{folder}/{name}")
        script = f"mount --rbind /usr {folder}/usr && exec chroot {folder} /bin/sh -c 'echo; exec sleep 1000'"
        run = harness.Run(["unshare", "-m", "sh", "-c", script]).until_out("\n")
        self.assertEqual(self.output(run.pid, "pwd; ls /").split(), ["/", "bin", "lib", "lib64", "proc", "usr"])

    def test_statuses(self):
        pid = self.target()
        self.assertEqual(self.enter(pid, "--", "sh", "-c", "exit 7").status, 7)
        self.assertEqual(self.enter(pid, "--", "sh", "-c", "kill -TERM $$").status, -signal.SIGTERM)
        self.assertEqual(self.enter(pid, "--", "sh", "-c", "kill -KILL $$").status, 128 + signal.SIGKILL)
        self.assertEqual(self.enter(pid, "--", "/nowhere/at-all").status, 127)
        self.assertEqual(self.enter(pid, "--", "/etc/passwd").status, 126)

    def test_a_process_that_there_is_not(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        result = self.enter(dead.pid, "--", "true")
        self.assertEqual((result.status, result.err), (125, f"pidns: enter {dead.pid}: there is no process {dead.pid}\n"))

    def test_a_word_that_is_no_pid(self):
        result = self.enter("lab", "--", "true")
        self.assertEqual(result.status, 125)
        self.assertIn("pidns exec lab", result.err)

    def test_its_shell_by_default(self):
        result = harness.Run([self.program(), "enter", self.target()], stdin="hostname\nexit 4\n",
                             env={"SHELL": "/bin/sh"}).wait()
        self.assertEqual((result.status, result.out), (4, "inside\n"), result)
        result = harness.Run([self.program(), "enter", self.target()], stdin="exit 5\n", env={"SHELL": "/no/shell"}).wait()
        self.assertEqual(result.status, 5, result)

    def test_who_it_is(self):
        pid = self.target()
        self.assertEqual(self.output(pid, "id -u; id -g").split(), ["0", "0"])
        outside = self.target("pidns: 1\nunshare: [uts]\nscript: echo; exec sleep 1000\n")
        self.assertEqual(self.output(outside, "id -u; id -g; id -G", "--user", "daemon").split(), ["1", "1", "1"])
        self.assertEqual(self.output(outside, "id -u; id -g", "--user", "12", "--group", "13").split(), ["12", "13"])
        result = self.enter(pid, "--user", "12", "--", "true")
        self.assertEqual(result.status, 125)
        self.assertIn("does not map", result.err)
        result = self.enter(outside, "--user", "nobody-of-this-name", "--", "true")
        self.assertIn("no such user", result.err)

    def test_an_ordinary_user(self):
        spec = "pidns: 1\nunshare: [user, pid, mount, uts]\nhostname: mine\nmount-proc: true\nscript: echo; exec sleep 1000\n"
        pid = self.target(spec, who="nobody")
        out = self.output(pid, "hostname; id -u; id -g; ls -d /proc/[0-9]* | sort -V | head -n 1", who="nobody")
        self.assertEqual(out.split(), ["mine", "0", "0", "/proc/1"])
        result = self.enter(self.target(), "--", "true", who="nobody")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("ptrace(2)", result.err)

    def test_an_ordinary_user_in_the_same_namespaces(self):
        """What takes no privilege asks for none: chroot(2) does."""
        pid = self.target("pidns: 1\ncwd: /usr\nscript: echo; exec sleep 1000\n", who="nobody")
        self.assertEqual(self.output(pid, "pwd; id -u", who="nobody").split(), ["/usr", "65534"])

    def test_a_user_namespace_without_user_0(self):
        run = harness.Run([*people.NOBODY, "unshare", "-U", "--map-user=65534", "sh", "-c", "echo; exec sleep 1000"])
        run.until_out("\n")
        self.assertEqual(self.output(run.pid, "id -u", who="nobody").strip(), "65534")

    def test_a_process_that_ends_is_entered_wholly_or_not_at_all(self):
        answers = set()
        for _ in range(12):
            pid = self.target("pidns: 1\nunshare: [pid, uts]\nhostname: inside\nscript: echo; exec sleep 1000\n")
            os.kill(pid, signal.SIGKILL)
            result = self.enter(pid, "--", "hostname")
            answers.add(result.status)
            if result.status == 125:
                self.assertRegex(result.err, "there is no process|has ended")
            else:
                self.assertIn((result.status, result.out), [(0, "inside\n"), (128 + signal.SIGKILL, "")])
        self.assertIn(125, answers)

    def test_signals_are_passed_on(self):
        pid = self.target()
        run = harness.Run([harness.PIDNS, "enter", pid, "--", "sh", "-c", "trap 'echo got; exit 6' TERM; echo; sleep 1000 & wait"])
        run.until_out("\n").signal(signal.SIGTERM)
        result = run.wait()
        self.assertEqual((result.status, result.out), (6, "\ngot\n"), result)
        run = harness.Run([harness.PIDNS, "enter", pid, "--", "sh", "-c", "echo; exec sleep 1000"])
        run.until_out("\n").signal(signal.SIGINT)
        self.assertEqual(run.wait().status, -signal.SIGINT)

    def test_the_command_dies_with_it(self):
        pid = self.target()
        run = harness.Run([harness.PIDNS, "enter", pid, "--", "sh", "-c", "echo; exec sleep 1234.5"]).until_out("\n")
        [command] = harness.children_of(run.pid)
        run.kill()
        harness.until(lambda: harness.state_of(command) in ("", "Z"), what="the command's end")

    def test_a_stopped_one_does_not_hold_up_the_end_of_the_namespace(self):
        pid = self.target("pidns: 1\nunshare: [pid]\nscript: echo; exec sleep 1000\n")
        run = harness.Run([harness.PIDNS, "enter", pid, "--", "sh", "-c", "echo; exec sleep 1000"]).until_out("\n")
        run.signal(signal.SIGSTOP)
        harness.until(lambda: harness.state_of(run.pid) == "T", what="the stop")
        os.kill(pid, signal.SIGKILL)
        harness.until(lambda: not harness.state_of(pid) or not os.path.exists(f"/proc/{pid}"), what="the end of PID 1")
        run.signal(signal.SIGCONT)
        self.assertEqual(run.wait().status, 128 + signal.SIGKILL)

    def test_a_command_that_is_stopped_where_no_shell_sees_it(self):
        run = harness.Run(["setsid", "-w", harness.PIDNS, "enter", self.target(), "--", "sh", "-c", "kill -STOP $$; exit 3"])
        stopped = harness.until(lambda: [p for p in harness.descendants_of(run.pid) if harness.argv_of(p)[0] == "sh" and
                                         harness.state_of(p) == "T"], what="the stop")
        time.sleep(0.05)
        os.kill(stopped[0], signal.SIGCONT)
        self.assertEqual(run.wait(5).status, 3)

    def test_descriptors_and_dispositions(self):
        out = self.output(self.target(), "ls /proc/self/fd; grep -E 'SigBlk|SigIgn' /proc/self/status")
        self.assertEqual(out.split(), ["0", "1", "2", "3", "SigBlk:", "0" * 16, "SigIgn:", "0" * 16])
        with open("/dev/null") as inherited:
            result = harness.Run([self.program(), "enter", self.target(), "--", "ls", "/proc/self/fd"],
                                 pass_fds=[inherited.fileno()]).wait()
        self.assertEqual((result.out.split(), result.err), (["0", "1", "2", "3"], ""))


if __name__ == "__main__":
    harness.main()
