#!/usr/bin/python3
# needs: root
"""The README tells the truth: each command of its console blocks runs and prints what stands there.

Numbers and blanks are compared by their being there, since pids differ from run to run.
Usage: readme.py [--refresh], with PIDNS naming the program; --refresh writes what was printed.
"""

import atexit
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
RUNTIME = tempfile.mkdtemp(prefix="pidns-readme-")  # Names are one instance's at a time.
# A picture, and in the words before it the command that prints it.
PICTURE = re.compile(r"`(pidns plan --format mermaid [^`]+)`[^`]*^```mermaid\n(.*?)^```$", re.M | re.S)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def output_of(command):
    """What a command prints, both streams together, as a person without colour sees it."""
    program = pathlib.Path(os.environ.get("PIDNS") or ROOT / "build/release/pidns").resolve()
    kept = {"PATH": f"{program.parent}:{os.environ['PATH']}", "LANG": "C.UTF-8", "HOME": "/", "XDG_RUNTIME_DIR": RUNTIME}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=kept, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, start_new_session=True)
    return done.stdout.decode()


@atexit.register
def leave_nothing():
    """What a failure has left running is stopped."""
    output_of("pidns ps --quiet | xargs --no-run-if-empty pidns stop")
    shutil.rmtree(RUNTIME)


def commands_of(block):
    """(command, the text that stands below it) for each line that begins with `$ `."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, text = part.partition("\n")
        yield command, text


def alike(text):
    return re.sub(r"\d+", "N", re.sub(r"\s+", " ", text)).strip()


def refreshed(block):
    return "".join(f"$ {command}\n{output_of(command)}" for command, _ in commands_of(block))


def main():
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    text = README.read_text()
    if "--refresh" in sys.argv:
        text = BLOCK.sub(lambda found: f"```console\n{refreshed(found[1])}```", text)
        README.write_text(PICTURE.sub(lambda found: found[0].replace(found[2], output_of(found[1])), text))
        return 0
    count = failed = 0
    for command, drawn in PICTURE.findall(text):
        count += 1
        if output_of(command) != drawn:
            failed += 1
            print(f"README.md does not show what `{command}` draws; --refresh does")
    if text.count("```mermaid") != count or not count:
        failed += 1
        print("README.md has a picture without the command that draws it, or has none")
    for block in BLOCK.findall(text):
        for command, wanted in commands_of(block):
            count += 1
            got = output_of(command)
            if alike(got) != alike(wanted):
                failed += 1
                print(f"$ {command}\nREADME.md says:\n{wanted}it printed:\n{got}")
    print(f"{count} tests run, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
