# needs: root
"""`init: true` and the holders: the processes of ours that stand beside those of the spec."""

import os
import signal
import time

import harness
from harness import until

INIT = "pidns: 1\nunshare: [pid, mount, uts]\nmount-proc: true\ninit: true\n"


class OurInit(harness.TestCase):
    def test_ps_shows_it_as_pid_1_and_the_command_as_2(self):
        out = self.ok(INIT + "script: ps -e -o pid=,ppid=,args=\n")
        rows = [line.split(None, 2) for line in out.splitlines()]
        self.assertEqual(rows[0], ["1", "0", "pidns: init /"])
        self.assertEqual((rows[1][:2], rows[1][2][:7]), (["2", "1"], "/bin/sh"))
        self.assertEqual(len(rows), 3, out)

    def test_init_false_makes_the_command_pid_1(self):
        self.assertEqual(self.ok("pidns: 1\nunshare: [pid]\ninit: false\nscript: echo $$\n"), "1\n")

    def test_without_init_the_number_of_processes_decides(self):
        self.assertEqual(self.ok("pidns: 1\nunshare: [pid]\nscript: echo $$\n"), "1\n")
        self.assertEqual(self.ok("pidns: 1\nunshare: [pid]\nprocesses: {only: {script: echo $$}}\n"), "1\n")
        out = self.ok("pidns: 1\nunshare: [pid]\nprocesses: {a: {script: echo $$}, b: {script: exit 0}}\n")
        self.assertEqual(out, "2\n")

    def test_its_title_has_the_address(self):
        spec = """\
pidns: 1
namespaces:
  web:
    unshare: [pid, mount]
    mount-proc: true
    init: true
    script: ps -p 1 -o args=
    namespaces:
      deep:
        unshare: [pid, mount]
        mount-proc: true
        init: true
        script: sleep 0.1; ps -p 1 -o args=
"""
        self.assertEqual(self.ok(spec).splitlines(), ["pidns: init web", "pidns: init web/deep"])

    def test_it_is_seen_from_outside_too(self):
        run = self.start(INIT + f"script: echo ready; {self.until_go()}\n").until_out("ready")
        self.assertEqual([" ".join(harness.argv_of(p)) for p in harness.children_of(run.pid)], ["pidns: init /"])
        self.go()
        self.assertEqual(run.wait(5).status, 0)

    def test_a_long_title_does_no_harm(self):
        name = "n" * 60
        spec = f"pidns: 1\nnamespaces:\n  {name}:\n    namespaces:\n      {name}:\n        unshare: [pid, mount]\n" \
               "        mount-proc: true\n        init: true\n        script: cat /proc/1/cmdline; echo; echo $PATH\n" \
               "        env: {PATH: /usr/bin:/bin}\n"
        lines = self.ok(spec).replace("\0", "").splitlines()
        self.assertTrue(lines[0].startswith("pidns: init nnn"), lines)
        self.assertEqual(lines[1], "/usr/bin:/bin")

    def test_processes_are_numbered_in_document_order_and_nested_nodes_follow(self):
        spec = """\
pidns: 1
unshare: [pid, mount]
mount-proc: true
namespaces:
  inner:
    unshare: [pid]
    command: [grep, NSpid, /proc/self/status]
  plain:
    script: echo plain $$
processes:
  c: {script: echo c $$}
  a: {script: echo a $$}
  b: {script: echo b $$}
"""
        for _ in range(5):
            lines = sorted(self.ok(spec).split("\n"))
            label, outer, inner = lines[1].split()
            self.assertEqual((label, inner), ("NSpid:", "1"), lines)
            self.assertGreater(int(outer), 4)
            self.assertEqual(lines[2:5], ["a 3", "b 4", "c 2"])
            self.assertEqual(lines[5].split()[0], "plain")
            self.assertGreater(int(lines[5].split()[1]), 4)

    def test_orphans_are_reaped(self):
        spec = INIT + """\
script: |
  for i in 1 2 3 4 5 6 7 8; do (sleep 0.01 &); done
  (setsid sh -c 'sleep 0.05; ps -o ppid= -p $$ >parent; sleep 0.1' &)
  sleep 0.4
  tr -d ' ' <parent
  ps -e -o stat= | grep -c Z || :
""" + f"cwd: {self.folder}\n"
        self.assertEqual(self.ok(spec), "1\n0\n")

    def test_it_ends_with_the_nodes_processes_and_the_rest_is_killed(self):
        result = self.run_spec(INIT + "script: (setsid sleep 3640 &) ; sleep 3640 & sleep 0.05; exit 3\n", timeout=3)
        self.assertEqual((result.status, result.err), (3, ""))

    def test_it_waits_for_all_of_them(self):
        out = self.ok("pidns: 1\nunshare: [pid]\nprocesses:\n  a: {script: echo a}\n"
                      "  b: {script: sleep 0.2; echo b}\nnamespaces:\n  in: {script: sleep 0.4; echo in}\n")
        self.assertEqual(out, "a\nb\nin\n")

    def test_a_nested_node_that_ends_leaves_the_others_alone(self):
        out = self.ok("pidns: 1\nunshare: [pid]\nprocesses:\n  a: {script: sleep 0.3; echo a}\n"
                      "namespaces:\n  in: {unshare: [pid], script: sleep 3641 & echo in}\n")
        self.assertEqual(out, "in\na\n")

    def test_forwarded_signals_pass_it(self):
        run = self.start(INIT + "script: |\n  trap 'echo one' USR1\n  trap 'echo two; exit 5' USR2\n  echo ready\n"
                                "  while :; do sleep 0.02 || :; done\n").until_out("ready")
        run.signal(signal.SIGUSR1).until_out("one").signal(signal.SIGUSR2)
        result = run.wait(5)
        self.assertEqual((result.status, result.out), (5, "ready\none\ntwo\n"))

    def test_signals_pass_inits_of_three_levels(self):
        spec = harness.nested(3, "init: true\nscript: |\n  trap 'exit 6' USR2\n  echo ready\n"
                                 "  while :; do sleep 0.02 || :; done")
        run = self.start(spec).until_out("ready").signal(signal.SIGUSR2)
        self.assertEqual(run.wait(5).status, 6)

    def test_killed_by_somebody_from_outside_its_processes_count_as_137(self):
        run = self.start(INIT + "script: echo ready; sleep 3642\n").until_out("ready")
        os.kill(harness.children_of(run.pid)[0], signal.SIGKILL)
        self.assertEqual(run.wait(5).status, 137)
        harness.assert_nothing_left(orphans=False)

    def test_an_inner_one_killed_from_outside(self):
        spec = "pidns: 1\nunshare: [pid]\nprocesses:\n  a: {script: exit 0}\nnamespaces:\n  in:\n    unshare: [pid]\n" \
               "    init: true\n    script: echo ready; sleep 3642\n"
        run = self.start(spec).until_out("ready")
        inner = until(lambda: [p for p in harness.descendants_of(run.pid)
                               if " ".join(harness.argv_of(p)) == "pidns: init in"], what="the inner init")[0]
        os.kill(inner, signal.SIGKILL)
        self.assertEqual(run.wait(5).status, 137)
        harness.assert_nothing_left(orphans=False)

    def test_it_uses_no_processor_time_while_it_waits(self):
        run = self.start(INIT + "script: echo ready; sleep 3644\n").until_out("ready")
        ours = [run.pid, harness.children_of(run.pid)[0]]
        before = sum(map(harness.cpu_seconds, ours))
        time.sleep(0.4)
        self.assertLess(sum(map(harness.cpu_seconds, ours)) - before, 0.05)
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, -signal.SIGTERM)


