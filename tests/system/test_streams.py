# needs: root
"""stdin, stdout, stderr, pass-fds, terminal: none, argv0; and env, cwd, umask as they go down the tree."""

import os

import harness
import people
from people import OUTER, whole

KEYS = "unshare: [user, pid]\n"


class Streams(people.TestCase):
    def test_files(self):
        self.write("in", "from a file\n")
        os.mkdir(self.path("open"))
        os.chmod(self.path("open"), 0o777)
        for name in ("out", "err"):
            self.write("open/" + name, "", 0o666)
        body = KEYS + f"stdin: in\nstdout: open/out\nstderr: {self.path('open/err')}\nscript: cat; echo words >&2\n"
        for number, depth in enumerate(people.DEPTHS.values(), 1):
            for who in people.CALLERS:
                self.assertEqual(self.ok_as(who, whole(body, depth), stdin="from the caller\n"), "")
        # Appended each time.
        self.assertEqual(harness.read(self.path("open/out")), "from a file\n" * 2 * number)
        self.assertEqual(harness.read(self.path("open/err")), "words\n" * 2 * number)

    def test_null_and_inherit(self):
        for word in ("null", "'null'"):
            body = KEYS + f"stdin: {word}\nstdout: {word}\nscript: wc -c >&2; echo unseen\n"
            result = self.run_as("root", whole(body), stdin="text")
            self.assertEqual((result.status, result.out, result.err), (0, "", "0\n"))
        body = KEYS + "stdin: inherit\nstdout: inherit\nstderr: inherit\nscript: cat; cat >&2 /dev/null\n"
        self.assertEqual(self.ok_as("root", whole(body), stdin="text"), "text")

    def test_of_several_processes_stdin_is_null(self):
        body = KEYS + "processes:\n  a: {command: [wc, -c]}\n  b: {command: [cat], stdin: inherit}\n"
        self.assertEqual(sorted(self.ok_as("root", whole(body), stdin="text\n").split()), ["0", "text"])

    def test_they_are_opened_before_any_mount(self):
        self.write("in", "outside\n")
        body = f"unshare: [user, pid, mount]\nmounts:\n- {{type: tmpfs, target: {self.folder}}}\nstdin: in\ncommand: [cat]\n"
        for out in self.everywhere(body):
            self.assertEqual(out, "outside\n")

    def test_missing_ones(self):
        for key in ("stdin", "stdout", "stderr"):
            self.refused(whole(KEYS + f"{key}: /nowhere/file\ncommand: ['true']\n"), key, "No such file", "nobody")


class PassedDescriptors(people.TestCase):
    def with_open(self, numbers, spec, who="root"):
        """Run with files of the caller that hold their own numbers."""
        def open_them():
            for number in numbers:
                reader, writer = os.pipe()
                os.write(writer, f"number {number}\n".encode())
                os.close(writer)
                if reader != number:
                    os.dup2(reader, number)
                    os.close(reader)
                else:
                    os.set_inheritable(number, True)
        return self.run_as(who, spec, before_exec=open_them, close_fds=False)

    def test_they_keep_their_numbers(self):
        for who in people.CALLERS:
            for outer in people.DEPTHS.values():
                body = KEYS + "pass-fds: [7, 9]\nscript: cat <&7; cat <&9; ls /proc/self/fd | tr '\\n' ' '\n"
                out = self.with_open((7, 8, 9), whole(body, outer), who).out
                self.assertEqual(out, "number 7\nnumber 9\n0 1 2 3 7 9 ", outer)

    def test_each_process_has_only_its_own(self):
        body = ("processes:\n  a: {pass-fds: [7], stdout: a, script: ls /proc/self/fd}\n"
                "  b: {pass-fds: [8], stdout: b, script: ls /proc/self/fd}\n")
        result = self.with_open((7, 8), whole(body))
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(harness.read(self.path("a")).split(), ["0", "1", "2", "3", "7"])
        self.assertEqual(harness.read(self.path("b")).split(), ["0", "1", "2", "3", "8"])

    def test_one_that_is_not_open(self):
        for number in range(3, 16):
            spec = whole(KEYS + f"processes:\n  a: {{command: ['true']}}\n  b:\n    pass-fds: [{number}]\n    command: ['true']\n")
            result = self.refused(spec, "pass-fds", "Bad file descriptor")
            self.assertIn(f"descriptor {number} is not open in the caller", result.words)


