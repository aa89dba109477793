"""Instances that their caller has left, for tests of them."""

import json
import os
import subprocess

import harness
from harness import until

QUIET = "pidns: 1\nunshare: [pid, mount, uts]\nmount-proc: true\n"
SLEEP = QUIET + "command: [sleep, infinity]\n"


class TestCase(harness.InstanceTestCase):
    def pidns(self, *args, **options):
        return subprocess.run([harness.PIDNS, *args], capture_output=True, text=True, timeout=30, **options)

    def detach(self, spec, *args, **options):
        """Start detached through pipes: nobody who holds them may keep us waiting. Returns the name."""
        done = self.pidns("run", "--detach", self.write("spec.yaml", spec), *args, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.strip()

    def supervisor(self, name):
        return {one["name"]: one["pid"] for one in json.loads(self.pidns("ps", "--format", "json").stdout)}[name]

    def until_it_waits(self, wait):
        """Until `pidns wait` sleeps in poll(2)."""
        until(lambda: harness.state_of(wait.pid) == "S" and "poll" in harness.read(f"/proc/{wait.pid}/wchan"),
              what=f"the wait has begun; {wait.err}")

    def stop(self, *names):
        done = self.pidns("stop", *names)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(os.listdir(self.runtime), [])
        return done.stderr
