"""What the system tests share: starting pidns, watching it end, and proving that nothing is left.

The tests start the real program, named by the environment variable PIDNS, on real specs. The test
process makes itself a subreaper: whatever a run leaves behind becomes its child, so "nothing is
left" is one question to the kernel: does waitpid(-1) say ECHILD?

Every file of tests ends with `harness.main()`, which exits 0 (all hold), 1 (one failed) or 77 (the
file has a line `# needs: root` and we are not root).
"""

import ctypes
import errno
import fcntl
import os
import pathlib
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PIDNS = os.path.abspath(os.environ.get("PIDNS") or HERE.parents[1] / "build/release/pidns")
SPARE_TIME = 40  # Seconds that one test may take before it is broken off.

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_CHILD_SUBREAPER = 36


def become_subreaper():
    """From now on the orphans of everything that we start become our children."""
    if _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def have_ordinary_signals():
    """Undo what the starter of the tests may have ignored or blocked (`nohup`, a shell's `&`)."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1,
                   signal.SIGUSR2, signal.SIGCHLD, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


# ---- Looking at the machine -------------------------------------------------------------------

def until(question, timeout=5.0, what="a condition", every=0.005):
    """Ask again and again until the answer is true; return it. Raise when the time is over."""
    end = time.monotonic() + timeout
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(every)


def read(path):
    """The text of a file; empty where it is not there (any more)."""
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def pids():
    """All processes that /proc shows."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def argv_of(pid):
    """The argument vector (or the title) of a process."""
    return read(f"/proc/{pid}/cmdline").rstrip("\0").split("\0")


def status_of(pid):
    """The fields of /proc/PID/status as a dictionary; empty when the process is gone."""
    lines = (line.partition(":") for line in read(f"/proc/{pid}/status").splitlines())
    return {key: value.strip() for key, _, value in lines}


def state_of(pid):
    """One letter: R running, S sleeping, T stopped, Z zombie; empty when the process is gone."""
    return status_of(pid).get("State", "")[:1]


def children_of(pid):
    """The living and dead children of a process."""
    return [p for p in pids() if status_of(p).get("PPid") == str(pid)]


def descendants_of(pid):
    """Children, their children, and so on; parents before their children."""
    found = []
    for child in children_of(pid):
        found += [child] + descendants_of(child)
    return found


def with_argument(word):
    """The processes that have `word` as one of their arguments, zombies not counted."""
    return [p for p in pids() if word in argv_of(p) and p != os.getpid()]


def with_environment(marker):
    """The living processes in whose environment `marker` stands."""
    found = []
    for pid in pids():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if marker.encode() in file.read() and pid != os.getpid():
                    found.append(pid)
        except OSError:
            pass
    return found


def cpu_seconds(pid):
    """The processor time that a process has used."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pid_levels():
    """How many pid namespaces the test itself is in, as far as its /proc shows."""
    return len(status_of("self")["NSpid"].split())


def in_initial_pid_namespace():
    """The kernel gives the first pid namespace of a machine a fixed inode number."""
    return os.readlink("/proc/self/ns/pid") == "pid:[4026531836]"


def mounts():
    """The caller's mount table, without the optional fields' order mattering to anybody."""
    return read("/proc/self/mountinfo")


# ---- Nothing is left --------------------------------------------------------------------------

def _reap_all(end):
    """Reap until there is no child or the time is over: (reaped pids, is there none left?)."""
    reaped = []
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return reaped, True
        if pid:
            reaped.append(pid)
        elif time.monotonic() > end:
            return reaped, False
        else:
            time.sleep(0.002)


def kill_everything():
    """Kill all that descends from the test, until the kernel says that there is nothing."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for pid in reversed(descendants_of(os.getpid())):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if _reap_all(time.monotonic() + 0.1)[1]:
            return


def assert_nothing_left(within=1.0, orphans=True):
    """waitpid(-1) must say ECHILD within `within` seconds; what is left is killed, and is a failure.

    With `orphans=False` not even a dead process may have been left to us to reap: so it must be after
    a run that ended by itself, since the supervisor reaps all that it made.
    """
    reaped, clean = _reap_all(time.monotonic() + within)
    if not clean:
        left = [f"{p} {state_of(p)} {argv_of(p)}" for p in descendants_of(os.getpid())]
        kill_everything()
        raise AssertionError("left behind: " + "; ".join(left))
    if reaped and not orphans:
        raise AssertionError(f"{len(reaped)} processes outlived the run: {reaped}")


# ---- Running pidns ----------------------------------------------------------------------------

