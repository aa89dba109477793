# needs: root
"""`env`, `clear-env`, `cwd`, the names that pidns gives, and the arguments after `--`."""

import os

import harness

HEAD = "pidns: 1\nunshare: [pid, mount]\nmount-proc: true\n"


class Environment(harness.TestCase):
    def variables(self, spec, **options):
        out = self.ok(spec, **options)
        return dict(line.split("=", 1) for line in out.splitlines())

    def test_values_are_kept_as_written(self):
        found = self.variables(HEAD + """\
env:
  VERSION: 1.10
  MODE: 0755
  ANSWER: yes
  TRUTH: true
  HEX: 0x1F
  SIXTY: 1:30
  EMPTY: ""
  QUOTED: "a 'b' $HOME"
  on: key
  1: number
command: [env]
""")
        for name, value in {"VERSION": "1.10", "MODE": "0755", "ANSWER": "yes", "TRUTH": "true", "HEX": "0x1F",
                            "SIXTY": "1:30", "EMPTY": "", "QUOTED": "a 'b' $HOME", "on": "key", "1": "number"}.items():
            self.assertEqual(found.get(name), value, name)

    def test_it_is_added_to_the_callers(self):
        found = self.variables(HEAD + "env: {MINE: spec, BOTH: spec}\ncommand: [env]\n",
                               env={"THEIRS": "caller", "BOTH": "caller"})
        self.assertEqual((found["MINE"], found["THEIRS"], found["BOTH"]), ("spec", "caller", "spec"))

    def test_null_removes(self):
        for null in ("null", "~"):
            found = self.variables(HEAD + f"env: {{GONE: {null}}}\ncommand: [env]\n", env={"GONE": "x", "KEPT": "x"})
            self.assertNotIn("GONE", found)
            self.assertIn("KEPT", found)

    def test_an_empty_value_is_an_error(self):
        result = self.run_spec(HEAD + "env:\n  EMPTY:\ncommand: [env]\n")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assert_place(result, 5, words="EMPTY")

    def test_it_goes_down_the_tree_and_is_overridden_there(self):
        spec = HEAD + """\
env: {A: root, B: root, C: root}
namespaces:
  mid:
    env: {B: mid, C: null}
    processes:
      p: {env: {A: process, D: process}, script: 'echo p $A $B ${C-none} $D'}
      q: {script: 'sleep 0.1; echo q $A $B ${C-none} ${D-none}'}
    namespaces:
      leaf: {unshare: [uts], env: {C: leaf}, script: 'sleep 0.2; echo leaf $A $B $C'}
processes:
  r: {script: 'sleep 0.3; echo r $A $B $C'}
"""
        self.assertEqual(self.ok(spec, env={"C": "caller"}).splitlines(),
                         ["p process mid none process", "q root mid none none", "leaf root mid leaf", "r root root root"])

    def test_clear_env_starts_from_nothing(self):
        found = self.variables(HEAD + "clear-env: true\nenv: {ONLY: this}\ncommand: [/usr/bin/env]\n",
                               env={"THEIRS": "caller"})
        self.assertEqual(set(found), {"ONLY", "PIDNS_NAME", "PIDNS_PATH"})

    def test_clear_env_goes_down_the_tree_and_can_be_taken_back(self):
        spec = HEAD + """\
clear-env: true
namespaces:
  a: {script: 'echo a ${THEIRS-none}'}
  b: {clear-env: false, script: 'sleep 0.1; echo b ${THEIRS-none}'}
"""
        self.assertEqual(self.ok(spec, env={"THEIRS": "caller"}), "a none\nb caller\n")

    def test_the_path_of_its_env_finds_the_command(self):
        self.write("pidns-test-tool", "#!/bin/sh\necho found\n", 0o755)
        spec = HEAD + "command: [pidns-test-tool]\n"
        self.assertEqual(self.run_spec(spec).status, 127)
        self.assertEqual(self.ok(spec + f"env: {{PATH: '/nowhere:{self.folder}'}}\n"), "found\n")
        self.assertEqual(self.ok(spec, env={"PATH": f"{self.folder}:/usr/bin:/bin"}), "found\n")
        self.assertEqual(self.run_spec(spec + "env: {PATH: /nowhere}\n",
                                       env={"PATH": f"{self.folder}:/usr/bin:/bin"}).status, 127)

    def test_without_a_path_the_default_one_is_used(self):
        self.assertEqual(self.ok(HEAD + "clear-env: true\ncommand: [echo, default]\n"), "default\n")
        self.assertEqual(self.ok(HEAD + "env: {PATH: null}\ncommand: [echo, default]\n"), "default\n")

    def test_numbers_in_a_command_are_kept_as_written(self):
        self.assertEqual(self.ok(HEAD + "command: [echo, 60, 1.10, -1, '', 'a b']\n"), "60 1.10 -1  a b\n")

    def test_many_and_long_values(self):
        env = "".join(f"  V{number}: {'x' * 2000}\n" for number in range(200))
        out = self.ok(HEAD + f"env:\n{env}script: echo ${{#V0}} ${{#V199}}\n")
        self.assertEqual(out, "2000 2000\n")