class Holders(harness.TestCase):
    def test_a_node_with_only_uts_and_two_processes_has_one(self):
        spec = "pidns: 1\nnamespaces:\n  names:\n    unshare: [uts]\n    hostname: held\n    processes:\n" \
               f"      a:\n        script: echo ready; {self.until_go()}; uname -n\n" \
               f"      b:\n        script: {self.until_go()}; uname -n\n"
        run = self.start(spec).until_out("ready")
        titles = [" ".join(harness.argv_of(p)) for p in harness.descendants_of(run.pid)]
        self.assertEqual(titles.count("pidns: holder names"), 1, titles)
        holder = harness.children_of(run.pid)[0]
        self.assertNotEqual(os.readlink(f"/proc/{holder}/ns/uts"), os.readlink("/proc/self/ns/uts"))
        self.go()
        result = run.wait(5)
        self.assertEqual((result.status, result.out, result.err), (0, "ready\nheld\nheld\n", ""))

    def test_the_roots_address_is_a_slash(self):
        run = self.start("pidns: 1\nunshare: [uts]\nprocesses:\n  a:\n"
                         f"    script: echo ready; {self.until_go()}\n  b: {{script: exit 3}}\n").until_out("ready")
        self.assertIn("pidns: holder /", [" ".join(harness.argv_of(p)) for p in harness.descendants_of(run.pid)])
        self.go()
        self.assertEqual(run.wait(5).status, 3)

    def test_a_node_of_one_process_has_none(self):
        run = self.start("pidns: 1\nunshare: [uts]\nscript: echo ready; sleep 3645\n").until_out("ready")
        titles = [harness.argv_of(p)[0] for p in harness.descendants_of(run.pid)]
        self.assertEqual([title for title in titles if title.startswith("pidns")], [])
        self.assertEqual(run.signal(signal.SIGTERM).wait(5).status, -signal.SIGTERM)

    def test_killed_by_somebody_from_outside_its_processes_count_as_137(self):
        run = self.start("pidns: 1\nunshare: [uts]\nprocesses:\n  a: {script: echo ready; sleep 3643}\n"
                         "  b: {command: [sleep, '3643']}\n").until_out("ready")
        holder = [p for p in harness.children_of(run.pid) if harness.argv_of(p)[0].startswith("pidns: holder")][0]
        os.kill(holder, signal.SIGKILL)
        self.assertEqual(run.wait(5).status, 137)
        harness.assert_nothing_left(orphans=False)

    def test_signals_pass_it(self):
        trap = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.02 || :; done"
        run = self.start("pidns: 1\nunshare: [uts]\nnamespaces:\n  in:\n    unshare: [ipc]\n"
                         f"    script: {trap}\n").until_out("ready").signal(signal.SIGTERM)
        self.assertEqual(run.wait(5).status, 5)


if __name__ == "__main__":
    harness.main()