class Result:
    """How a run ended: `status` (negative: killed by that signal), `out` and `err`."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def words(self):
        """stderr with what was wrapped at the margin put together again."""
        return re.sub(r"\n +(?=[^\s|\d=])", " ", self.err)

    def __repr__(self):
        return f"status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Run:
    """A started program. Its streams are files, so that nobody who keeps them open can block us."""

    started = []

    def __init__(self, argv, stdin=None, env=None, only_env=None, cwd=None, before_exec=None, **options):
        environment = dict(os.environ) if only_env is None else dict(only_env)
        for name, value in (env or {}).items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        # Several write to one: cat(1) uses copy_file_range(2), which looks up the place once and writes later.
        for file in (self._out, self._err):
            fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_APPEND)
        source = subprocess.DEVNULL
        if stdin is not None and not isinstance(stdin, (str, bytes)):
            source = stdin
        elif stdin is not None:
            source = tempfile.TemporaryFile()
            source.write(stdin.encode() if isinstance(stdin, str) else stdin)
            source.seek(0)
        options.setdefault("stdout", self._out)
        options.setdefault("stderr", self._err)
        self.process = subprocess.Popen([str(word) for word in argv], stdin=source, env=environment, cwd=cwd,
                                        preexec_fn=before_exec, **options)
        self.pid = self.process.pid
        if isinstance(stdin, (str, bytes)):
            source.close()
        Run.started.append(self)

    @staticmethod
    def _text(file):
        return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")

    @property
    def out(self):
        return self._text(self._out)

    @property
    def err(self):
        return self._text(self._err)

    def until_out(self, text, timeout=10.0):
        """Wait until `text` stands in the standard output."""
        def seen():
            if text in self.out:
                return True
            if self.process.poll() is not None and text not in self.out:
                raise AssertionError(f"ended before it wrote {text!r}: {self.result()!r}")
            return False
        until(seen, timeout, f"{text!r} on stdout; stderr so far: {self.err}")
        return self

    def signal(self, number):
        os.kill(self.pid, number)
        return self

    def kill(self):
        """SIGKILL, and wait for that one process only."""
        self.process.kill()
        self.process.wait()
        return self

    def result(self):
        return Result(self.process.returncode, self.out, self.err)

    def wait(self, timeout=30):
        """Wait for the end; a run that does not end is killed and is a failure."""
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            tree = [f"{p} {state_of(p)} {argv_of(p)}" for p in descendants_of(self.pid)]
            self.kill()
            raise AssertionError(f"did not end within {timeout} s; below it: {tree}; {self.result()!r}") from None
        return self.result()

    @classmethod
    def end_all(cls):
        for one in cls.started:
            if one.process.poll() is None:
                one.kill()
            for file in (one._out, one._err, one.process.stdin, one.process.stdout, one.process.stderr):
                if file:
                    file.close()
        cls.started.clear()


class TestCase(unittest.TestCase):
    """A test with a folder of its own, which checks after itself that nothing is left."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pidns-test-")
        self._mounts = mounts()
        self._killed = False
        signal.signal(signal.SIGALRM, self._break_off)
        signal.alarm(SPARE_TIME)
        self.addCleanup(self._leave)

    def _break_off(self, *_):
        raise AssertionError(f"broken off after {SPARE_TIME} s")

    def _leave(self):
        signal.alarm(0)
        try:
            Run.end_all()
            assert_nothing_left()
            self.assertEqual(self._mounts, mounts(), "the caller's mounts have changed")
        finally:
            kill_everything()
            shutil.rmtree(self.folder, ignore_errors=True)

    def until_go(self):
        """Words for a script: it goes on when `go` is called, however long looking at it takes."""
        return f"until [ -e {self.path('go')} ]; do sleep 0.02; done"

    def go(self):
        self.write("go", "")

    def path(self, name):
        """A path in the test's folder."""
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        """A file in the test's folder; returns its path."""
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def start(self, spec, *args, verb="run", file="spec.yaml", before=(), **options):
        """Start `pidns run FILE ARG…`, with `spec` as the file's text; `before` are words of a wrapper."""
        return Run([*before, PIDNS, verb, self.write(file, spec), *args], **options)

    def run_spec(self, spec, *args, timeout=30, **options):
        """Run a spec to its end, and see that it leaves nothing, not even a dead process."""
        result = self.start(spec, *args, **options).wait(timeout)
        assert_nothing_left(orphans=False)
        return result

    def call(self, *args, timeout=30, **options):
        """Call pidns with any arguments."""
        result = Run([PIDNS, *args], **options).wait(timeout)
        assert_nothing_left(orphans=False)
        return result

    def ok(self, spec, *args, **options):
        """The output of a run that must succeed in silence."""
        result = self.run_spec(spec, *args, **options)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def assert_place(self, result, line, column=None, words="", file="spec.yaml"):
        """stderr has a line `file:line:column: error: words`; `column` may be one or several."""
        columns = [column] if isinstance(column, int) else column
        for found in re.finditer(r"^(\S*?):(\d+):(\d+): error(?:\[\w+\])?: (.*)$", result.words, re.M):
            if (found[1].endswith(file) and int(found[2]) == line and re.search(words, found[4])
                    and (columns is None or int(found[3]) in columns)):
                return
        self.fail(f"no error at {file}:{line}:{column} with {words!r} in\n{result!r}")

    @staticmethod
    def shared_root():
        """Words of a wrapper: in a mount namespace of its own, with every mount shared.

        First private, so that what is mounted there can never reach the machine's own table.
        """
        return ["unshare", "-m", "--propagation", "private",
                "sh", "-c", 'mount --make-rshared / && exec "$@"', "sh"]


