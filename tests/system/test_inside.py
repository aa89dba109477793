# needs: root
"""What a process finds inside its namespaces, and that its caller finds nothing changed."""

import os
import re

import harness
from harness import nested, until

ONE = """\
pidns: 1
unshare: [pid, mount, uts]
hostname: inside
mount-proc: true
"""


class Inside(harness.TestCase):
    def test_first_process_is_pid_1_without_a_parent(self):
        out = self.ok(ONE + "script: echo $$ $PPID\n")
        self.assertEqual(out, "1 0\n")

    def test_hostname_is_the_specs_and_the_callers_stays(self):
        before = os.uname().nodename
        self.assertEqual(self.ok(ONE + "command: [uname, -n]\n"), "inside\n")
        self.assertEqual(os.uname().nodename, before)

    def test_proc_shows_only_the_namespace(self):
        out = self.ok(ONE + "script: ps -e -o pid=,comm=\n")
        shown = {int(line.split()[0]): line.split()[1] for line in out.splitlines()}
        self.assertEqual(shown[1], "sh")
        self.assertEqual(sorted(shown.values()), ["ps", "sh"])

    def test_without_mount_proc_the_callers_proc_stays(self):
        spec = ONE.replace("mount-proc: true\n", "")
        out = self.ok(spec + f"script: 'test -d /proc/{os.getpid()} && echo outside'\n")
        self.assertEqual(out, "outside\n")

    def test_mount_proc_false_is_as_good_as_absent(self):
        spec = ONE.replace("mount-proc: true", "mount-proc: false")
        out = self.ok(spec + f"script: 'test -d /proc/{os.getpid()} && echo outside'\n")
        self.assertEqual(out, "outside\n")

    def test_fresh_proc_is_nosuid_nodev_noexec(self):
        out = self.ok(ONE + "command: [cat, /proc/self/mountinfo]\n")
        last = [line for line in out.splitlines() if line.split()[4] == "/proc"][-1]
        self.assertLessEqual({"nosuid", "nodev", "noexec"}, set(last.split()[5].split(",")), last)
        self.assertIn(" - proc ", last)

    def test_the_short_example_of_the_language_document(self):
        spec = "pidns: 1\nunshare: [pid, mount, uts]\nhostname: ns1\nmount-proc: true\ncommand: [bash]\n"
        result = self.run_spec(spec, stdin="echo $$ $HOSTNAME; exit 9\n")
        self.assertEqual((result.status, result.out, result.err), (9, "1 ns1\n", ""))

    def test_description_and_foreign_keys_change_nothing(self):
        out = self.ok(ONE + "description: a text\nx-note: {any: [thing]}\nname: my-lab.1\n"
                            "script: echo $PIDNS_NAME\n")
        self.assertEqual(out, "my-lab.1\n")

    def test_one_kind_needs_no_list(self):
        spec = "pidns: 1\nunshare: uts\nhostname: alone\ncommand: [uname, -n]\n"
        self.assertEqual(self.ok(spec), "alone\n")

    def test_a_root_without_unshare_lives_with_its_caller(self):
        out = self.ok("pidns: 1\ncommand: [readlink, /proc/self/ns/pid, /proc/self/ns/mnt, /proc/self/ns/uts]\n")
        self.assertEqual(out.split(), [os.readlink(f"/proc/self/ns/{kind}") for kind in ("pid", "mnt", "uts")])


