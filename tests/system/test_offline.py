# needs: root
"""`--offline` passes over what depends on the caller, which findings otherwise say of themselves."""

import json
import os
import re
import subprocess

import harness
from test_explain import CALLERS, pages

# Of the caller's privileges, ids, levels and limits.
CALLERS_CODES = {"P302", "P505", "P511", "P512", "P607", "P608", "P609", "P610"}
MARK = "this depends on the caller and the machine"


class Offline(harness.TestCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)

    def findings(self, page, *options):
        path = self.write(f"{page['code']}.yaml", page["wrong"])
        command = [*CALLERS.get(page["setting"], []), harness.PIDNS, "validate", *options, "--format"]
        as_json = json.loads(self.run_command([*command, "json", path]))
        as_sarif = json.loads(self.run_command([*command, "sarif", path]))["runs"][0]["results"]
        self.assertEqual([one["properties"]["caller"] for one in as_sarif], [one["caller"] for one in as_json])
        return as_json, self.run_command([*command, "text", path], stream="stderr")

    def run_command(self, command, stream="stdout"):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=self.folder, check=False)
        return getattr(done, stream).decode()

    def test_findings_of_the_caller_are_marked_and_passed_over(self):
        marked = set()
        for page in pages():
            # What is no UTF-8 cannot be said in JSON; arguments stand with `plan` alone.
            if "\ufffd" in page["wrong"] or page["setting"] in ("arguments", "later"):
                continue
            with self.subTest(page["code"]):
                found, text = self.findings(page)
                offline, offline_text = self.findings(page, "--offline")
                of_caller = [one for one in found if one["caller"]]
                self.assertEqual(len(re.findall(MARK, text)), len(of_caller))
                self.assertEqual([one for one in found if not one["caller"]], offline)
                self.assertNotIn(MARK, offline_text)
                marked |= {one["code"] for one in of_caller}
        self.assertEqual(marked & CALLERS_CODES, CALLERS_CODES)

    def test_a_plan_can_be_made_for_another_caller(self):
        spec = self.write("spec.yaml", "pidns: 1\nunshare: [uts]\nhostname: a\ncommand: [id]\n")
        plan = [*CALLERS["anybody"], harness.PIDNS, "plan"]
        self.assertIn("error[P302]", self.run_command([*plan, spec], stream="stderr"))
        self.assertEqual(self.run_command([*plan, "--offline", spec], stream="stderr"), "")
        self.assertIn("hostname", self.run_command([*plan, "--offline", spec]))


if __name__ == "__main__":
    harness.main()
