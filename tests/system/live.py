"""Live instances, for tests that look into them: in a state folder of the test's own."""

import os

import harness
import people

LAB = """\
pidns: 1
name: lab
x-level: &level
  unshare: [pid, mount, uts]
  mount-proc: true
namespaces:
  ns1:
    <<: *level
    hostname: ns1
    processes:
      web: {command: [sleep, 1001]}
      db: {command: [sleep, 1002]}
    namespaces:
      ns2:
        <<: *level
        hostname: ns2
        processes:
          web: {command: [sleep, 1003]}
          db: {command: [sleep, 1004]}
        namespaces:
          ns3:
            <<: *level
            hostname: ns3
            command: [sleep, 1005]
"""

# A process that tries to open the program of each that comes into its namespaces, and says so.
INTRUDER = """\
import os
print("up", flush=True)
while True:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            program = os.readlink(f"/proc/{pid}/exe")
            if program.endswith("/pidns"):
                os.close(os.open(f"/proc/{pid}/exe", os.O_RDONLY))
                print("opened", flush=True)
        except OSError:
            pass
"""


class TestCase(people.TestCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("run"), 0o700)
        self.environment = {"XDG_RUNTIME_DIR": self.path("run"), "LC_ALL": "C.UTF-8"}

    def pidns(self, *words, who="root", env=None, **options):
        """The end of a call of pidns."""
        return harness.Run([*people.CALLERS[who], self.program(), *words], env={**self.environment, **(env or {})},
                           **options).wait()

    def live(self, spec=LAB, name="lab", file="lab.yaml", **options):
        """Start a spec and wait until it is listed."""
        run = harness.Run([self.program(), "run", self.write(file, spec)], env=self.environment, **options)
        def is_listed():
            if run.process.poll() is not None:
                raise AssertionError(f"ended at once: {run.result()!r}")
            return name in self.pidns("completion", "names").out.split()
        harness.until(is_listed, 10, f"{name} being listed")
        return run

    def told(self, *words, **options):
        """What a call that must succeed prints, in silence else."""
        result = self.pidns(*words, **options)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def pid(self, address, name="lab"):
        """The pid of an address as we see it."""
        return int(self.told("pid", name, address))
