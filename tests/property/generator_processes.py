"""Random processes: quick commands, whose output can be compared."""

from places import WORLD, pick

# How many pid namespaces the process is in, as far as its /proc shows: only what a shell has built in.
LEVELS = ("if [ -r /proc/self/status ]; then while read -r key rest; do case $key in NSpid:) set -- $rest; "
          "echo \"$PIDNS_PATH: $# levels\";; esac; done </proc/self/status; fi")
PIECES = (LEVELS, LEVELS, LEVELS, "id -u", "id -g", "id -G", "hostname", "umask", "pwd", "ulimit -n", "echo $#",
          "cat /proc/sys/kernel/hostname || :", "echo \"${LC_ALL-unset}\"", "env | sort | grep -v ^_", "(sleep 0.01 &)",
          "trap 'exit 7' TERM", "echo out; echo err >&2", "sleep 0.02", "cat", "nice")
ENDS = ("", "", "", "", "exit 3", "false", "kill -9 $$", "exec true", "exit 0", "exec not-there")
COMMANDS = (["true"], ["true"], ["/bin/true"], ["false"], ["sh", "-c", "exit 4"], ["id"], ["sleep", 0.01],
            ["sh", "-c", LEVELS], ["sh", "-c", "echo $0 $#", "word", 1.5, 10], ["not-there"], ["/etc/passwd"],
            ["../bin/true"], ["env", "true"])


class Processes:
    """The part of the generator that writes the keys of processes."""

    def listed_process(self, place, name):
        """An entry of `processes`."""
        spec = {}
        place = self.inherited(spec, place, 0.09)
        self.process(spec, place.with_(address=place.address + name))
        self.copies(spec, place)
        return spec

    def process(self, spec, place, own=False):
        v = self.values
        if v.chance(0.45):
            spec["command"] = list(v.choice(COMMANDS))
            if v.chance(place.often(0.15)):
                spec["argv0"] = v.choice(("other", "-sh", "two words"))
        else:
            pieces = v.some(PIECES, 2) + [v.choice(ENDS)]
            spec["script"] = v.choice(("\n", "; ")).join(piece for piece in pieces if piece)
        self.credentials(spec, place)
        self.privileges(spec, place)
        self.streams(spec, place)
        self.ends(spec, place)
        self.alone(spec, place)

    def credentials(self, spec, place):
        v = self.values
        stray = 0.05
        if place.caller.privileged or place.under_user or v.chance(place.often(0.1)):
            if v.chance(place.often(0.15)):
                spec["uid"] = self.user(place, "uids", ("root", "daemon"), (0, 1), stray)
            if v.chance(place.often(0.12)):
                spec["gid"] = self.user(place, "gids", ("root", "tty"), (0, 5), stray)
            if not place.joined and v.chance(place.often(0.15 if place.caller.privileged else 0.35) if not place.denies_groups else 0.01):
                spec["groups"] = [self.user(place, "gids", ("root", "tty"), (0, 5), stray)
                                  for _ in range(v.randint(0, 3))]
        if v.chance(place.often(0.1)):
            spec["capabilities"] = v.capabilities()

    def user(self, place, which, names, ids, stray):
        """An id, or now and then a name that stands for one that exists there; it may bring its gid."""
        v = self.values
        known = [name for name, number in zip(names, ids)
                 if any(first <= number < first + count for first, count in getattr(place, which))]
        # A user's name brings its group.
        both = which == "gids" or place.uids == place.gids
        return v.choice(known) if place.etc and known and both and v.chance(0.15) else pick(v, place, which, stray)

    def privileges(self, spec, place):
        v = self.values
        if v.chance(place.often(0.08)):
            spec["no-new-privs"] = v.chance(0.8)
        if v.chance(place.often(0.08)):
            spec["nice"] = v.choice((10, 15, 19, 19, 19, 19, -5))
        if v.chance(place.often(0.08)):
            spec["oom-score-adj"] = v.choice((500, 1000, 1000, 1000, 1000, -500))

    def streams(self, spec, place):
        v = self.values
        if v.chance(place.often(0.12)):
            spec["stdin"] = v.choice(("null", None, "inherit", "data/file", WORLD + "/data/file", "/dev/null"))
        for key in ("stdout", "stderr"):
            if v.chance(place.often(0.1)):
                spec[key] = v.choice(("null", None, "inherit", f"out/{key}{v.randint(1, 9)}", WORLD + "/out/both"))
        if v.chance(place.often(0.1)):
            spec["terminal"] = v.choice(("inherit", "none"))
        elif "terminal: new" in self.supported and not self.has_terminal and not place.copied and v.chance(place.often(0.02)):
            self.has_terminal = True
            spec["terminal"] = "new"
            for key in ("stdin", "stdout", "stderr"):
                spec.pop(key, None)
        if v.chance(place.often(0.08)):
            spec["pass-fds"] = v.some((3, 4, 5), 3)

    def ends(self, spec, place):
        v = self.values
        if v.chance(place.often(0.08)):
            spec["timeout"] = v.long_time()
        elif v.chance(0.01):
            spec.update(timeout=v.short_time(), script="sleep 60")
            spec["stop-timeout"] = "50ms"
            for key in ("command", "argv0"):
                spec.pop(key, None)
        if v.chance(place.often(0.08)):
            # One that ends nothing is followed by SIGKILL.
            spec["stop-signal"] = v.signal()
            spec["stop-timeout"] = "50ms"
        elif v.chance(place.often(0.08)):
            spec["stop-timeout"] = v.choice((0, "50ms", "1s", 10))
