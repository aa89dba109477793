# needs: root
"""`ready` where pidns is an ordinary user's: a probe must get into namespaces that only their owner may enter."""

import os
import sys

import harness
import live
import people

USER = "unshare: [user, pid, mount, net]\nmount-proc: true\n"
DEEPER = USER + "namespaces:\n  n:\n    "
SERVER = ("python3 -c 'import socket, time; time.sleep(0.2); s = socket.socket(%s); s.bind((\"%s\", 39471)); s.listen();"
          " time.sleep(3600)'")


class Probes(people.TestCase):
    """`b` ends the run as soon as `a` is ready: beside it, or in a node of its own."""

    HEADS = {
        "no namespace": "",
        "user": USER,
        "user, own init": USER + "init: true\n",
        "user alone": "unshare: [user]\nuid-map: current\n",
    }

    def specs(self, keys):
        b = "processes:\n  b: {script: echo b, main: true, depends-on: {%s: ready}}\n"
        flat = keys.replace("\n", "\n    ")
        for name, head in self.HEADS.items():
            yield name, "pidns: 1\n" + head + b % "a" + "  a:\n    " + flat + "\n"
        nested = "namespaces:\n  n:\n    " + USER.replace("\n", "\n    ")
        yield "a PID 1 that is the command", "pidns: 1\n" + b % "n" + nested + flat + "\n"
        deep = nested + "namespaces:\n      n:\n        " + USER.replace("\n", "\n        ")
        yield "user in user", "pidns: 1\n" + b % "n/n" + deep + keys.replace("\n", "\n        ") + "\n"

    def ready_after(self, keys, out="b\n", each=lambda: None):
        for name, spec in self.specs(keys):
            with self.subTest(name):
                each()
                self.assertEqual(self.ok_as("nobody", spec), out)

    def a_folder_for_all(self):
        folder = self.path("open")
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o777)
        flag = os.path.join(folder, "flag")
        return flag, lambda: os.path.exists(flag) and os.unlink(flag)

    def test_path(self):
        flag, each = self.a_folder_for_all()
        self.ready_after("script: 'sleep 0.1; : > %s; exec sleep 3600'\nready: {path: %s, every: 10ms}" % (flag, flag),
                         each=each)

    def test_script(self):
        flag, each = self.a_folder_for_all()
        self.ready_after("script: 'sleep 0.1; : > %s; exec sleep 3600'\nready: {script: 'test -e %s', every: 10ms}" %
                         (flag, flag), each=each)

    def test_command(self):
        flag, each = self.a_folder_for_all()
        self.ready_after("script: 'sleep 0.1; : > %s; exec sleep 3600'\nready: {command: [test, -e, %s], every: 10ms}" %
                         (flag, flag), each=each)

    def test_tcp(self):
        for family, address in (("", "127.0.0.1"), ("10", "::1")):
            self.ready_after("script: |\n  %s\nready: {tcp: 39471, every: 20ms}" % (SERVER % (family, address)))

    def test_output(self):
        self.ready_after("script: 'sleep 0.1; echo up; exec sleep 3600'\nready: {output: up}", out="up\nb\n")

    def test_it_runs_inside_as_the_process(self):
        """In the namespaces, with the ids, groups and rights, of the process that is looked at."""
        for more in ("", "\ncapabilities: [CAP_NET_RAW]", "\nno-new-privs: true"):
            for caller in people.CALLERS:
                for name, spec in self.specs(self.look() + more):
                    if more.startswith("\ncap") and name == "no namespace" and caller == "nobody":
                        continue  # Whose capabilities are none.
                    with self.subTest(caller=caller, head=name, more=more):
                        self.looks_alike(people.CALLERS[caller], spec)

    def look(self):
        """Keys of a process that tells what it is, and of a probe that tells the same of itself."""
        self.told = self.a_folder_for_all()[0]
        look = ("id -u; id -g; id -G; grep -E \"^(Cap|NoNewPrivs|Seccomp:)\" /proc/self/status;"
                " for n in user pid mnt net; do readlink /proc/self/ns/$n; done")
        return ("script: '(%s) > FILE.new; mv FILE.new FILE.a; exec sleep 3600'\n"
                "ready: {script: 'test -e FILE.a; (%s) > FILE.b', every: 10ms}" % (look, look)).replace("FILE", self.told)

    def looks_alike(self, words, spec):
        for end in ("a", "b"):
            if os.path.exists(f"{self.told}.{end}"):
                os.unlink(f"{self.told}.{end}")
        result = harness.Run([*words, self.program(), "run", self.write("spec.yaml", spec)]).wait()
        self.assertEqual((result.status, result.out, result.err), (0, "b\n", ""), spec)
        self.assertEqual(harness.read(self.told + ".b"), harness.read(self.told + ".a"))
        return harness.read(self.told + ".a").splitlines()

    def test_as_other_users_of_a_map(self):
        keys = self.look()
        body = ("pidns: 1\nunshare: [user, pid, mount, net]\nmount-proc: true\nuid-map: %s\ngid-map: %s\nprocesses:\n"
                "  b: {script: echo b, main: true, depends-on: [a]}\n  a:\n    " + keys.replace("\n", "\n    ") + "\n%s")
        other = "    uid: 7\n    gid: 8\n    groups: [9, 10]\n"
        tester = [*self.lent_files(), *people.TESTER]
        self.assertEqual(self.looks_alike(tester, body % ("auto", "auto", ""))[:2], ["0", "0"])
        self.assertEqual(self.looks_alike(tester, body % ("auto", "auto", other))[:3], ["7", "8", "8 9 10"])
        # Whose maker has no id there, so that it starts as 0.
        away = "[{inside: 0, outside: 100000, count: 100}]"
        self.assertEqual(self.looks_alike([], body % (away, away, ""))[:2], ["0", "0"])
        self.assertEqual(self.looks_alike([], body % (away, away, other))[:3], ["7", "8", "8 9 10"])

    def test_who_is_root_inside_cannot_open_a_probe(self):
        """Which is a copy of pidns, with its files."""
        intruder = self.write("intruder.py", live.INTRUDER)
        for probe in "path: /nonesuch", "command: [/bin/false]":
            with self.subTest(probe):
                result = self.run_spec("pidns: 1\n" + USER + f"command: [{sys.executable}, {intruder}]\n"
                                       f"ready: {{{probe}, within: 500ms, every: 2ms}}\n")
                self.assertEqual((result.status, result.out), (125, "up\n"), result)

    def test_missed(self):
        for name, spec in self.specs("command: [sleep, '3600']\nready: {path: /nonesuch, within: 200ms}"):
            with self.subTest(name):
                result = self.run_as("nobody", spec)
                self.assertEqual((result.status, result.out), (125, ""), result)
                self.assertIn("not ready within 200ms", result.err)


if __name__ == "__main__":
    harness.main()