class InstanceTestCase(TestCase):
    """A test whose instances are listed in a folder of its own."""

    def setUp(self):
        super().setUp()
        self.runtime = os.path.join(self.folder, "runtime")
        os.mkdir(self.runtime)
        self.before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = self.runtime
        self.addCleanup(self.give_back)

    def give_back(self):
        os.environ["XDG_RUNTIME_DIR"] = self.before or ""


def static_true(folder):
    """The path of a static program that ends with 0 at once; /bin/true where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    source = os.path.join(folder, "true.c")
    with open(source, "w") as file:
        file.write("int main(void) { return 0; }\n")
    program = os.path.join(folder, "static-true")
    if compiler and subprocess.run([compiler, "-O2", "-static", "-o", program, source],
                                   stderr=subprocess.DEVNULL).returncode == 0:
        return program
    return shutil.which("true")


def nested(depth, innermost, level="unshare: [pid, mount, uts]\nmount-proc: true\n"):
    """A spec of `depth` levels, the root being the first; only the innermost has `innermost`."""
    text, indent = "pidns: 1\n", ""
    for number in range(1, depth + 1):
        last = number == depth
        for line in (level + (innermost if last else "namespaces:")).splitlines():
            text += indent + line + "\n"
        if not last:
            text += f"{indent}  n{number + 1}:\n"
            indent += "    "
    return text


def late_signals():
    """Words of a wrapper under which each signal that pidns itself sends comes 0.3 s late.

    Two of a kind at the same moment are one, and a second that should not have been is not seen. Without
    strace(1) nothing is late.
    """
    if not shutil.which("strace"):
        return []
    return ["strace", "-D", "-o", "/dev/null", "-e", "trace=kill,rt_sigqueueinfo,pidfd_send_signal",
            "-e", "inject=kill,rt_sigqueueinfo,pidfd_send_signal:delay_enter=300000"]


# ---- Terminals --------------------------------------------------------------------------------

class Terminal:
    """A pseudo-terminal with a program in a session of its own; reading never blocks for ever."""

    def __init__(self, argv, env=None, cwd=None, rows=24, columns=80):
        self.master, self.slave = os.openpty()
        self.resize(rows, columns)
        self.text = ""      # All that was ever written to the terminal.
        self._seen = 0      # How much of it `expect` has passed.
        self.before = termios.tcgetattr(self.slave)
        environment = {**os.environ, "TERM": "dumb", **(env or {})}
        self.process = subprocess.Popen([str(word) for word in argv], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, env=environment, cwd=cwd, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.pid = self.process.pid

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, text):
        os.write(self.master, text.encode())
        return self

    def pump(self, seconds=0.02):
        """Take in what has been written; wait at most `seconds` for something."""
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
            except OSError as problem:
                if problem.errno != errno.EIO:
                    raise

    def expect(self, pattern, timeout=8.0):
        """Wait for a regular expression in what was written since the last match; returns the match."""
        end = time.monotonic() + timeout
        while True:
            found = re.search(pattern, self.text[self._seen:])
            if found:
                self._seen += found.end()
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{pattern!r} did not appear; the terminal shows:\n{self.text}")
            self.pump()

    def foreground(self):
        """The terminal's foreground process group."""
        return os.tcgetpgrp(self.master)

    def until(self, question, timeout=8.0, what="a condition"):
        """Like harness.until, but goes on reading the terminal meanwhile."""
        def ask():
            self.pump(0.005)
            return question()
        try:
            return until(ask, timeout, what)
        except AssertionError as problem:
            raise AssertionError(f"{problem}; the terminal shows:\n{self.text}") from None

    def wait(self, timeout=15.0):
        """The exit status of the program in the terminal; negative: the signal."""
        self.until(lambda: self.process.poll() is not None, timeout, "the end of the program")
        self.pump()
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


# ---- The end of each file ---------------------------------------------------------------------

def main():
    """Run the tests of the calling file and exit as ctest wants it."""
    file = sys.modules["__main__"].__file__
    with open(file) as source:
        needs_root = re.search(r"^# needs: root$", source.read(), re.M)
    if needs_root and os.geteuid() != 0:
        print("skipped: needs root")
        sys.exit(77)
    if not os.access(PIDNS, os.X_OK):
        print(f"there is no program {PIDNS}: set PIDNS")
        sys.exit(1)
    have_ordinary_signals()
    become_subreaper()
    # Names are one instance's at a time: files of tests that run beside this one have theirs elsewhere.
    runtime = tempfile.mkdtemp(prefix="pidns-runtime-")
    os.environ["XDG_RUNTIME_DIR"] = runtime
    os.environ["LAB_SECONDS"] = "1"  # Of examples/lab.yaml: every example ends.
    outcome = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1).result
    shutil.rmtree(runtime)
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"{outcome.testsRun} tests run, {failed} failed")
    sys.exit(0 if outcome.wasSuccessful() and not outcome.skipped else 1)
