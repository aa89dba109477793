# needs: root
"""The examples: each is valid without a finding, runs to its end, says what it promises and leaves nothing."""

import harness
import people

EXAMPLES = harness.HERE.parents[1] / "examples"
FIRST_LINE = "# yaml-language-server: $schema=../schemas/pidns.schema.json"

SAYS = {  # What must be in the output of each.
    "shortest": ["    1       0 ps"],
    "three-levels": ["hostname: ns3", "as outside sees it: "],
    "three-levels-rootless": ["hostname: ns3, uid: 0, and I am PID 1", "ns1 sees what is nested in it too"],
    "siblings": ["red: I am PID 1", "blue: I am PID 1 too"],
    "kill-child": ["nobody was killed"],
    "reaper": ["an orphan, and its parent is PID 1", "no zombie is left"],
    "root-from-nothing": ["all that is here was asked for", "the root is read-only", "PATH PIDNS_NAME PIDNS_PATH PWD"],
    "throw-away": ["/etc/passwd is not here", "/new-file is here"],
    "nested": ["stock is PID 1, and its only network is: lo", "street sees 0 sleeping", "shop sees 2 sleeping"],
    "sidecar": ["1       0 /bin/sh", "0 sleep infinity", "app: ending"],
    "lab": ["ns1/db: up on ns1", "ns1/ns2/cache: up on ns2", "ns1/ns2/ns3: up on ns3"],
    "clocks": ["here:  up for less than a hundred years: yes", "later: up for more than a hundred years: yes"],
}
ALSO_AS_NOBODY = ["three-levels-rootless"]


class Examples(people.TestCase):
    def test_each_says_what_it_promises(self):
        for name, texts in SAYS.items():
            with self.subTest(name):
                out = self.ok((EXAMPLES / f"{name}.yaml").read_text())
                for text in texts:
                    self.assertIn(text, out)

    def test_without_privilege(self):
        for name in ALSO_AS_NOBODY:
            out = self.ok_as("nobody", (EXAMPLES / f"{name}.yaml").read_text())
            for text in SAYS[name]:
                self.assertIn(text, out)

    def test_all_are_in_the_table_and_valid_and_name_the_schema(self):
        files = sorted(EXAMPLES.glob("*.yaml"))
        self.assertEqual({file.stem for file in files}, set(SAYS))
        for file in files:
            with self.subTest(file.name):
                self.assertEqual(file.read_text().partition("\n")[0], FIRST_LINE)
                result = self.call("validate", "--strict", str(file))
                self.assertEqual((result.status, result.out, result.err), (0, "", ""))


if __name__ == "__main__":
    harness.main()