class Propagation(harness.TestCase):
    """What `/` looks like inside, and what reaches the caller where its `/` is shared."""

    def inside(self, mode, *, shared_caller):
        """The optional fields of each mount inside by its mount point, and the caller's own before."""
        key = f"propagation: {mode}\n" if mode else ""
        file = self.write("spec.yaml", f"pidns: 1\nunshare: [pid, mount]\n{key}mount-proc: true\n"
                                       "command: [cat, /proc/self/mountinfo]\n")
        script = ('cat /proc/self/mountinfo >"$3"; "$1" run "$2"; code=$?; '
                  'cat /proc/self/mountinfo >"$4"; test -e /proc/self/stat || exit 99; exit $code')
        wrapper = self.shared_root() if shared_caller else []
        result = harness.Run([*wrapper, "sh", "-c", script, "sh", harness.PIDNS, file,
                              self.path("before"), self.path("after")]).wait()
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertEqual(harness.read(self.path("before")), harness.read(self.path("after")),
                         "the caller's mounts have changed")
        return self.fields(result.out), self.fields(harness.read(self.path("before")))

    @staticmethod
    def fields(mountinfo):
        found = {}
        for line in mountinfo.splitlines():
            words = line.split()
            found.setdefault(words[4], words[6:words.index("-")])
        return found

    def test_private_is_the_default_and_recursive(self):
        for mode in (None, "private"):
            with self.subTest(mode):
                here, _ = self.inside(mode, shared_caller=True)
                self.assertEqual({where: fields for where, fields in here.items() if fields}, {})

    def test_slave_follows_the_caller(self):
        here, caller = self.inside("slave", shared_caller=True)
        group = caller["/"][0].partition(":")[2]
        self.assertEqual(here["/"], [f"master:{group}"])
        self.assertTrue(here["/sys"][0].startswith("master:"), here["/sys"])

    def test_shared_in_a_private_caller_makes_new_groups(self):
        here, _ = self.inside("shared", shared_caller=False)
        self.assertRegex(" ".join(here["/"]), r"shared:\d+")
        self.assertRegex(" ".join(here["/sys"]), r"shared:\d+")

    def test_shared_in_a_shared_caller_keeps_the_group_and_hides_the_proc(self):
        here, caller = self.inside("shared", shared_caller=True)
        self.assertEqual(here["/"], caller["/"])

    def test_unchanged_takes_what_the_caller_has(self):
        for shared in (False, True):
            with self.subTest(shared_caller=shared):
                here, caller = self.inside("unchanged", shared_caller=shared)
                self.assertEqual(here["/"], caller["/"])
                self.assertEqual(here["/sys"], caller["/sys"])

    def test_what_a_private_node_mounts_stays_there(self):
        file = self.write("spec.yaml", "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
                          f"script: mount -t tmpfs none {self.folder} && touch {self.folder}/inside\n")
        result = harness.Run([*self.shared_root(), "sh", "-c", '"$1" run "$2" && ls "$3"', "sh",
                              harness.PIDNS, file, self.folder]).wait()
        self.assertEqual((result.status, result.out, result.err), (0, "spec.yaml\n", ""))

    def test_what_a_shared_node_mounts_reaches_its_caller(self):
        """The opposite of the test above: it fails where `propagation` is accepted and ignored."""
        file = self.write("spec.yaml", "pidns: 1\nunshare: [mount]\npropagation: shared\n"
                          f"script: mount -t tmpfs none {self.folder} && touch {self.folder}/inside\n")
        result = harness.Run([*self.shared_root(), "sh", "-c", '"$1" run "$2" && ls "$3"', "sh",
                              harness.PIDNS, file, self.folder]).wait()
        self.assertEqual((result.status, result.out, result.err), (0, "inside\n", ""))


