"""Where random specs run: a mount namespace of the test's own, with a folder of files at a fixed path,
users with subordinate ids, and processes whose namespaces can be joined.

What runs there is started by us, who are a subreaper: a run has left nothing when the kernel says
ECHILD.
"""

import ctypes
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import harness  # noqa: E402
from places import TARGET_PIDS, WORLD, Caller  # noqa: E402

TESTER = 4321
CALLERS = {"root": Caller(0, 0, True), "user": Caller(TESTER, TESTER, False)}
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8",
               "KEPT_1": "kept", "TERM": "dumb"}
LONGEST_RUN = 30  # Seconds; the longest that the generator asks for is a fraction of one.
OUTPUT = 1 << 20

_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_REC, MS_PRIVATE, MS_SHARED, MS_BIND = 0x20000, 0x4000, 1 << 18, 1 << 20, 0x1000
MS_RDONLY, MS_REMOUNT = 1, 32


def _checked(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind="", flags=0, options=""):
    _checked(_libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()),
             f"mount on {target}")


def own_mounts(propagation):
    _checked(_libc.unshare(CLONE_NEWNS), "unshare")
    mount("none", "/", flags=MS_REC | propagation)


class Outcome:
    """How a program ended: `status` (negative: by that signal), what it wrote, and what it left behind."""

    def __init__(self, status, out, err, left):
        self.status, self.out, self.err, self.left = status, out, err, left

    def __repr__(self):
        return f"status {self.status}{', left: ' + self.left if self.left else ''}\n{self.out}{self.err}"


