#!/usr/bin/python3
"""What runs in a forked child is raw calls only: its objects need nothing that allocates, locks or throws.

Usage: child_symbols.py NM OBJECT…
"""

import re
import subprocess
import sys

# The compiler may ask for the first; clone(2) on another stack and its errno are the maker's, before the child; the
# linker gives the last.
ALLOWED = {"memset", "memcpy", "memmove", "memcmp", "strlen", "clone", "__errno_location", "syscall",
           "_GLOBAL_OFFSET_TABLE_", "__executable_start", "etext", "edata"}


def main():
    objects = [path for path in sys.argv[2:] if "/run/child/" in path]
    if not objects:
        sys.exit("no object of src/run/child was given")
    wrong = 0
    for path in objects:
        listing = subprocess.run([sys.argv[1], "-uC", path], check=True, capture_output=True, text=True).stdout
        for symbol in re.findall(r"^\s+[Uw] (.*)$", listing, re.M):
            if symbol not in ALLOWED and not symbol.startswith("pidns::"):
                print(f"{path}: {symbol}")
                wrong += 1
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
