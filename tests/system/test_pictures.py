# needs: root
"""`plan --format dot|mermaid|svg`: pictures that their programs draw without a word."""

import pathlib
import re
import subprocess
import xml.etree.ElementTree

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


class Pictures(harness.TestCase):
    def plan(self, spec, *options, **more):
        return harness.Run([harness.PIDNS, "plan", *options, "-"], stdin=spec, **more).wait()

    def every_spec(self):
        yield "strange", STRANGE
        yield from specs.SPECS.items()
        for path in sorted(EXAMPLES.glob("*.yaml")):
            yield path.name, path.read_text()

    def test_dot_draws_every_spec_without_warnings(self):
        for name, spec in self.every_spec():
            for form in ([], ["--no-fuse"]):
                with self.subTest(name, form=form):
                    picture = self.plan(spec, "--format", "dot", *form).out
                    drawn = subprocess.run(["dot", "-Tsvg"], input=picture.encode(), capture_output=True)
                    self.assertEqual((drawn.returncode, drawn.stderr), (0, b""), picture)
                    xml.etree.ElementTree.fromstring(drawn.stdout)

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
