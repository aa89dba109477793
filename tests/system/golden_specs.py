"""The golden specs, with what each of them needs of its surroundings, so that it can be run."""

import os
import pathlib
import shutil
import subprocess



GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"

# A /run of the test's own, in which lies a net namespace by name.
NET_BY_NAME = ["unshare", "--mount", "--", "sh", "-euc",
               "mount -t tmpfs tmpfs /run; mkdir /run/netns; : >/run/netns/blue; "
               "unshare --net=/run/netns/blue true; exec \"$@\"", "sh"]
FIVE = ["sh", "-euc", 'exec 5</dev/null "$@"', "sh"]
BEFORE = {"joins": NET_BY_NAME, "streams-and-environment": FIVE}
# The same steps, with commands that are on every machine and end by themselves.
SHORTER = (("[sleep, infinity]", "[sleep, '0.3']"), ("[sleep, '60']", "[sleep, '0.3']"),
           ("[sleep, '30']", "[sleep, '0.3']"), ("[bash]", "[bash, -c, exit]"), ("[uptime]", "[cat, /proc/self/timens_offsets]"),
           ("[tini, -s, --, sleep, infinity]", "[sh, -c, sleep 0.3; exit 0]"),
           ("{script: exit 0, main: true}", "{script: sleep 1, main: true}"),
           ("uts: 1}", f"uts: {os.getpid()}}}"))  # PID 1 may be one that may not be looked at.


class GoldenSpec:
    """`text` is a spec that ends; `before` are words of a wrapper, and `is_for_users` says that no root runs it."""

    def __init__(self, path):
        self.name = path.parent.name
        self.text = path.read_text()
        for old, new in SHORTER:
            self.text = self.text.replace(old, new)
        self.before = BEFORE.get(self.name, [])
        self.is_for_users = self.text.startswith("# caller: user\n")

    def write(self, folder):
        """The spec's file in a folder of its own, beside what its relative paths name."""
        place = pathlib.Path(folder) / self.name
        place.mkdir(exist_ok=True)
        for name in ("out", "log", "data"):
            (place / name).mkdir(exist_ok=True)
            (place / name).chmod(0o777)
        if "rootfs" in self.text:
            small_root(place / "rootfs")
        (place / "spec.yaml").write_text(self.text)
        return str(place / "spec.yaml")


def small_root(place):
    """A folder with a shell and its libraries, and folders to mount on."""
    for name in ("bin", "dev", "proc"):
        (place / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(os.path.realpath("/bin/sh"), place / "bin/sh")
    for word in subprocess.run(["ldd", "/bin/sh"], capture_output=True, text=True).stdout.split():
        if word.startswith("/"):
            (place / word[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(word), place / word[1:])


def golden_specs():
    """Each of them, by name."""
    return [GoldenSpec(path) for path in sorted(GOLDEN.glob("*/spec.yaml"))]