class World:
    def __init__(self, who, *programs):
        self.who, self.caller = who, CALLERS[who]
        harness.have_ordinary_signals()
        harness.become_subreaper()
        own_mounts(MS_PRIVATE)
        self.scratch = os.memfd_create("scratch")
        self.make_files(programs)
        self.program = f"{WORLD}/{os.path.basename(harness.PIDNS)}"
        self.keepers = {os.getpid()}
        self.targets = {}
        self.make_targets()

    # ---- files ----

    def make_files(self, programs):
        mount("tmpfs", WORLD, "tmpfs", options="mode=0755")
        # What runs is noted there; nobody else's names are in the way.
        mount("tmpfs", "/run", "tmpfs", options="mode=0755")
        shutil.copytree("/etc", WORLD + "/.etc", symlinks=True)
        with open(WORLD + "/.etc/passwd", "a") as file:
            file.write(f"tester:x:{TESTER}:{TESTER}::/:/bin/sh\n")
        for name in ("subuid", "subgid"):
            pathlib.Path(WORLD, ".etc", name).write_text("tester:100000:65536\nroot:200000:65536\n")
        mount(WORLD + "/.etc", "/etc", flags=MS_BIND)
        for program in (harness.PIDNS, *programs):
            shutil.copy(program, WORLD)
        for name in ("t1", "t2", "t3", "t4", "data/sub", "ns", "ns-user"):
            os.makedirs(f"{WORLD}/{name}")
        for name in ("f1", "f2", "data/file", "data/sub/file"):
            pathlib.Path(WORLD, name).write_text("a line\n")
        for name in ("rootfs/" + part for part in ("usr", "bin", "sbin", "lib", "lib64", "etc", "dev", "proc", "sys",
                                                   "tmp", "mnt")):
            os.makedirs(f"{WORLD}/{name}")
            os.chmod(f"{WORLD}/{name}", 0o777)
        os.chmod(f"{WORLD}/rootfs", 0o777)
        self.clean()
        mount("tmpfs", "/tmp", "tmpfs", options="mode=1777")
        # A spec made smaller may have lost the root in which it makes things: the machine's stays as it is.
        mount("none", "/", flags=MS_REMOUNT | MS_BIND | MS_RDONLY)

    def clean(self):
        """The folders in which runs may write."""
        for name in ("made", "out", "layers"):
            shutil.rmtree(f"{WORLD}/{name}", ignore_errors=True)
            os.mkdir(f"{WORLD}/{name}")
            os.chmod(f"{WORLD}/{name}", 0o1777)
        for name in ("layers/upper", "layers/work"):
            os.mkdir(f"{WORLD}/{name}")
            os.chown(f"{WORLD}/{name}", self.caller.uid, self.caller.gid)

    def written(self):
        """What runs have put into files: name and lines, which several may have written in any order."""
        folder = f"{WORLD}/out"
        return {name: sorted(harness.read(f"{folder}/{name}").splitlines()) for name in sorted(os.listdir(folder))}

    # ---- processes to join ----

    def make_targets(self):
        """One whose namespaces belong to the caller's user namespace (root only), one with its own."""
        all_but_user = ["unshare", "-imnpuCT", "--propagation", "unchanged", "--fork", "--kill-child"]
        with_user = [*all_but_user, "-U", "--map-root-user"]
        for name, argv in (("ns", all_but_user), ("ns-user", with_user)):
            if name == "ns" and not self.caller.privileged:
                argv = with_user
            process = subprocess.Popen([*argv, "sleep", "infinity"], preexec_fn=self.become_tied, env=ENVIRONMENT,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            inner = harness.until(lambda: [pid for pid in harness.children_of(process.pid)
                                           if harness.argv_of(pid)[0] == "sleep"], what="a process to join")[0]
            self.keepers |= {process.pid, inner}
            self.targets[name] = (process, inner)
            for kind in os.listdir(f"/proc/{inner}/ns"):
                if not kind.endswith("_for_children"):
                    os.symlink(f"/proc/{inner}/ns/{kind}", f"{WORLD}/{name}/{kind}")

    def close(self):
        for process, inner in self.targets.values():
            os.kill(inner, signal.SIGKILL)
            process.kill()
            process.wait()
        harness.kill_everything()

    def text_for_run(self, text):
        for name, number in TARGET_PIDS.items():
            text = text.replace(str(number), str(self.targets[name][1]))
        return text

    # ---- running ----

    def become_caller(self):
        if self.caller.uid == 0:
            return
        os.setgroups([])
        os.setresgid(self.caller.gid, self.caller.gid, self.caller.gid)
        os.setresuid(self.caller.uid, self.caller.uid, self.caller.uid)
        _libc.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE

    def become_tied(self):
        """The caller, ended with us; unshare(1) takes what it has made along."""
        self.become_caller()
        _libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG

    def spec_file(self, text):
        path = f"{WORLD}/spec.yaml"
        with open(path, "w" if isinstance(text, str) else "wb") as file:
            file.write(self.text_for_run(text) if isinstance(text, str) else text)
        return path

    def call(self, *argv, shared=False, longest=LONGEST_RUN):
        """Starts a program as the caller, waits for its end, and looks for what it has left behind."""
        streams = []
        for _ in range(2):
            streams.append(os.memfd_create("stream"))
            # A memfd's offset has no lock: two processes that write at one time would overwrite each other.
            fcntl.fcntl(streams[-1], fcntl.F_SETFL, os.O_APPEND)
        pid = os.fork()
        if pid == 0:
            self._exec(argv, streams, shared)
        status, late = self._wait(pid, longest)
        left = self._left(late)
        out, err = (os.pread(one, OUTPUT, 0).decode(errors="replace") for one in streams)
        for one in streams:
            os.close(one)
        return Outcome(status, out, err, left)

    def _exec(self, argv, streams, shared):
        try:
            if shared:
                own_mounts(MS_SHARED)
            null = os.open("/dev/null", os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(streams[0], 1)
            os.dup2(streams[1], 2)
            for number in (3, 4, 5):
                os.dup2(null, number)
            os.closerange(6, 64)
            os.setsid()
            os.chdir(WORLD)
            os.umask(0o022)
            self.become_caller()
            os.execve(argv[0], list(argv), ENVIRONMENT)
        finally:
            os._exit(99)

    def _wait(self, pid, longest):
        end = time.monotonic() + longest
        pause = 0.0005
        while True:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status), False
            if time.monotonic() > end:
                return None, True
            time.sleep(pause)
            pause = min(pause * 1.3, 0.01)

    def _left(self, late):
        """Words about what is left, and its end. Our own long-lived processes do not count."""
        others = self._others()
        if not others:
            return "" if not late else "nothing, but it was late"
        if not late:
            # A process that has been killed may still be ending.
            time.sleep(0.2)
            others = self._others()
        words = "; ".join(f"{pid} {harness.state_of(pid)} {' '.join(harness.argv_of(pid))}" for pid in others)
        deadline = time.monotonic() + 5
        while others and time.monotonic() < deadline:
            for pid in others:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass
            others = self._others()
        return words

    def _others(self):
        """Children of ours (we are a subreaper) that are not the processes to join."""
        path = f"/proc/self/task/{os.getpid()}/children"
        children = [int(word) for word in harness.read(path).split()]
        if not children and not os.path.exists(path):
            children = harness.children_of(os.getpid())
        return [pid for pid in children if pid not in self.keepers]


def same_levels(text):
    """Output without the pids that nobody promises."""
    return sorted(re.sub(r"\bpid \d+", "pid N", line) for line in text.splitlines())
