# needs: root
"""`plan --diff OLD NEW`: what a change of a spec changes in what is done."""

import golden_specs
import harness

GOLDEN = golden_specs.GOLDEN
BASE = """\
pidns: 1
namespaces:
  web:
    unshare: [pid, mount, uts]
    mount-proc: true
    hostname: web
    env: {A: "1", GONE: x}
    processes:
      one: {command: [sleep, "1"]}
      two: {command: [sleep, "2"], timeout: 5s}
"""


class Diff(harness.TestCase):
    def diff(self, *changes, base=BASE, options=()):
        new = base
        for old_words, new_words in changes:
            self.assertIn(old_words, new)
            new = new.replace(old_words, new_words)
        result = self.call("plan", *options, "--diff", self.write("old.yaml", base), self.write("new.yaml", new))
        self.assertEqual(result.status, 0, result)
        return result.out

    def assert_lines(self, out, *lines):
        for line in lines:
            self.assertIn(line, [found.strip().partition("  [")[0] for found in out.splitlines()], out)

    def test_golden_comparisons(self):
        """Each spec beside a spec.yaml is a change of it; its .diff is what `plan --diff` prints of the two."""
        changed = sorted(path for path in GOLDEN.glob("*/*.yaml") if path.name != "spec.yaml")
        self.assertGreaterEqual(len(changed), 14)
        for path in changed:
            with self.subTest(path.name):
                result = harness.Run([harness.PIDNS, "plan", "--diff", "spec.yaml", path.name], cwd=path.parent,
                                     env={"LC_ALL": "C.UTF-8"}).wait()
                self.assertEqual(result.status, 0, result)
                self.assertEqual(result.out, path.with_suffix(".diff").read_text())

    def test_no_difference(self):
        out = self.diff(("hostname: web", "hostname:   web  # the same"))
        self.assertRegex(out, r"^\S+old.yaml -> \S+new.yaml: a run does the same\n$")

    def test_a_step_changes_comes_and_goes(self):
        self.assert_lines(self.diff(("hostname: web", "hostname: shop")),
                          "process web/.init", "~ set hostname web -> set hostname shop")
        self.assert_lines(self.diff(("    hostname: web\n", "")), "- set hostname web")
        self.assert_lines(self.diff(("    hostname: web\n", "    hostname: web\n    domainname: d\n")),
                          "+ set domainname d")

    def test_what_only_has_another_name_is_the_same(self):
        out = self.diff(("      one: ", "      uno: "))
        self.assertIn("0 added, 0 removed, 1 changed", out)
        self.assert_lines(out, "~ process web/one -> web/uno")
        out = self.diff(("  web:", "  shop:"))
        self.assertIn("0 added, 0 removed, 1 changed", out)
        self.assert_lines(out, "~ node web -> shop")
        # A step that is another makes it another node.
        out = self.diff(("  web:", "  shop:"), ("hostname: web", "hostname: shop"))
        self.assert_lines(out, "- node web: new pid, mount, uts", "+ node shop: new pid, mount, uts")
        self.assertNotIn("->", out.partition("\n")[2])

    def test_who_waits_for_what_was_renamed_stays(self):
        base = BASE + "      last: {command: [sleep, '3'], depends-on: [one]}\n"
        out = self.diff(("      one: ", "      uno: "), ("[one]", "[uno]"), base=base)
        self.assert_lines(out, "~ process web/one -> web/uno", "process web/last",
                          "~ wait until web/one has started -> wait until web/uno has started")
        self.assertIn("0 added, 0 removed, 2 changed", out)

    def test_of_equal_ones_each_goes_with_one(self):
        base = "pidns: 1\nnamespaces:\n" + "".join(
            f"  {name}: {{unshare: [uts], command: [sleep, '1']}}\n" for name in "abc")
        out = self.diff(("  a:", "  x:"), ("  b:", "  y:"), base=base)
        self.assert_lines(out, "~ node a -> x", "~ node b -> y")
        self.assertIn("0 added, 0 removed, 2 changed", out)
        out = self.diff(("  a:", "  x:"), ("  b: {unshare: [uts], command: [sleep, '1']}\n", ""), base=base)
        self.assert_lines(out, "~ node a -> x", "- node b: new uts")

    def test_the_place_is_that_of_the_new_spec_or_of_what_is_gone(self):
        self.assertIn("[hostname, 6:15]", self.diff(("hostname: web", "hostname: shop")))
        self.assertIn("[hostname, 6:15]", self.diff(("    hostname: web\n", "")))

    def test_a_kind_of_namespace(self):
        self.assert_lines(self.diff(("mount, uts", "mount, uts, net")),
                          "~ node web: new pid, mount, uts -> new pid, mount, uts, net", "+ bring up lo")

    def test_processes_and_nodes(self):
        out = self.diff(("      two: {command: [sleep, \"2\"]", "      three: {command: [sleep, \"3\"]"), ("processes:", "namespaces: {in: {unshare: [ipc], command: [ls]}}\n"
                                                         "    processes:"))
        self.assert_lines(out, "- process web/two", "+ process web/three", "+ node web/in: new ipc", "+ process web/in",
                          "+ execute ls")
        self.assertNotIn("web/one", out)

    def test_what_no_words_show_is_shown_by_name(self):
        out = self.diff(('A: "1", GONE: x', 'A: "2", NEW: y'))
        self.assertEqual(out.count('environment/entries/A: "1" -> "2"'), 2)
        self.assert_lines(out, 'environment/entries/GONE: "x" -> nothing', 'environment/entries/NEW: nothing -> "y"')

    def test_traits_of_a_process(self):
        out = self.diff(("timeout: 5s", "timeout: 6s"), ('"1"]', '"1"], stop-signal: INT'))
        self.assert_lines(out, "- timeout 5s", "+ timeout 6s", "- stop-signal SIGTERM", "+ stop-signal SIGINT")

    def test_the_order_in_which_processes_are_made(self):
        base = BASE.replace('[sleep, "2"], timeout: 5s', '[sleep, "1"]')
        new = base.replace("one:", "x:").replace("two:", "one:").replace("x:", "two:")
        out = self.call("plan", "--diff", self.write("old.yaml", base), self.write("new.yaml", new)).out
        self.assert_lines(out, "~ makes in another order: web/two, web/one")

    def test_a_long_script_is_cut_to_where_it_differs(self):
        base = "pidns: 1\nscript: |\n" + "".join(f"  echo line {number}\n" for number in range(99))
        out = self.diff(("echo line 50", "echo LINE 50"), base=base)
        self.assertLess(max(map(len, out.splitlines())), 120)
        self.assertIn("echo LINE 50", out)
        self.assertIn("echo line 50", out)
        self.assertNotIn("echo line 9\\n", out)

    def test_no_line_is_wider_than_a_page(self):
        long = "/" + "/".join(f"a-long-folder-{number}" for number in range(6))
        base = f"""\
pidns: 1
namespaces:
  a-node-with-a-long-name:
    namespaces:
      and-another-one-in-it:
        unshare: [pid, mount, uts, ipc, net, time]
        kill-child: false
        masked-paths: [{long}]
        processes:
""" + "".join(f"          process-number-{number}: {{command: [echo, '{number}', {long}]}}\n" for number in range(9))
        for change in (("net, time", "net, cgroup, time"), ("-folder-5", "-folder-six"), (f"masked-paths: [{long}]", "hostname: h"),
                       ("and-another-one-in-it", "and-another-that-has-a-much-longer-name-than-it-needs"), ("'1'", "'one'"),
                       ("kill-child: false", "kill-child: USR1"), ("process-number-0", "z"),
                       (f"'8', {long}", "'8'" + ", other" * 40), (f"masked-paths: [{long}]", f"hostname: {'h' * 60}")):
            with self.subTest(change):
                for options in ((), ("--no-fuse",)):
                    headline, *lines = self.diff(change, base=base, options=("--offline", *options)).splitlines()
                    self.assertGreater(len(lines), 1)
                    self.assertLessEqual(max(map(len, lines)), 100, lines)

    def test_names_and_folders_of_the_files_do_not_matter(self):
        base = "pidns: 1\nunshare: [mount]\nmounts: [{type: bind, source: data, target: /mnt}]\ncommand: [ls]\n"
        result = self.call("plan", "--diff", "-", self.write("new.yaml", base), stdin=base)
        self.assertIn("<stdin> -> ", result.out)
        self.assertIn("a run does the same", result.out)

    def test_a_limit_that_comes_with_a_change(self):
        self.assertIn("+ node web: limit: kill-child: false", self.diff(("hostname: web", "hostname: web\n    kill-child: false")))

    def test_wrong_use(self):
        path = self.write("spec.yaml", BASE)
        for words, status in ((["--diff", path], 2), (["--diff", path, "--format", "json", path], 2),
                              (["--diff", "-", "-"], 2), (["--diff", "/nowhere.yaml", path], 2),
                              (["--diff", self.write("bad.yaml", "pidns: 1\nx: 1\n"), path], 1),
                              (["--diff", path, path, "--", "x"], 2)):
            with self.subTest(words):
                result = self.call("plan", *words)
                self.assertEqual((result.status, result.out), (status, ""))
                self.assertTrue(result.err)


if __name__ == "__main__":
    harness.main()