class Sessions(people.TestCase):
    def test_terminal_none_is_a_session_of_ones_own(self):
        body = "script: |\n  read -r line < /proc/self/stat; set -- $line; echo $$ $6 $7\n"
        for out in self.everywhere("unshare: [user, pid, mount]\ninit: true\nmount-proc: true\nterminal: none\n" + body,
                                   depths=("depth 1", "depth 2")):
            pid, session, terminal = out.split()
            self.assertEqual((session, terminal), (pid, "0"))
        pid, session, _ = self.ok_as("root", whole("terminal: inherit\n" + body)).split()
        self.assertNotEqual(session, pid)

    def test_terminal_none_cannot_open_it(self):
        for word, shown in (("none", "none"), ("inherit", "one")):
            spec = self.write("t.yaml", f"pidns: 1\nterminal: {word}\nscript: (: < /dev/tty) 2>/dev/null && echo has-one || echo has-none\n")
            terminal = harness.Terminal([self.program(), "run", spec])
            terminal.expect("has-" + shown)
            terminal.wait()
            terminal.close()

    def test_argv0(self):
        for out in self.everywhere(KEYS + "argv0: -other name\ncommand: [sh, -c, 'tr \"\\0\" \"|\" < /proc/$$/cmdline; echo $0']\n",
                                   depths=("depth 1",)):
            self.assertTrue(out.endswith("-other name\n"), out)


class Inheritance(people.TestCase):
    def test_env_clear_and_keep(self):
        spec = whole("unshare: [user, pid]\nclear-env: true\nkeep-env: [KEPT, LC_*]\nenv: {A: 1, B: 2}\nprocesses:\n"
                     "  a: {stdout: a, command: [env]}\n  b: {env: {B: ~, C: x}, stdout: b, command: [env]}\n"
                     "namespaces:\n  n: {unshare: [uts], keep-env: [GONE], env: {A: 3}, stdout: n, command: [env]}\n"
                     "  m: {clear-env: false, stdout: m, command: [env]}\n")
        env = {"KEPT": "k", "LC_ALL": "C", "GONE": "g", "XLC_A": "no"}
        self.ok_as("root", spec, env=env)

        def of(name):
            lines = harness.read(self.path(name)).splitlines()
            return sorted(line for line in lines if not line.startswith("PIDNS_"))
        self.assertEqual(of("a"), ["A=1", "B=2", "KEPT=k", "LC_ALL=C"])
        self.assertEqual(of("b"), ["A=1", "C=x", "KEPT=k", "LC_ALL=C"])
        self.assertEqual(of("n"), ["A=3", "B=2", "GONE=g"])
        self.assertLessEqual({"A=1", "B=2", "KEPT=k", "GONE=g", "XLC_A=no"}, set(of("m")))

    def test_cwd_and_umask(self):
        spec = whole(OUTER + "cwd: /usr\numask: '0027'\nprocesses:\n  a: {stdout: a, script: pwd; umask}\n"
                     "  b: {cwd: /etc, stdout: b, script: pwd; umask}\nnamespaces:\n"
                     "  n: {unshare: [uts], umask: '0077', stdout: n, script: pwd; umask}\n"
                     "  d: {namespaces: {e: {unshare: [user], stdout: e, script: pwd; umask}}}\n")
        self.ok_as("root", spec)
        self.assertEqual([harness.read(self.path(name)) for name in "abne"],
                         ["/usr\n0027\n", "/etc\n0027\n", "/usr\n0077\n", "/usr\n0027\n"])


if __name__ == "__main__":
    harness.main()
