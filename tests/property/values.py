"""Random values of single keys, drawn so that each way of writing them comes up."""

import random
import signal

CAPABILITIES = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE "
                "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT "
                "SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE "
                "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ "
                "PERFMON BPF CHECKPOINT_RESTORE").split()
SIGNALS = [one.name for one in signal.Signals if not one.name.startswith("SIGRT")]
# Most of them end a program at once where they are low; a few of each kind of limit can be low.
LIMITS = {"as": 4 << 30, "core": 0, "cpu": 60, "data": 4 << 30, "fsize": 1 << 30, "locks": 100, "memlock": 65536,
          "msgqueue": 4096, "nice": 0, "nofile": 256, "nproc": 5000, "rss": 1 << 30, "rtprio": 0, "rttime": 1000000,
          "sigpending": 1000, "stack": 8 << 20}
SYSCTLS = {"net": {"net.ipv4.ip_forward": ("0", "1"), "net/ipv4/conf/lo/rp_filter": ("0", "1", "2"), "net.ipv4.ip_local_port_range": ("20000 30000",),
                   "net.ipv6.conf.all.disable_ipv6": (1,)},
           "ipc": {"kernel.shmmax": ("1048576",), "kernel.shmmni": (100,), "kernel.msgmax": (4096,),
                   "kernel.msgmnb": ("32768",), "kernel.sem": ("250 32000 32 128",), "fs.mqueue.msg_max": (20,)},
           "pid": {"kernel.pid_max": (4000, "100000"), "kernel.ns_last_pid": (50,)},
           "user": {"user.max_user_namespaces": ("5000",), "user.max_net_namespaces": (500,)}}


class Values(random.Random):
    """A source of chance that knows what values look like."""

    def chance(self, part):
        return self.random() < part

    def some(self, choices, most=3, least=1):
        """A few different ones, in any order."""
        choices = list(choices)
        return self.sample(choices, min(len(choices), self.randint(least, most)))

    def flip(self):
        return self.chance(0.5)

    # ---- scalars ----

    def name(self, taken=()):
        while True:
            name = self.choice(("a", "b", "web", "db", "Job_1", "on", "1", "x.y", "proxy-2", "null", "true"))
            if name not in taken:
                return name
            name += str(self.randint(2, 99))
            if name not in taken:
                return name

    def signal(self):
        word = self.choice(SIGNALS)
        form = self.random()
        if form < 0.2:
            return self.choice((f"SIGRTMIN+{self.randint(0, 9)}", f"sigrtmax-{self.randint(0, 9)}", "RTMIN"))
        if form < 0.4:
            return self.choice((word[3:], word.lower()))
        if form < 0.5:
            return signal.Signals[word].value
        return word

    def long_time(self):
        """So long that it never comes to an end in a test."""
        return self.choice((60, "90", "2m", "1h30m", "10d", "75.5s", "3600000ms"))

    def short_time(self):
        return self.choice(("20ms", "0.05s", 0.03))

    def offset(self):
        return self.choice((0, "-1s", "1.5s", "10d", 3600, "-250ms", "1h30m", "2.000000001s", 60.5))

    def octal(self):
        return self.choice(("0755", "700", "01777", "0644", "0711"))

    def hostname(self):
        return self.choice(("ns1", "web.example", "a" * 64, "h-2", "ünicode", "on", "1"))

    # ---- several ----

    def limits(self):
        return {name: self.limit(name) for name in self.some(LIMITS, 2)}

    def limit(self, name):
        value = LIMITS[name]
        form = self.random()
        if form < 0.1:
            return "unlimited"
        if form < 0.15:
            return self.choice((0, 1, 3, 20))
        if form < 0.4:
            return {"soft": self.choice((value, value, "unlimited")),
                    "hard": self.choice((value, value * 2, "unlimited", "unlimited"))}
        return value

    def capabilities(self):
        if self.chance(0.25):
            return "all"
        return [self.choice(("CAP_", "", "cap_")) + name for name in self.some(CAPABILITIES, 4, 0)]

    def environment(self):
        values = ("text", "1.10", 8080, True, False, None, "", "yes", 2.5, "two words", "0755", "naïve")
        names = ("A", "LANG", "LC_ALL", "EXTRA_1", "lower", "with.dot", "A-B", "HOME")
        return {name: self.choice(values) for name in self.some(names)}

    def kept(self):
        return self.some(("PATH", "LC_*", "HOME", "TERM", "*", "KEPT_*"), 3)

    def sysctls(self, kinds):
        own = [(name, value) for kind in kinds for name, value in SYSCTLS.get(kind, {}).items()]
        return {name: self.choice(values) for name, values in self.some(own, 2)}
