"""Live instances, for tests that look into them: in a state folder of the test's own."""

import ctypes
import os
import signal

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
SYS_clone3 = 435
CLONE_NEWPID = 0x20000000


def take_pid(pid, flags=0):
    """A child of ours with this pid, which sleeps; clone3(2) with set_tid. In a new pid namespace it is 1."""
    class Arguments(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in (
            "flags", "pidfd", "child_tid", "parent_tid", "exit_signal", "stack", "stack_size", "tls", "set_tid",
            "set_tid_size", "cgroup")]
    pids = [1, pid] if flags & CLONE_NEWPID else [pid]
    numbers = (ctypes.c_int * len(pids))(*pids)
    arguments = Arguments(flags=flags, exit_signal=signal.SIGCHLD, set_tid=ctypes.addressof(numbers), set_tid_size=len(pids))
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.syscall(SYS_clone3, ctypes.byref(arguments), ctypes.sizeof(arguments))
    if made == 0:
        os.execvp("sleep", ["sleep", "1000"])
    return made

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

    def recycle(self, pid):
        """The process ends, and another, a child of ours that is to be ended, has its pid."""
        os.kill(pid, signal.SIGKILL)
        harness.until(lambda: not os.path.exists(f"/proc/{pid}"), what="the end of the first")
        # The number is free a moment after the process has gone from /proc: EEXIST.
        self.assertEqual(harness.until(lambda: max(take_pid(pid), 0), what="the pid to be taken again"), pid)

    def with_recycled(self, pid, held_at, *words):
        """The end of a call of pidns that is held at a system call while a process ends, and another gets its pid.

        That other one, which must be as it was at the end, is gone then, too.
        """
        call, how = held_at
        begun = self.path("strace")
        held = harness.Run(["strace", "-f", "-o", begun, "-e", f"trace={call}", "-e", f"inject={call}:{how}", self.program(), *words],
                           env=self.environment)
        harness.until(lambda: call in harness.read(begun), what="the held call")
        self.recycle(pid)
        result = held.wait()
        self.assertNotIn(harness.state_of(pid), ("", "Z"))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return result
