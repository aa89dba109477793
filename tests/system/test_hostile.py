"""Input that means harm: each is refused at its place, or by its path, at once and in little memory."""

import resource
import time

import harness

SOON = 1.0              # Seconds; each takes a few hundredths where nothing else runs.
MOST_MEMORY = 256 << 20  # Bytes of address space, for what is small itself.


def laughs(levels=9):
    """Each level is ten times the one before."""
    lines = ["pidns: 1", "x-0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    for level in range(1, levels):
        lines.append(f"x-{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    return "\n".join([*lines, "command: ['true']", ""])


def merges(levels=30):
    """Each level merges the one before into two maps."""
    lines = ["pidns: 1", "x-0: &a0 {env: {A: b}}"]
    for level in range(1, levels):
        lines.append(f"x-{level}: &a{level}\n  one: {{<<: *a{level - 1}, k{level}: *a{level - 1}}}\n"
                     f"  two: {{<<: *a{level - 1}, k{level}: *a{level - 1}}}")
    return "\n".join([*lines, "command: ['true']", ""])


def nodes(depth):
    """So many nodes, one in the other, the root being the first."""
    lines = ["pidns: 1"]
    for level in range(depth - 1):
        lines += [f"{'  ' * level}namespaces:", f"{'  ' * level} n:"]
    return "\n".join([*lines, "  " * (depth - 1) + "command: [echo, innermost]", ""])


class Hostile(harness.TestCase):
    def refused(self, data, place, words):
        """`place` is where the first finding begins: `line:` or `line:column:`; empty for the whole file."""
        path = self.path("spec.yaml")
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        self.refused_path(path, f"{path}:{place} " if place.count(":") != 1 else f"{path}:{place}", words)

    def refused_path(self, path, begin, words, statuses=(1, 125)):
        for verb, status in zip(("validate", "run"), statuses):
            began = time.monotonic()
            result = self.call(verb, path,
                               before_exec=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)))
            took = time.monotonic() - began
            first = result.err.partition("\n")[0]
            self.assertEqual((result.status, result.out), (status, ""), first[:300])
            self.assertTrue(first.startswith(begin), f"{first[:300]!r} does not begin with {begin!r}")
            self.assertRegex(result.words[:600], words)
            self.assertLess(took, SOON)
            self.assertLess(len(result.err), 2 << 20)

    def test_billion_laughs(self):
        self.refused(laughs(), "6:46:", "more than 100,000")

    def test_merge_bomb(self):
        self.refused(merges(), "23:22:", "more than 100,000")

    def test_a_loop_of_aliases(self):
        self.refused("pidns: 1\nx-a: &a [*a]\ncommand: ['true']\n", "2:10:", "inside what it names")

    def test_nested_brackets(self):
        for opening in ("[", "{a: ", "- "):
            with self.subTest(opening):
                self.refused("pidns: 1\nx-deep:\n  " + opening * 20000 + "\n", "3:", "deep")

    def test_nodes_too_deep(self):
        self.assertEqual(self.run_spec(nodes(200), verb="validate").status, 0)
        self.assertEqual(self.ok(nodes(200)), "innermost\n")
        self.refused(nodes(201), "401:400:", "200 deep")
        self.refused(nodes(1000), "410:409:", "200 deep")
        # Aliases nest deeper than what is written.
        halves = "\n".join(f"x-{n}: &a{n} {{namespaces: {{n: {f'*a{n - 1}' if n else '{command: [true]}'}}}}}"
                           for n in range(210))
        self.refused(f"pidns: 1\n{halves}\nnamespaces: {{n: *a209}}\n", "13:26:", "200 deep")

    def test_encodings(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
            with self.subTest(encoding):
                self.refused("pidns: 1\ncommand: [echo]\n".encode(encoding), "1:", "UTF-16|NUL")

    def test_bytes_that_are_no_text(self):
        self.refused(b"pidns: 1\nhostname: a\xff\xfeb\n", "2:12:", "UTF-8")
        self.refused(b"pidns: 1\nhostname: a\xed\xa0\x80\n", "2:12:", "UTF-8")
        self.refused(b"pidns: 1\nhostname: a\x00b\n", "2:12:", "NUL")
        self.refused(b"pidns: 1\nnamespaces:\n\tin:\n\t\tcommand: ['true']\n", "3:1:", "tab")

    def test_numbers_without_end(self):
        nines = "9" * 100000
        for line in (f"nice: {nines}", f"timeout: {nines}s", f"umask: '{nines}'", f"uid: {nines}"):
            with self.subTest(line[:9]):
                self.refused(f"pidns: 1\ncommand: ['true']\n{line}\n", "3:", "99999")

    def test_a_name_without_end(self):
        self.refused(f"pidns: 1\nunshare: [user, uts]\nhostname: {'x' * 1000000}\ncommand: ['true']\n", "3:", "64 bytes")
        self.refused(f"pidns: 1\n{'k' * 1000}: 1\ncommand: ['true']\n", "2:1:", "kkkk")

    def test_no_file_to_read(self):
        statuses = (2, 125)
        self.refused_path(self.folder, self.folder + ": ", "directory", statuses)
        self.refused_path("/dev/zero", "/dev/zero: ", "16 MiB", statuses)
        self.refused_path(self.path("none.yaml"), self.path("none.yaml") + ": ", "No such file", statuses)

    def test_a_file_that_is_too_long(self):
        path = self.write("spec.yaml", "# " + "x" * (20 << 20) + "\n")
        self.refused_path(path, path + ": ", "16 MiB", (2, 125))

    def test_a_hole_that_is_too_long(self):
        path = self.path("hole.yaml")
        with open(path, "wb") as file:
            file.truncate(1 << 40)
        self.refused_path(path, path + ": ", "16 MiB", (2, 125))

    def test_many_mistakes(self):
        self.refused("pidns: 1\n" + "".join(f"k{i}: 1\n" for i in range(20000)), "2:1:", "k0")


if __name__ == "__main__":
    harness.main()
