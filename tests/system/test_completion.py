# needs: root
"""What `pidns completion` prints, in the shells that read it."""

import os
import re
import shlex
import subprocess

import harness

SPEC = "pidns: 1\nname: {name}\nprocesses:\n  web: {{command: [sleep, 1000]}}\n  db: {{command: [sleep, 1000]}}\n"
ADDRESSES = ["/", "db", "web"]


class Completion(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.environment = dict(os.environ, PATH=f"{os.path.dirname(harness.PIDNS)}:{os.environ['PATH']}",
                                XDG_RUNTIME_DIR=self.folder, HOME=self.folder, LC_ALL="C")
        if os.path.basename(harness.PIDNS) != "pidns":
            self.fail("the program must be called pidns here")

    def script(self, shell):
        # Not `call`: what lives meanwhile is meant to.
        result = harness.Run([harness.PIDNS, "completion", shell]).wait()
        self.assertEqual((result.status, result.err), (0, ""), result)
        return self.write(f"completion.{shell}", result.out)

    def live(self):
        """Two instances that are listed."""
        for name in "lab", "lake":
            self.start(SPEC.format(name=name), file=f"{name}.yaml", env={"XDG_RUNTIME_DIR": self.folder})
        harness.until(lambda: self.words("names") == ["lab", "lake"], what="two instances")

    def words(self, *words):
        done = subprocess.run([harness.PIDNS, "completion", *words], env=self.environment, capture_output=True, check=True)
        return sorted(done.stdout.decode().split())

    def bash(self, line):
        """What bash offers for the last word of a line."""
        words = " ".join(shlex.quote(word) for word in line)
        done = subprocess.run(["bash", "--norc", "-c", f"source {self.script('bash')}; COMP_WORDS=({words}); "
                               f"COMP_CWORD={len(line) - 1}; _pidns; printf '%s\\n' \"${{COMPREPLY[@]}}\""],
                              env=self.environment, capture_output=True, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr.decode().replace("compopt: not currently executing completion function", "")
                          .strip()), (0, ""))
        return sorted(set(done.stdout.decode().split()))

    def fish(self, line):
        done = subprocess.run(["fish", "--no-config", "-c", f"source {self.script('fish')}; complete -C {shlex.quote(line)}"],
                              env=self.environment, capture_output=True, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return sorted({row.split("\t")[0] for row in done.stdout.decode().splitlines()})

    def verbs(self):
        return re.findall(r"^  ([a-z]+)  ", self.call("--help").out, re.M)

    def test_each_shell_can_read_its_script(self):
        for shell in "bash", "zsh", "fish":
            done = subprocess.run([shell, "-n", self.script(shell)], capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, b""), shell)

    def test_verbs_and_options_are_those_of_the_help(self):
        verbs = self.verbs()
        self.assertGreater(len(verbs), 10)
        self.assertEqual(self.bash(["pidns", ""]), sorted([*verbs, "--help", "--version"]))
        self.assertEqual([word for word in self.fish("pidns ") if not word.startswith("-")], sorted(verbs))
        for verb in verbs:
            options = sorted(set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", self.call(verb, "--help").out, re.M)))
            self.assertEqual(self.bash(["pidns", verb, "--"]), options, verb)
            self.assertEqual([word for word in self.fish(f"pidns {verb} --") if word != "--"], options, verb)

    def test_live_names_and_addresses(self):
        self.live()
        for verb in "tree", "exec", "kill", "pid":
            self.assertEqual(self.bash(["pidns", verb, "l"]), ["lab", "lake"])
            self.assertEqual(self.fish(f"pidns {verb} l"), ["lab", "lake"])
        for line in ["exec", "lab"], ["kill", "lab", "web"], ["exec", "--kind", "uts", "lab"], ["pid", "lab", "web", "--in"]:
            self.assertEqual(self.bash(["pidns", *line, ""]), ADDRESSES, line)
            self.assertEqual(self.fish(f"pidns {' '.join(line)} "), ADDRESSES, line)
        self.assertEqual(self.bash(["pidns", "exec", "nothing-of-this-name", ""]), [])

    def test_a_program_in_the_home_directory(self):
        """Which stands in the words of the line as it was typed."""
        self.live()
        os.mkdir(self.path("bin"))
        os.symlink(harness.PIDNS, self.path("bin/pidns"))
        self.assertEqual(self.bash(["~/bin/pidns", "tree", "l"]), ["lab", "lake"])
        self.assertEqual(self.fish("~/bin/pidns tree l"), ["lab", "lake"])
        self.assertEqual(self.fish("~/bin/pidns exec lab "), ADDRESSES)
        zsh = self.terminal(["zsh", "-f", "-i"],
                            f"autoload -Uz compinit; compinit -u -D; source {self.script('zsh')}; setopt no_always_last_prompt")
        zsh.send("~/bin/pidns tree lak\t| head -n 1\n").expect(r"\nlake, up \d+ s")

    def test_values_of_options(self):
        self.assertEqual(self.bash(["pidns", "tree", "--format", ""]), ["dot", "json", "text"])
        self.assertEqual(self.bash(["pidns", "tree", "--format", "=", "j"]), ["json"])
        self.assertEqual(self.fish("pidns tree --format="), ["--format=dot", "--format=json", "--format=text"])
        self.assertEqual(self.bash(["pidns", "exec", "--kind", "pid,u"]), ["pid,user", "pid,uts"])
        self.assertEqual(self.fish("pidns exec --kind pid,u"), ["pid,user", "pid,uts"])
        self.assertEqual(self.bash(["pidns", "kill", "-s", "HU"]), ["HUP"])
        self.assertEqual(self.fish("pidns kill -s HU"), ["HUP"])

    def test_what_operands_may_be(self):
        self.write("lab.yaml", "")
        self.assertEqual(self.bash(["pidns", "run", "la"]), ["lab.yaml"])
        self.assertEqual(self.fish("pidns run la"), ["lab.yaml"])
        self.assertIn("P012", self.bash(["pidns", "explain", "P01"]))
        self.assertIn("P012", self.fish("pidns explain P01"))
        self.assertIn(str(os.getpid()), self.bash(["pidns", "enter", str(os.getpid())[:1]]))
        self.assertEqual(self.bash(["pidns", "help", "val"]), ["validate"])

    def test_behind_two_dashes_stands_another_command(self):
        self.assertIn("hostname", self.bash(["pidns", "exec", "lab", "--", "hostnam"]))
        self.assertIn("hostname", self.fish("pidns exec lab -- hostnam"))
        self.assertEqual(self.bash(["pidns", "tree", "--", ""]), [])

    def terminal(self, argv, setup):
        terminal = harness.Terminal(argv, env={name: self.environment[name] for name in ("PATH", "XDG_RUNTIME_DIR", "HOME")},
                                    cwd=self.folder, columns=200)
        self.addCleanup(terminal.close)
        terminal.send(setup + "; echo re'ad'y\n").expect("ready")
        return terminal

    def test_typed_in_bash(self):
        self.live()
        bash = self.terminal(["bash", "--norc", "-i"], f"source {self.script('bash')}")
        bash.send("pidns pid lab we\t&& echo do'n'e\n").expect(r"\n\d+\r\ndone")
        bash.send("pidns tree lak\t| head -n 1\n").expect(r"\nlake, up \d+ s")

    def test_typed_in_zsh(self):
        self.live()
        zsh = self.terminal(["zsh", "-f", "-i"],
                            f"autoload -Uz compinit; compinit -u -D; source {self.script('zsh')}; setopt no_always_last_prompt")
        zsh.send("pidns tree lak\t| head -n 1\n").expect(r"\nlake, up \d+ s")
        zsh.send("pidns pid lab we\t && echo do'n'e\n").expect(r"\n\d+\r\ndone")
        zsh.send("pidns pid --in web lab d\t; echo status $?\n").expect("status 0")
        zsh.send("pidns tree lake --for\tjs\t| head -n 2\n").expect('"pidns_tree": 1')
        zsh.send("pidns explain P01\t\n").expect("P012")

    def test_as_a_function_of_zsh(self):
        os.rename(self.script("zsh"), self.path("_pidns"))
        zsh = self.terminal(["zsh", "-f", "-i"],
                            f"fpath=({self.folder} $fpath); autoload -Uz compinit; compinit -u -d {self.path('dump')}")
        zsh.send("pidns tre\t--format dot | head -n 1\n").expect("digraph")

    def test_other_shells(self):
        result = self.call("completion", "tcsh")
        self.assertEqual(result.status, 2)
        self.assertIn("there are bash, zsh and fish", result.err)


if __name__ == "__main__":
    harness.main()
