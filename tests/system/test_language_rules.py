# needs: root
"""Each rule of the language document has a code, which one spec gives and another does not."""

import collections
import json
import re

import harness
from language_rules import PAGE, RULES, text_of
from test_explain import GOLDEN, findings_of, pages

FINDING = re.compile(r"^spec\.yaml:\d+:\d+: (?:error|warning)\[(P\d{3})\]: ", re.M)


class LanguageRules(harness.TestCase):
    def codes_of_all(self, specs):
        """The codes of each spec, all of them looked at in one call."""
        paths = [self.write(f"{number}.yaml", text_of(spec)) for number, spec in enumerate(specs)]
        result = self.call("validate", "--format", "json", *paths)
        self.assertIn(result.status, (0, 1), result)
        found = collections.defaultdict(set)
        for one in json.loads(result.out):
            found[one["file"]].add(one["code"])
        return [found[path] for path in paths]

    def test_a_failing_spec_gives_its_code_alone(self):
        rows = [row for row in RULES if row[2] is not PAGE]
        for row, codes in zip(rows, self.codes_of_all([row[2] for row in rows])):
            with self.subTest(row[0]):
                self.assertEqual(codes, {row[1]}, row[2])

    def test_a_passing_spec_does_not(self):
        rows = [row for row in RULES if row[3] is not PAGE]
        for row, codes in zip(rows, self.codes_of_all([row[3] for row in rows])):
            with self.subTest(row[0]):
                self.assertNotIn(row[1], codes, row[3])

    def test_the_specs_of_pages_do_both(self):
        page_of = {page["code"]: page for page in pages()}
        for words, code, wrong, right in RULES:
            if wrong is not PAGE and right is not PAGE:
                continue
            with self.subTest(words):
                for spec, wanted in (("wrong", {code}), ("right", set())):
                    _, err = findings_of(page_of[code], page_of[code][spec], "spec.yaml")
                    self.assertEqual(set(FINDING.findall(err)), wanted, err)

    def test_each_code_has_a_rule_a_page_and_a_rendering(self):
        # P004 is of what this program does not do yet: no rule of the language.
        codes = {page["code"] for page in pages()} - {"P004"}
        self.assertEqual({row[1] for row in RULES}, codes)
        self.assertGreaterEqual(len(codes), 40)
        for code in codes:
            self.assertTrue((GOLDEN / f"{code}.txt").read_text())

    def test_a_rule_stands_once(self):
        words = [row[0] for row in RULES]
        self.assertEqual(sorted(words), sorted(set(words)))

    def test_strict_makes_an_error_of_each_warning(self):
        rows = [row for row in RULES if row[0].endswith(": warning")]
        self.assertGreaterEqual(len(rows), 8)
        page_of = {page["code"]: page for page in pages()}
        for number, (words, code, wrong, _) in enumerate(rows):
            spec = page_of[code]["wrong"] if wrong is PAGE else text_of(wrong)
            path = self.write(f"warned-{number}.yaml", spec)
            with self.subTest(words):
                for verb in ("validate", "plan"):
                    self.assertEqual(self.call(verb, path).status, 0)
                    self.assertEqual(self.call(verb, "--strict", path).status, 1)
                result = self.call("run", "--strict", path)
                self.assertEqual(result.status, 125)
                self.assertIn(f"error[{code}]", result.err)


if __name__ == "__main__":
    harness.main()