class Levels(harness.TestCase):
    def columns(self, run, word):
        """NSpid of the process that has `word` as an argument, as the test sees it."""
        def find():
            found = harness.with_argument(word)
            return found and harness.status_of(found[0]).get("NSpid", "").split()
        columns = until(find, what=f"a process with {word}; {run.err}")
        until(lambda: run.process.poll() is None, 0.1)
        return columns

    def test_three_levels_have_a_pid_each_and_end_in_1(self):
        word = f"3600.{os.getpid()}"
        run = self.start(nested(3, f"command: [sleep, '{word}']"))
        until(lambda: [p for p in harness.with_argument(word) if harness.argv_of(p)[0] == "sleep"])
        columns = self.columns(run, word)
        self.assertEqual(len(columns), harness.pid_levels() + 3, columns)
        self.assertEqual(columns[-1], "1")
        self.assertNotEqual(columns[-2], "1")
        run.kill()

    def test_the_three_levels_of_the_language_document(self):
        spec = """\
pidns: 1
name: three-levels-%d
x-level: &level
  unshare: [pid, mount, uts]
  mount-proc: true
  kill-child: SIGKILL
namespaces:
  ns1:
    <<: *level
    hostname: ns1
    namespaces:
      ns2:
        <<: *level
        hostname: ns2
        namespaces:
          ns3:
            <<: *level
            hostname: ns3
            script: echo $$ $(uname -n) $PIDNS_PATH $(ps -e -o pid= | wc -l)
""" % os.getpid()
        self.assertEqual(self.ok(spec), "1 ns3 ns1/ns2/ns3 4\n")

    def test_each_level_has_its_own_name_and_processes(self):
        spec = """\
pidns: 1
unshare: [pid, mount, uts]
mount-proc: true
hostname: outer
processes:
  look: {script: "sleep 0.3; ps -e -o args= | grep -c '^sleep 1.234' >outer.txt; uname -n >>outer.txt", cwd: %(dir)s}
namespaces:
  inner:
    unshare: [pid, mount, uts]
    mount-proc: true
    hostname: inner
    cwd: %(dir)s
    script: |
      sleep 1.234 & ps -e -o args= | grep -c 'outer[.]txt' >inner.txt || :
      uname -n >>inner.txt
      wait
""" % {"dir": self.folder}
        self.ok(spec)
        self.assertEqual(harness.read(self.path("outer.txt")), "1\nouter\n")
        self.assertEqual(harness.read(self.path("inner.txt")), "0\ninner\n")

    def test_a_level_may_be_without_a_pid_namespace(self):
        spec = """\
pidns: 1
unshare: [uts]
hostname: first
namespaces:
  plain:
    namespaces:
      third:
        unshare: [pid, mount]
        mount-proc: true
        script: echo $$ $(uname -n) $PIDNS_PATH
"""
        self.assertEqual(self.ok(spec), "1 first plain/third\n")

    def test_merge_of_a_list_takes_the_earlier_and_own_keys_win(self):
        spec = """\
pidns: 1
x-a: &a {unshare: [uts], hostname: from-a}
x-b: &b {hostname: from-b, domainname: from-b}
namespaces:
  one:
    <<: [*a, *b]
    script: echo $(cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname)
  two:
    <<: [*a, *b]
    hostname: own
    script: sleep 0.2; cat /proc/sys/kernel/hostname
"""
        self.assertEqual(self.ok(spec), "from-a from-b\nown\n")

    def test_thirty_two_levels_work(self):
        word = f"3601.{os.getpid()}"
        run = self.start(nested(32, f"command: [sleep, '{word}']"))
        if harness.in_initial_pid_namespace():
            columns = self.columns(run, word)
            self.assertEqual((len(columns), columns[-1]), (33, "1"))
            run.kill()
        else:
            until(lambda: run.process.poll() is not None or harness.with_argument(word))
            if run.process.poll() is not None:
                self.assertEqual(run.result().status, 125, run.result())
            run.kill()

    def test_the_thirty_third_level_is_refused_before_anything_is_made(self):
        side = self.path("side-effect")
        spec = nested(33, "command: ['true']").replace(
            "namespaces:", f"processes: {{early: {{command: [touch, {side}]}}}}\nnamespaces:", 1)
        log = self.path("strace.log")
        result = self.start(spec, before=["strace", "-f", "-o", log, "-e",
                                          "trace=clone,clone3,fork,vfork,unshare,execve"]).wait()
        self.assertEqual(result.status, 125, result)
        self.assertRegex(result.err, r"spec\.yaml:\d+:\d+: error")
        self.assertRegex(result.err, "32")
        self.assertFalse(os.path.exists(side))
        calls = harness.read(log)
        self.assertNotRegex(calls, r"\b(clone|clone3|fork|vfork|unshare)\(")
        self.assertEqual(len(re.findall(r"execve\(", calls)), 1, calls)


if __name__ == "__main__":
    harness.main()