class Folder(harness.TestCase):
    def test_the_callers_is_kept(self):
        self.assertEqual(self.ok(HEAD + "command: [pwd]\n", cwd=self.folder).strip(), os.path.realpath(self.folder))

    def test_it_is_set_inherited_and_overridden(self):
        for name in ("one", "two", "three"):
            os.mkdir(self.path(name))
        spec = HEAD + f"""\
cwd: {self.path('one')}
processes:
  a: {{command: [pwd]}}
  b: {{cwd: {self.path('two')}, script: sleep 0.1; pwd}}
namespaces:
  in:
    script: sleep 0.2; pwd
  own:
    cwd: {self.path('three')}
    namespaces:
      deep: {{unshare: [uts], script: sleep 0.3; pwd}}
"""
        self.assertEqual([os.path.basename(line) for line in self.ok(spec).splitlines()], ["one", "two", "one", "three"])

    def test_a_relative_command_is_found_in_it(self):
        self.write("tool", "#!/bin/sh\necho here\n", 0o755)
        self.assertEqual(self.ok(HEAD + f"cwd: {self.folder}\ncommand: [./tool]\n", cwd="/"), "here\n")

    def test_a_file_is_no_folder(self):
        file = self.write("file", "")
        result = self.run_spec(HEAD + f"cwd: {file}\nscript: echo ran\n")
        self.assertEqual((result.status, result.out), (125, ""))
        self.assert_place(result, 4, words="Not a directory")


class Names(harness.TestCase):
    def test_name_from_the_spec_the_file_or_stdin(self):
        stem = f"stem-{os.getpid()}"
        show = "command: [printenv, PIDNS_NAME]\n"
        self.assertEqual(self.ok(HEAD + show, file=stem + ".yaml"), stem + "\n")
        self.assertEqual(self.ok(HEAD + show, file=f"odd {os.getpid()}+x.yml"), f"odd-{os.getpid()}-x\n")
        self.assertEqual(self.ok(HEAD + f"name: own-{os.getpid()}\n" + show), f"own-{os.getpid()}\n")
        result = self.call("run", "-", stdin=HEAD + show)
        self.assertRegex(result.out, r"^stdin(-\d+)?\n$")
        self.assertEqual((result.status, result.err), (0, ""))

    def test_path_at_each_level(self):
        spec = HEAD + """\
processes:
  p: {script: 'echo $PIDNS_PATH'}
namespaces:
  a:
    script: 'sleep 0.1; echo $PIDNS_PATH'
    namespaces:
      b:
        unshare: [pid]
        processes:
          q: {script: 'sleep 0.2; echo $PIDNS_PATH'}
        namespaces:
          c: {unshare: [uts], script: 'sleep 0.3; echo $PIDNS_PATH'}
"""
        self.assertEqual(self.ok(spec).split(), ["p", "a", "a/b/q", "a/b/c"])
        self.assertEqual(self.ok(HEAD + "command: [printenv, PIDNS_PATH]\n"), "/\n")

    def test_names_of_an_outer_run_do_not_stay(self):
        out = self.ok(HEAD + "script: echo $PIDNS_PATH\n", env={"PIDNS_PATH": "outer/x", "PIDNS_NAME": "outer"})
        self.assertEqual(out, "/\n")


class Arguments(harness.TestCase):
    def test_they_replace_the_command(self):
        self.assertEqual(self.ok(HEAD + "command: [echo, spec]\n", "--", "echo", "given", "--", "-x"), "given -- -x\n")

    def test_they_replace_the_command_of_a_nested_node(self):
        spec = HEAD + "namespaces:\n  in: {unshare: [uts], hostname: deep, command: [echo, spec]}\n"
        self.assertEqual(self.ok(spec, "--", "uname", "-n"), "deep\n")

    def test_they_are_the_arguments_of_a_script(self):
        out = self.ok(HEAD + "script: 'for a in \"$@\"; do echo \"<$a>\"; done'\n", "--", "a b", "", "-c")
        self.assertEqual(out, "<a b>\n<>\n<-c>\n")

    def test_a_script_without_them_has_none(self):
        self.assertEqual(self.ok(HEAD + "script: echo $#\n"), "0\n")

    def test_a_root_without_anything_takes_them_as_its_command(self):
        self.assertEqual(self.ok(HEAD, "--", "sh", "-c", "echo $$ $0", "zero"), "1 zero\n")

    def test_a_root_without_anything_and_without_arguments_is_an_error(self):
        result = self.run_spec(HEAD)
        self.assertEqual((result.status, result.out), (125, ""))
        self.assertIn("sleep, infinity", result.err)

    def test_with_several_processes_they_are_refused(self):
        side = self.path("side")
        spec = HEAD + f"processes:\n  a: {{command: [touch, {side}]}}\n  b: {{command: [touch, {side}]}}\n"
        result = self.run_spec(spec, "--", "echo", "x")
        self.assertEqual((result.status, result.out), (125, ""), result)
        self.assertFalse(os.path.exists(side))


if __name__ == "__main__":
    harness.main()
