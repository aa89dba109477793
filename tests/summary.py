#!/usr/bin/python3
"""Counts what ctest ran: one line for each that did not hold, and the counts as the last line.

A test that ends its output with `12 tests run, 1 failed` counts as that many, any other as one.
Usage: summary.py JUNIT.XML. The status is 1 where one failed, none ran, or root skipped one.
"""

import os
import re
import sys
import xml.etree.ElementTree as tree

COUNTED = re.compile(r"^(\d+) tests run, (\d+) failed$", re.M)


def counts_of(case):
    """(passed, failed, skipped) of one test of ctest."""
    if case.get("status") in ("notrun", "disabled"):
        return 0, 0, 1
    failed = case.get("status") != "run"
    counted = COUNTED.findall(case.findtext("system-out") or "")
    if not counted:
        return (0, 1, 0) if failed else (1, 0, 0)
    run, broken = map(int, counted[-1])
    # One that was broken off after its count, or by something it does not count, has failed all the same.
    broken = max(broken, 1 if failed else 0)
    return max(run - broken, 0), broken, 0


def main():
    passed = failed = skipped = 0
    try:
        cases = tree.parse(sys.argv[1]).getroot().iter("testcase")
    except (OSError, tree.ParseError) as error:
        print(f"no results: {error}")
        cases = []
    for case in cases:
        good, bad, left_out = counts_of(case)
        passed, failed, skipped = passed + good, failed + bad, skipped + left_out
        if bad:
            print(f"failed: {case.get('name')}: {bad} of {good + bad}")
        if left_out:
            print(f"skipped: {case.get('name')}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed or (skipped and os.geteuid() == 0) else 0


if __name__ == "__main__":
    sys.exit(main())
