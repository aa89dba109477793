#!/usr/bin/python3
"""What runs in a forked child is raw calls only: its objects need nothing that allocates, locks or throws.

Usage: child_symbols.py NM OBJECT…
"""

import pathlib
import re
import subprocess
import sys

# Its own room, pure functions over the graph, what a compiler calls for plain memory, and what the linker gives.
ALLOWED = re.compile(
    r"pidns::child::.+|pidns::describe\(pidns::Role\)|pidns::ends_what_is_left\(pidns::Process const&\)"
    r"|memset|memcpy|memmove|memcmp|bcmp|strlen|__stack_chk_fail"
    r"|_GLOBAL_OFFSET_TABLE_|__executable_start|etext|edata")

# The maker's side of clone(2) on another stack, and its errno: before there is a child.
ALLOWED_IN = {"making.cpp": {"clone", "__errno_location"}}

# Where sys/raw.h knows no system call instruction, all of them go through this one, which gives errno back.
ANYWHERE_ELSE = {"syscall", "__errno_location"}


def undefined(nm, path):
    """What one object needs from elsewhere, demangled."""
    listing = subprocess.run([nm, "-uC", path], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^\s+[Uw] (.*)$", listing, re.M)


def is_allowed(symbol, source, symbols):
    """Whether `source` may need one of its `symbols`."""
    if ALLOWED.fullmatch(symbol) or symbol in ALLOWED_IN.get(source, ()):
        return True
    return "syscall" in symbols and symbol in ANYWHERE_ELSE


def main():
    objects = [path for path in sys.argv[2:] if "/run/child/" in path]
    if not objects:
        sys.exit("no object of src/run/child was given")
    wrong = 0
    for path in objects:
        source = pathlib.Path(path).name.removesuffix(".o")
        symbols = undefined(sys.argv[1], path)
        for symbol in symbols:
            if not is_allowed(symbol, source, symbols):
                print(f"src/run/child/{source}: {symbol}")
                wrong += 1
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
