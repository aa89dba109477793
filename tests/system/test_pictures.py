# needs: root
"""`plan --format dot|mermaid|svg`: pictures that their programs draw without a word."""

import pathlib
import re
import subprocess
import unicodedata
import xml.etree.ElementTree

import golden_specs
import harness
import specs

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

STRANGE = r"""
pidns: 1
name: strange
unshare: [mount, uts]
hostname: "a<b>&\"c"
processes:
  a: {command: ["echo", "<b>x</b>", "\"q\"", "back\\slash", "&amp;", "new\nline", "grün 日本", "#35;", "`x`", "]", "}"]}
  b: {command: ["true", "\u202eturned", "\e[31m", "%s\\l\\N"]}
namespaces:
  end: {command: ["true"]}
"""


def columns(line):
    """As many as a terminal takes for a line."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def words_of(svg):
    """What stands in a picture, and what its arrows connect."""
    return sorted(e.text for e in xml.etree.ElementTree.fromstring(svg).iter()
                  if e.tag.endswith(("}text", "}title")) and e.text)


class Pictures(harness.TestCase):
    def plan(self, spec, *options, **more):
        return harness.Run([harness.PIDNS, "plan", *options, "-"], stdin=spec, **more).wait()

    def every_spec(self):
        yield "strange", STRANGE
        yield from specs.SPECS.items()
        for path in sorted(EXAMPLES.glob("*.yaml")):
            yield path.name, path.read_text()
        for spec in golden_specs.golden_specs():
            if not spec.is_for_users:  # Their ranges are not root's.
                yield "golden " + spec.name, spec.text

    def test_dot_draws_every_spec_without_warnings(self):
        for name, spec in self.every_spec():
            for form in ([], ["--no-fuse"]):
                with self.subTest(name, form=form):
                    picture = self.plan(spec, "--format", "dot", *form).out
                    drawn = subprocess.run(["dot", "-Tsvg"], input=picture.encode(), capture_output=True)
                    self.assertEqual((drawn.returncode, drawn.stderr), (0, b""), picture)
                    xml.etree.ElementTree.fromstring(drawn.stdout)

    def test_the_golden_pictures_are_drawn_without_warnings_and_the_golden_texts_fit(self):
        for path in sorted(golden_specs.GOLDEN.glob("*/plan.dot")):
            with self.subTest(path.parent.name):
                drawn = subprocess.run(["dot", "-Tsvg", str(path)], capture_output=True)
                self.assertEqual((drawn.returncode, drawn.stderr), (0, b""))
                widest = max((path.parent / "plan.txt").read_text().splitlines(), key=columns)
                self.assertLessEqual(columns(widest), 100, widest)

    def test_the_picture_of_the_readme_is_that_of_its_spec(self):
        """By its words: where Graphviz puts them differs from version to version."""
        kept = (EXAMPLES / "nested.svg").read_text()
        drawn = self.call("plan", "--format", "svg", str(EXAMPLES / "nested.yaml"))
        self.assertEqual((drawn.status, drawn.err), (0, ""))
        self.assertEqual(words_of(kept), words_of(drawn.out))

    def test_dot_draws_what_is_deep_and_what_is_wide(self):
        deep = "pidns: 1\n" + "".join("  " * n + f"namespaces:\n{'  ' * n} a:\n{'  ' * (n + 1)}unshare: [uts]\n"
                                      for n in range(40)) + "  " * 40 + "command: [ls]\n"
        wide = "pidns: 1\nnamespaces: {" + ", ".join(f"n{n}: {{unshare: [uts], command: [ls]}}" for n in range(150)) + "}\n"
        for spec in (deep, wide):
            picture = self.plan(spec, "--format", "dot")
            self.assertEqual(picture.status, 0, picture)
            drawn = subprocess.run(["dot", "-Tsvg"], input=picture.out.encode(), capture_output=True, timeout=30)
            self.assertEqual((drawn.returncode, drawn.stderr), (0, b""))

    def test_text_fits_100_columns(self):
        long = "pidns: 1\nname: long\nunshare: [mount, uts, pid]\nhostname: " + 64 * "h" + "\n" \
               "mount-proc: true\nmounts:\n" \
               f"  - {{type: bind, source: /{'s' * 200}, target: /{'t' * 200}, options: [ro], create: true}}\n" \
               f"cwd: /{'c' * 150}\ncommand: [{'x' * 300}, {'y ' * 200}, 日本語{'日' * 80}]\n"
        long_name = "n" * 60
        nested = f"pidns: 1\nnamespaces:\n  {long_name}:\n    unshare: [uts]\n    namespaces:\n      {long_name}:\n" \
                 "        unshare: [uts]\n        command: [ls]\n"
        for name, spec in [*self.every_spec(), ("long", long), ("long names", nested)]:
            for form in ([], ["--no-fuse"]):
                result = self.plan(spec, *form)
                self.assertEqual(result.status, 0, result)
                for line in result.out.splitlines():
                    with self.subTest(name, form=form, line=line):
                        self.assertLessEqual(columns(line), 100)

    def test_a_picture_has_a_cluster_a_node_a_table_a_process_and_a_line_a_fork(self):
        picture = self.plan(specs.SPECS["three levels"], "--format", "dot").out
        self.assertEqual(len(re.findall(r"subgraph cluster_\d+ \{", picture)), 4)
        self.assertEqual(len(re.findall(r"p\d+ \[label=", picture)), 4)
        self.assertEqual(re.findall(r"(p\d):s\d+:e -> (p\d):top:w;", picture), [("p0", "p1"), ("p1", "p2"), ("p2", "p3")])

    def test_the_same_spec_gives_the_same_bytes(self):
        for language in ("dot", "mermaid", "sh"):
            for name, spec in self.every_spec():
                first, second = (self.plan(spec, "--format", language).out for _ in range(2))
                self.assertEqual(first, second, name)
                self.assertTrue(first.endswith("\n"))

    def test_mermaid_closes_what_it_opens_and_quotes_what_has_a_meaning(self):
        for name, spec in self.every_spec():
            with self.subTest(name):
                lines = self.plan(spec, "--format", "mermaid").out.splitlines()
                self.assertEqual(lines[0], "flowchart LR")
                opened = sum(line.lstrip().startswith("subgraph ") for line in lines)
                self.assertEqual(opened, sum(line.strip() == "end" for line in lines))
                for line in lines:
                    for label in re.findall(r'\["(.*?)"\]', line):
                        words = label.replace("<br/>", "")
                        self.assertNotRegex(re.sub(r"#\d+;", "", words), r'[#"<>`\\;&]')

    def test_svg_is_drawn_by_graphviz(self):
        result = self.plan(specs.SPECS["pid, mount, uts"], "--format", "svg")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertTrue(xml.etree.ElementTree.fromstring(result.out).tag.endswith("svg"))

    def test_svg_without_graphviz_says_what_to_do(self):
        result = self.plan(specs.SPECS["pid, mount, uts"], "--format", "svg", env={"PATH": "/nowhere"})
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("install graphviz, or print `--format dot`", result.err)

    def test_svg_to_a_full_disk_is_an_error(self):
        with open("/dev/full", "w") as full:
            result = self.plan(specs.SPECS["pid, mount, uts"], "--format", "svg", stdout=full)
        self.assertEqual(result.status, 2)


if __name__ == "__main__":
    harness.main()
