# needs: root
"""`replicas`: copies of processes and nodes, their names, numbers and limits."""

import harness

HEAD = "pidns: 1\n"
PID = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"
TELL = "script: 'echo \"$PIDNS_PATH ${PIDNS_REPLICA-none}\"'"


class Replicas(harness.TestCase):
    def lines(self, spec, **options):
        return sorted(self.ok(spec, **options).splitlines())

    def test_each_knows_its_name_and_number(self):
        for head in (HEAD, PID):
            with self.subTest(head):
                spec = head + "processes:\n  web: {replicas: 3, %s}\n  db: {%s}\n" % (TELL, TELL)
                self.assertEqual(self.lines(spec, env={"PIDNS_REPLICA": "77"}),
                                 ["db none", "web-1 1", "web-2 2", "web-3 3"])

    def test_nodes_and_the_innermost_number(self):
        spec = (HEAD + "namespaces:\n  pod:\n    replicas: 2\n    unshare: [pid]\n    processes:\n"
                "      a: {%s}\n      b: {replicas: 2, %s}\n" % (TELL, TELL))
        self.assertEqual(self.lines(spec), ["pod-1/a 1", "pod-1/b-1 1", "pod-1/b-2 2",
                                            "pod-2/a 2", "pod-2/b-1 1", "pod-2/b-2 2"])

    def test_a_node_with_one_process(self):
        spec = HEAD + "namespaces:\n  web: {replicas: 2, unshare: [uts], %s}\n" % TELL
        self.assertEqual(self.lines(spec), ["web-1 1", "web-2 2"])

    def test_one_replica_is_still_numbered(self):
        spec = PID + "processes:\n  web: {replicas: 1, script: 'echo \"$PIDNS_PATH $PIDNS_REPLICA $$\"'}\n"
        self.assertEqual(self.lines(spec), ["web-1 1 1"])

    def test_several_make_an_init_ours_and_have_promised_pids(self):
        spec = PID + "processes:\n  web: {replicas: 3, script: 'echo \"$PIDNS_REPLICA $$\"'}\n"
        self.assertEqual(self.lines(spec), ["1 2", "2 3", "3 4"])

    def test_the_status_is_of_the_first_that_did_not_end_well(self):
        spec = (PID + "processes:\n  web: {replicas: 4,\n"
                "    script: 'sleep 0.$((4 - PIDNS_REPLICA)); exit $((PIDNS_REPLICA / 2 * 5))'}\n")
        self.assertEqual(self.run_spec(spec).status, 5)

    def test_arguments_are_for_nobody_of_several(self):
        result = self.run_spec(HEAD + "processes:\n  web: {replicas: 2, command: [sleep, 1]}\n", "--", "id")
        self.assertEqual(result.status, 125, result)

    def test_a_thousand_processes(self):
        spec = PID + "processes:\n  web: {replicas: 1000, script: 'exit 0'}\n"
        self.assertEqual(self.ok(spec, timeout=60), "")

    def refused(self, spec, line, words):
        result = self.run_spec(spec)
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assert_place(result, line, words=words)

    def test_refused(self):
        copied = "processes:\n  a: {command: [id], replicas: 2%s}\n"
        self.refused("pidns: 1\nreplicas: 2\ncommand: [id]\n", 2, "root")
        self.refused(HEAD + copied % ", main: true", 3, "main")
        self.refused(PID + "init: a\n" + copied % "" + "  b: {command: [id]}\n", 6, "init")
        self.refused(HEAD + copied % "" + "  a-2: {command: [id]}\n", 3, "a-2")
        self.refused(HEAD + "processes:\n  %s: {command: [id], replicas: 10}\n" % ("a" * 61), 3, "63")
        for number in (0, 10001, -1, "two"):
            self.refused(HEAD + "processes:\n  a: {command: [id], replicas: %s}\n" % number, 3, "")

    def test_too_many_are_refused_before_they_are_made(self):
        spec = HEAD + "".join("%snamespaces:\n%s  n:\n%s    replicas: 10000\n" % ((" " * 4 * i,) * 3) for i in range(6))
        spec += " " * 24 + "command: [id]\n"
        result = self.run_spec(spec, before=["sh", "-c", "ulimit -v 400000; exec \"$@\"", "sh"], timeout=10)
        self.assertEqual(result.status, 125, result)
        self.assertIn("200,000", result.err)


if __name__ == "__main__":
    harness.main()
