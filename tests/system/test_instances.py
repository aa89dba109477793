# needs: root
"""Instances as other programs see them: their names, what is listed of them, and what is left of them."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
import unittest

import harness
from harness import until

SLEEP = "unshare: [pid, mount, uts]\nhostname: inner\nmount-proc: true\ncommand: [sleep, infinity]\n"
NAMED = "pidns: 1\nname: lab\n" + SLEEP
UNNAMED = "pidns: 1\n" + SLEEP


class Instances(harness.InstanceTestCase):
    def listed(self, spec, *args, name="lab", **options):
        run = self.start(spec, *args, **options)
        until(lambda: name in self.names(), what=f"{name} listed; {run.err}")
        return run

    def names(self):
        return subprocess.run([harness.PIDNS, "ps", "-q"], capture_output=True, text=True, check=True).stdout.split()

    def end(self, run):
        run.signal(signal.SIGTERM).wait()

    def test_a_run_is_listed_while_it_lives_and_leaves_nothing(self):
        run = self.listed(NAMED)
        folder = os.path.join(self.runtime, "pidns")
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        self.assertEqual(os.listdir(folder), ["lab.json"])
        table = subprocess.run([harness.PIDNS, "ps"], capture_output=True, text=True).stdout
        head, row = table.splitlines()
        self.assertEqual(head.split(), ["NAME", "PID", "PROCESSES", "UP", "SINCE", "SPEC"])
        self.assertEqual(row.split()[:3], ["lab", str(run.pid), "1"])
        self.assertTrue(row.endswith("/spec.yaml"), row)
        (one,) = json.loads(subprocess.run([harness.PIDNS, "ps", "--format", "json"],
                                           capture_output=True, text=True).stdout)
        inode = int(os.readlink("/proc/self/ns/pid")[5:-1])
        self.assertEqual((one["name"], one["pid"], one["pid_namespace"], one["processes"], one["detached"], one["log"]),
                         ("lab", run.pid, inode, 1, False, None))
        self.assertLess(abs(one["started"] - time.time()), 60)
        self.end(run)
        self.assertEqual(os.listdir(self.runtime), [])
        self.assertEqual(self.names(), [])

    def test_each_end_removes_the_state(self):
        for spec, status in (("command: [sh, -c, 'sleep 0.05; exit 3']\n", 3),
                             ("command: [sh, -c, 'sleep 0.05; kill -TERM $$']\n", -signal.SIGTERM),
                             ("command: [sleep, '5']\ntimeout: 50ms\n", 124),
                             ("command: [/nonesuch]\n", 127),
                             ("unshare: [mount]\nroot: /nonesuch\ncommand: [sh]\n", 125),
                             ("stdout: /nonesuch/x\ncommand: [sh]\n", 125),
                             ("command: ['true']\n", 0)):
            with self.subTest(spec):
                self.assertEqual(self.run_spec("pidns: 1\n" + spec).status, status)
                self.assertEqual(os.listdir(self.runtime), [])

    def test_a_written_name_is_one_instance_s_at_a_time(self):
        run = self.listed(NAMED)
        second = self.start(NAMED, file="second.yaml").wait()
        self.assertEqual(second.status, 125)
        self.assert_place(second, 2, 7, f"the name `lab` is in use by pid {run.pid}, which runs .*spec.yaml",
                          file="second.yaml")
        self.end(run)
        self.assertEqual(self.run_spec("pidns: 1\nname: lab\ncommand: [printenv, PIDNS_NAME]\n").out, "lab\n")

    def test_a_default_name_gets_a_number_while_it_is_in_use(self):
        runs = [self.listed(UNNAMED, name="spec"), self.listed(UNNAMED, name="spec-2")]
        show = "pidns: 1\ncommand: [printenv, PIDNS_NAME]\n"
        self.assertEqual(self.start(show).wait().out, "spec-3\n")
        self.end(runs[0])
        self.assertEqual(self.start(show).wait().out, "spec\n")
        self.end(runs[1])

    def test_a_long_default_name_keeps_its_number(self):
        file = "n" * 63 + ".yaml"
        run = self.listed(UNNAMED, name="n" * 63, file=file)
        self.assertEqual(self.start("pidns: 1\ncommand: [printenv, PIDNS_NAME]\n", file=file).wait().out,
                         "n" * 61 + "-2\n")
        self.end(run)

    def test_many_at_once_have_different_names(self):
        spec = self.write("spec.yaml", f"pidns: 1\nscript: echo $PIDNS_NAME; {self.until_go()}\n")
        runs = [harness.Run([harness.PIDNS, "run", spec]).until_out("\n") for _ in range(12)]
        self.go()
        names = {run.wait().out.strip() for run in runs}
        self.assertEqual(len(names), 12, names)
        self.assertEqual(os.listdir(self.runtime), [])

    def test_a_killed_supervisor_is_not_listed_and_its_name_is_free(self):
        run = self.listed(NAMED)
        run.kill()
        self.assertEqual(os.listdir(self.runtime), ["pidns"])
        self.assertEqual(self.names(), [])
        self.assertEqual(os.listdir(self.runtime), [])
        self.listed(NAMED).kill()
        again = self.listed(NAMED)
        self.end(again)
        self.assertEqual(os.listdir(self.runtime), [])

    def test_who_takes_the_name_of_a_killed_one_takes_all_that_it_left(self):
        """Also the log of one that was detached, and though nobody has looked before."""
        detached = subprocess.run([harness.PIDNS, "run", "--detach", self.write("spec.yaml", NAMED)], capture_output=True, text=True)
        self.assertEqual((detached.returncode, detached.stdout), (0, "lab\n"), detached)
        folder = os.path.join(self.runtime, "pidns")
        with open(os.path.join(folder, "lab.json")) as file:
            os.kill(json.loads(file.readline())["supervisor"]["pid"], signal.SIGKILL)
        until(lambda: not harness.descendants_of(os.getpid()) or harness.assert_nothing_left() is None, what="its end")
        self.assertEqual(sorted(os.listdir(folder)), ["lab.json", "lab.log"])
        run = self.start(NAMED)
        until(lambda: os.listdir(folder) == ["lab.json"] and os.path.getsize(os.path.join(folder, "lab.json")), what="the new one")
        self.end(run)
        self.assertEqual(os.listdir(self.runtime), [])

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_who_sweeps_what_was_left_keeps_nobody_from_being_listed(self):
        """While strace holds `ps` back in front of a removal, it has the lock of the file."""
        self.listed(NAMED).kill()
        def held(call, seconds, *words):
            log = self.path(call)
            run = harness.Run(["strace", "-D", "-o", log, "-e", f"trace={call}", "-e",
                               f"inject={call}:delay_enter={int(seconds * 1e6)}:when=1", harness.PIDNS, *words])
            until(lambda: call in harness.read(log), what=f"the held call of {words}")
            return run
        run = held("clone", 0.5, "run", self.write("spec.yaml", NAMED))  # It has the name by then.
        sweeper = held("unlinkat", 1, "ps", "-q")
        self.assertEqual(sweeper.wait().out, "")
        until(lambda: self.names() == ["lab"], what=f"it is listed; {run.err}")
        self.end(run)
        self.assertEqual(os.listdir(self.runtime), [])

    def test_who_sees_it_from_another_pid_namespace_does_not_sweep(self):
        run = self.listed(NAMED)
        inside = ["unshare", "-pf", "--mount-proc", "--kill-child", harness.PIDNS]
        rows = json.loads(subprocess.run([*inside, "ps", "--format", "json"], capture_output=True, text=True).stdout)
        self.assertEqual([(row["name"], row["pid"]) for row in rows], [("lab", None)])
        for verb in ("stop", "wait", "kill"):
            refused = subprocess.run([*inside, verb, "lab"], capture_output=True, text=True)
            self.assertEqual(refused.returncode, 125, refused)
            self.assertIn("another pid namespace", refused.stderr)
        taken = subprocess.run([*inside, "run", run.process.args[-1]], capture_output=True, text=True)
        self.assertEqual(taken.returncode, 125, taken)
        self.assertIn("is in use", taken.stderr)
        run.kill()
        self.assertEqual(subprocess.run([*inside, "ps", "-q"], capture_output=True, text=True).stdout, "")
        self.assertEqual(os.listdir(os.path.join(self.runtime, "pidns")), ["lab.json"])
        self.assertEqual(self.names(), [])
        self.assertEqual(os.listdir(self.runtime), [])

    @unittest.skipUnless(harness.in_initial_pid_namespace(), "from there alone all pid namespaces are within")
    def test_what_is_left_by_one_whose_pid_namespace_has_ended(self):
        """Nobody can look from there any more."""
        inner = self.write("inner.yaml", NAMED)
        around = self.start("pidns: 1\nname: around\nunshare: [pid, mount]\nmount-proc: true\n"
                            f"command: [{harness.PIDNS}, run, {inner}]\n", file="around.yaml")
        harness.until(lambda: self.names() == ["around", "lab"], what="both being listed")
        around.kill()
        harness.until(lambda: self.names() == [] and os.listdir(self.runtime) == [], what="nothing being left")

    def test_a_written_name_counts_in_other_network_namespaces_too(self):
        run = self.listed(NAMED)
        refused = subprocess.run(["unshare", "-n", harness.PIDNS, "run", run.process.args[-1]],
                                 capture_output=True, text=True)
        self.assertEqual(refused.returncode, 125, refused)
        self.assertIn(f"is in use by pid {run.pid}", refused.stderr)
        self.end(run)

    def test_another_user_cannot_keep_a_name_from_us(self):
        found = os.stat(self.runtime)
        word = f"\0pidns/{found.st_dev:x}/{found.st_ino:x}/0/lab"
        squatter = os.fork()
        if squatter == 0:
            os.setresuid(65534, 65534, 65534)
            sitting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sitting.bind(word)
            sitting.listen()
            time.sleep(30)
            os._exit(0)
        try:
            until(lambda: word[1:] in harness.read("/proc/net/unix"), what="somebody else has the word")
            self.assertEqual(self.start("pidns: 1\nname: lab\ncommand: [printenv, PIDNS_NAME]\n").wait().out, "lab\n")
            run = self.listed(NAMED)
            second = self.start(NAMED, file="second.yaml").wait()
            self.assertEqual(second.status, 125)
            self.assertIn(f"is in use by pid {run.pid}", second.err)
            self.end(run)
        finally:
            os.kill(squatter, signal.SIGKILL)
            os.waitpid(squatter, 0)

    def test_a_folder_that_others_own_or_may_write_to_is_not_used(self):
        folder = os.path.join(self.runtime, "pidns")
        os.mkdir(folder)
        for change, words in ((lambda: os.chmod(folder, 0o702), "others may write to it"),
                              (lambda: os.chmod(folder, 0o720), "others may write to it"),
                              (lambda: (os.chmod(folder, 0o700), os.chown(folder, 65534, 0)), "belongs to uid 65534")):
            change()
            self.assertEqual(self.ok("pidns: 1\ncommand: [printenv, PIDNS_NAME]\n"), "spec\n")
            self.assertEqual(os.listdir(folder), [])
            refused = self.call("ps")
            self.assertEqual(refused.status, 125)
            self.assertIn(words, refused.err)
            refused = self.run_spec("pidns: 1\ncommand: [sh]\n", "--detach")
            self.assertEqual(refused.status, 125)
            self.assertIn(words, refused.words)

    def test_a_file_of_somebody_else_s_is_left_alone(self):
        folder = os.path.join(self.runtime, "pidns")
        os.mkdir(folder, 0o700)
        for name, owner in (("theirs.json", 65534), ("ours.json", 0)):
            with open(os.path.join(folder, name), "w") as file:
                file.write("{}\n")
            os.chown(file.name, owner, 0)
        self.assertEqual(self.names(), [])
        self.assertEqual(os.listdir(folder), ["theirs.json"])

    def test_a_path_is_no_name(self):
        run = self.listed(NAMED)
        for name in ("../pidns/lab", "../victim", "./lab", "/lab", ""):
            with open(os.path.join(self.runtime, "victim.json"), "w") as file:
                file.write("words\n")
            for verb in ("stop", "wait", "tree", "pid"):
                refused = subprocess.run([harness.PIDNS, verb, name, *(["/"] if verb == "pid" else [])], capture_output=True, text=True)
                self.assertEqual((refused.returncode, refused.stdout), (125, ""), (verb, name))
            self.assertTrue(os.path.exists(file.name), name)
        self.assertIsNone(run.process.poll())
        os.unlink(file.name)
        self.end(run)

    def test_without_a_folder_a_run_works_unlisted(self):
        os.environ["XDG_RUNTIME_DIR"] = "/proc/nonesuch"
        self.assertEqual(self.ok("pidns: 1\nname: lab\ncommand: [printenv, PIDNS_NAME]\n"), "lab\n")
        self.assertEqual(self.names(), [])

    def test_without_a_proc_that_counts_as_we_do_nothing_is_told_or_left_alone(self):
        run = self.listed(NAMED)
        detached = self.write("detached.yaml", UNNAMED.replace("infinity", "'3718'"))
        for what, head in (("no /proc", ["unshare", "-m", "sh", "-c", 'umount -l /proc; exec "$@"', "sh"]),
                           ("another's /proc", ["unshare", "-pf", "--kill-child"])):
            for words in ("exec", "lab", "--", "true"), ("stop", "lab"), ("pid", "lab"), ("pid", "999999"), ("tree", "lab"):
                with self.subTest(what, words=words):
                    refused = subprocess.run([*head, harness.PIDNS, *words], capture_output=True, text=True, timeout=10)
                    self.assertEqual((refused.returncode, refused.stdout), (125, ""), refused)
                    self.assertIn("/proc is missing, or shows another pid", refused.stderr)
            refused = subprocess.run([*head, harness.PIDNS, "run", "--detach", detached], capture_output=True, text=True)
            self.assertEqual((refused.returncode, refused.stdout), (125, ""), refused)
            self.assertIn("--detach: nobody could find the instance again: /proc is missing", " ".join(refused.stderr.split()))
            self.assertLessEqual(max(map(len, refused.stderr.splitlines())), 100)
            self.assertEqual(harness.with_argument("3718"), [])
        self.end(run)

    def test_without_a_runtime_directory_it_is_under_run(self):
        name = f"test-{os.getpid()}"
        run = self.start(NAMED.replace("lab", name), env={"XDG_RUNTIME_DIR": None})
        until(lambda: os.path.exists(f"/run/pidns/{name}.json"), what="the state under /run")
        self.end(run)
        self.assertFalse(os.path.exists(f"/run/pidns/{name}.json"))

    def test_an_ordinary_user_has_a_folder_of_its_own(self):
        folder = os.path.join(self.folder, "user")
        os.mkdir(folder, 0o700)
        os.chown(folder, 65534, 65534)
        os.chmod(self.folder, 0o755)
        user = dict(user=65534, group=65534, extra_groups=[])
        env = {"XDG_RUNTIME_DIR": folder}
        spec = "pidns: 1\nname: mine\nunshare: [user, pid]\ncommand: [sleep, infinity]\n"
        run = self.start(spec, env=env, **user)
        names = lambda: subprocess.run([harness.PIDNS, "ps", "-q"], env=env, capture_output=True, text=True, **user).stdout
        until(lambda: names() == "mine\n", what=f"it is listed; {run.err}")
        refused = subprocess.run([harness.PIDNS, "ps", "-q"], env=env, capture_output=True, text=True)
        self.assertEqual((refused.returncode, refused.stdout), (125, ""), refused)
        stopped = subprocess.run([harness.PIDNS, "stop", "mine"], env=env, capture_output=True, text=True, **user)
        self.assertEqual((stopped.returncode, stopped.stderr), (0, ""))
        run.wait()
        self.assertEqual(os.listdir(folder), [])

    def test_an_unknown_name_is_answered_with_those_there_are(self):
        run = self.listed(NAMED)
        for verb in ("stop", "wait", "logs"):
            refused = subprocess.run([harness.PIDNS, verb, "lib"], capture_output=True, text=True)
            self.assertEqual(refused.returncode, 125)
            self.assertIn("did you mean `lab`?", refused.stderr)
            self.assertIn("There are: lab", refused.stderr)
        self.end(run)

    def test_words_of_other_tools(self):
        for word, ours in (("down", "stop"), ("attach", "exec"), ("shell", "exec")):
            refused = self.call(word, "lab")
            self.assertEqual(refused.status, 2)
            self.assertIn(f"`{word}` is called `{ours}` here", refused.err)

    def test_a_thousand_nodes_come_up_are_listed_and_end(self):
        nodes = "".join(f"  n{i}: {{unshare: [pid], command: [sleep, infinity]}}\n" for i in range(1000))
        run = self.start("pidns: 1\nname: many\nnamespaces:\n" + nodes)
        until(lambda: self.names() == ["many"], 30, "the instance is listed")
        (one,) = json.loads(subprocess.run([harness.PIDNS, "ps", "--format", "json"],
                                           capture_output=True, text=True).stdout)
        self.assertEqual(one["processes"], 1000)
        with open(os.path.join(self.runtime, "pidns", "many.json")) as file:
            processes = json.loads(file.readline())["processes"]
        for process in processes[::97]:
            fields = harness.read(f"/proc/{process['identity']['pid']}/stat").rpartition(")")[2].split()
            self.assertEqual(int(fields[19]), process["identity"]["start_time"])
        stopped = subprocess.run([harness.PIDNS, "stop", "many"], capture_output=True, text=True)
        self.assertEqual(stopped.returncode, 0, stopped)
        run.wait()
        self.assertEqual(os.listdir(self.runtime), [])


if __name__ == "__main__":
    harness.main()
