# needs: root
"""`validate --format json` and `--format sarif` say what the text says, for programs."""

import json
import re

import harness

MISTAKES = """\
pidns: 1
x-level: &level
  hostname: web
unshare: [pid, mount]
namespaces:
  né: {command: [a]}
  in:
    <<: *level
    kill-child: "é" #
    command: [a]
"""
KEYS = ["file", "line", "column", "end_line", "end_column", "code", "severity", "message", "why", "hint", "caller",
        "labels"]


class Findings(harness.TestCase):
    def document(self, form, *paths, status=1):
        result = self.call("validate", "--format", form, *paths)
        self.assertEqual((result.status, result.err), (status, ""), result)
        return json.loads(result.out)

    def test_json_has_what_the_text_has(self):
        path = self.write("spec.yaml", MISTAKES)
        found = self.document("json", path)
        text = self.call("validate", path).words
        heads = re.findall(r"^(\S+):(\d+):(\d+): (error|warning)\[(P\d+)\]: (.*)$", text, re.M)
        self.assertEqual(heads, [(one["file"], str(one["line"]), str(one["column"]), one["severity"], one["code"],
                                  one["message"]) for one in found])
        self.assertGreaterEqual(len(found), 3)
        for one in found:
            self.assertEqual(list(one), KEYS)
            self.assertLessEqual((one["line"], one["column"]), (one["end_line"], one["end_column"]))
        merged = next(one for one in found if one["code"] == "P012")
        self.assertEqual((merged["line"], merged["column"], merged["end_column"]), (3, 3, 11))
        self.assertEqual(merged["labels"][-1], {"line": 8, "column": 5, "end_line": 8, "end_column": 7,
                                                "text": "merged here"})
        self.assertEqual(merged["hint"], "unshare: [uts]")

    def test_several_specs_are_one_document(self):
        bad, good = self.write("bad.yaml", MISTAKES), self.write("good.yaml", "pidns: 1\ncommand: [a]\n")
        self.assertEqual(self.document("json", good, status=0), [])
        self.assertEqual({one["file"] for one in self.document("json", good, bad)}, {bad})
        warned = self.write("warned.yaml", "pidns: 1\nunshare: pid\ncommand: [a]\n")
        self.assertEqual([one["severity"] for one in self.document("json", warned, status=0)], ["warning"])
        result = self.call("validate", "--format", "json", self.path("missing.yaml"), bad)
        self.assertEqual(result.status, 2)
        self.assertIn("No such file or directory", result.err)
        self.assertGreater(len(json.loads(result.out)), 0)

    def test_sarif(self):
        path = self.write("a spec.yaml", MISTAKES)
        document = self.document("sarif", path)
        self.assertEqual(document["version"], "2.1.0")
        run = document["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(run["columnKind"], "unicodeCodePoints")
        found = self.document("json", path)
        self.assertEqual(len(run["results"]), len(found))
        for result, one in zip(run["results"], found):
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertEqual((result["ruleId"], result["level"]), (one["code"], one["severity"]))
            self.assertTrue(result["message"]["text"].startswith(one["message"]))
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "file://" + path.replace(" ", "%20"))
            self.assertEqual(place["region"]["startLine"], one["line"])
        signal = next(one for one in run["results"] if one["ruleId"] == "P109")["locations"][0]["physicalLocation"]
        self.assertEqual((signal["region"]["startColumn"], signal["region"]["endColumn"]), (17, 20))
        self.assertTrue(all(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] for rule in rules))

    def test_strict_makes_errors_of_warnings(self):
        warned = self.write("warned.yaml", "pidns: 1\nunshare: pid\ncommand: [a]\n")
        result = self.call("validate", "--strict", "--format", "json", warned)
        self.assertEqual((result.status, json.loads(result.out)[0]["severity"]), (1, "error"))


if __name__ == "__main__":
    harness.main()
