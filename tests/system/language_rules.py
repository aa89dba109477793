"""Each refusal and each warning of the language document: in few words, the code it gives, a spec that
gives this code alone, and one that does not give it.

A spec is the inside of a map, `pidns: 1` before it, or text as it stands where it has more than one line
or begins with `!`. Two rows of one group differ in the key, not in the cause. `PAGE` stands for the specs
of the code's own page.
"""

PAGE = None
RUN = "command: [id]"


def needs(kind, *pairs):
    """Keys that need a kind in the node's own `unshare`."""
    for pair in pairs:
        key = pair.split(":")[0]
        quiet = ", mount-proc: true" if kind == "pid" else ""
        more = "mount, pid" if kind == "pid" else kind
        yield (f"{key} needs {kind}", "P012", f"{pair}, {RUN}", f"unshare: [{more}]{quiet}, {pair}, {RUN}")


def alone(code, wrong, right, *names):
    """One rule, on each of several keys: `{}` stands for the key."""
    for name in names:
        yield (f"{name}: {wrong}", code, f"{name}: {wrong}, {RUN}", f"{name}: {right}, {RUN}")


KEYS = [
    ("unknown key, with the nearest", "P001", f"hostnam: a, {RUN}", f"name: a, {RUN}"),
    *((f"{word} is another tool's word", "P001", f"{word}: a, {RUN}", RUN)
      for word in ("network", "mnt", "kill_child", "working_dir", "entrypoint", "cap_add", "environment", "services",
                   "readonlyRootfs", "maskedPaths", "noNewPrivileges", "map-root-user", "networks", "rootfs",
                   "ulimits", "tty", "cap-add", "cap_drop", "network_mode", "userns_mode", "oom_score_adj",
                   "stop_grace_period", "depends_on", "stop_signal", "read_only", "sysctl", "group_add", "chdir", "setenv",
                   "ro-bind", "die-with-parent", "unshare-all", "new-session", "exec_bin", "envar", "uidmap", "time_limit",
                   "clone_newpid", "uidMappings", "rootfsPropagation", "container_name", "map-current-user", "chroot")),
    *((f"{word} is a word of none of ours", "P003", f"{word}: a, {RUN}", RUN)
      for word in ("restart", "ports", "volumes", "healthcheck", "seccomp", "memory", "cpus", "devices", "image",
                   "build", "dns", "secrets", "privileged", "resources", "deploy", "labels", "cgroups",
                   "env_file", "shm_size", "mem_reservation", "seccomp_string")),
    ("key of the root in a node", "P002", f"namespaces: {{a: {{description: b, {RUN}}}}}", f"description: b, {RUN}"),
    ("name of the instance in a node", "P002", f"namespaces: {{a: {{name: b, {RUN}}}}}", f"name: b, {RUN}"),
    ("x- keys stand at the top", "P002", f"namespaces: {{a: {{x-a: b, {RUN}}}}}", f"x-a: b, {RUN}"),
    ("key of a node in a process", "P002", f"processes: {{a: {{hostname: b, {RUN}}}}}", f"processes: {{a: {{{RUN}}}}}"),
    ("version is required", "P005", "!{command: [id]}", RUN),
    ("another version", "P015", "!{pidns: 2, command: [id]}", RUN),
    ("duplicate keys", "P006", PAGE, PAGE),
    ("command and script", "P007", f"script: a, {RUN}", RUN),
    ("processes beside command", "P007", f"{RUN}, processes: {{a: {{{RUN}}}}}", f"processes: {{a: {{{RUN}}}}}"),
    ("a node with nothing in it", "P008", "namespaces: {a: {}}", f"namespaces: {{a: {{{RUN}}}}}"),
    ("a root with nothing in it", "P008", "description: a", RUN),
    ("process key where there is no process", "P009", f"nice: 1, namespaces: {{a: {{{RUN}}}}}", f"nice: 1, {RUN}"),
    ("name of an instance", "P010", f"name: -a, {RUN}", f"name: a, {RUN}"),
    ("name of a node", "P010", f"namespaces: {{a b: {{{RUN}}}}}", f"namespaces: {{a-b: {{{RUN}}}}}"),
    ("name longer than 63", "P010", f"name: {'a' * 64}, {RUN}", f"name: {'a' * 63}, {RUN}"),
    ("nodes and processes share names", "P011", f"processes: {{a: {{{RUN}}}}}, namespaces: {{a: {{{RUN}}}}}",
     f"processes: {{a: {{{RUN}}}}}, namespaces: {{b: {{{RUN}}}}}"),
    *needs("uts", "hostname: a", "domainname: a"),
    *needs("mount", "mount-proc: true", "propagation: slave", "root: /", "read-only-root: true",
           "mounts: [{type: tmpfs, target: /mnt}]", "masked-paths: [/mnt]", "read-only-paths: [/mnt]"),
    *needs("pid", "init: true"),
    *needs("user", "uid-map: current", "gid-map: current", "setgroups: deny"),
    *needs("time", "monotonic: 1s", "boottime: 1s"),
    *needs("net", "loopback: false"),
    *((f"{name} needs {kind}", "P012", f"unshare: [uts], sysctls: {{{name}: 1}}, {RUN}",
       f"unshare: [{kind}], sysctls: {{{name}: 1}}, {RUN}")
      for name, kind in (("kernel.shmmax", "ipc"), ("kernel.msgmax", "ipc"), ("fs.mqueue.msg_max", "ipc"),
                         ("kernel.pid_max", "pid"), ("kernel.ns_last_pid", "pid"),
                         ("user.max_pid_namespaces", "user"))),
    ("a joined namespace is no own one", "P012", f"join: {{uts: 1}}, hostname: a, {RUN}",
     f"unshare: [uts], hostname: a, {RUN}"),
    ("init: false without pid", "P012", f"init: false, {RUN}", RUN),
    ("a process that runs nothing", "P005", "processes: {a: {nice: 1}}", f"processes: {{a: {{nice: 1, {RUN}}}}}"),
    *((f"a mount of type {kind} needs {key}", "P005", f"unshare: [mount], mounts: [{{type: {kind}{other}}}], {RUN}",
       f"unshare: [mount], mounts: [{{type: {kind}{other}, {key}: {value}}}], {RUN}")
      for kind, other, key, value in (("bind", ", target: /mnt", "source", "/"), ("tmpfs", "", "target", "/mnt"),
                                      ("symlink", ", target: /mnt/a", "source", "b"),
                                      ("file", ", target: /mnt/a", "content", "b"))),
    ("a root of type overlay needs lower", "P005", f"unshare: [mount], root: {{type: overlay}}, {RUN}",
     f"unshare: [mount], root: {{type: overlay, lower: /}}, {RUN}"),
    ("an id range needs its three numbers", "P005",
     f"unshare: [user], uid-map: [{{inside: 0, outside: 0}}], {RUN}",
     f"unshare: [user], uid-map: [{{inside: 0, outside: 0, count: 1}}], {RUN}"),
    ("argv0 needs command", "P013", "argv0: a, script: id", f"argv0: a, {RUN}"),
    ("keep-env needs clear-env", "P014", f"keep-env: [A], {RUN}", f"clear-env: true, keep-env: [A], {RUN}"),
]

VALUES = [
    ("wrong type", "P101", f"env: [a], {RUN}", f"env: {{A: a}}, {RUN}"),
    ("plain word read as bool", "P102", f"description: yes, {RUN}", f'description: "yes", {RUN}'),
    ("plain word read as null", "P102", f"description: ~, {RUN}", f'description: "~", {RUN}'),
    ("plain word read as number", "P102", f"description: 0777, {RUN}", f'description: "0777", {RUN}'),
    ("plain word read as sexagesimal", "P102", f"description: 1:30, {RUN}", f'description: "1:30", {RUN}'),
    ("word of command read as bool", "P102", "command: [id, yes]", 'command: [id, "yes", 60]'),
    ("empty value of env", "P103", f"env: {{A: }}, {RUN}", f'env: {{A: ""}}, {RUN}'),
    ("empty command", "P104", "command: []", RUN),
    *((f"empty {key}", "P104", f"{key}: {{}}{more}", f"{key}: {{{inside}}}{more}")
      for key, inside, more in (("processes", f"a: {{{RUN}}}", ""), ("namespaces", f"a: {{{RUN}}}", ""),
                                ("join", "uts: 1", f", {RUN}"))),
    ("unshare of nothing", "P104", f"unshare: [], {RUN}", f"unshare: [uts], {RUN}"),
    ("unshare all", "P115", f"unshare: everything, {RUN}", f"unshare: all, {RUN}"),
    *alone("P105", '"true"', "true", "clear-env", "no-new-privs"),
    *((f"number written as {word}", "P106", f"nice: {word}, {RUN}", f"nice: 7, {RUN}")
      for word in ("0x7", "+7", "07", "7_0", "7e1", '"7"')),
    ("nice out of range", "P107", f"nice: 20, {RUN}", f"nice: 19, {RUN}"),
    ("descriptor below 3", "P107", f"pass-fds: [2], {RUN}", f"pass-fds: [3], {RUN}"),
    ("replicas of none", "P107", f"processes: {{a: {{replicas: 0, {RUN}}}}}", f"processes: {{a: {{replicas: 1, {RUN}}}}}"),
    ("not a word", "P108", f"terminal: old, {RUN}", f"terminal: none, {RUN}"),
    ("not a signal", "P109", f"kill-child: SIGKIL, {RUN}", f"kill-child: kill, {RUN}"),
    ("not a duration", "P110", f"timeout: soon, {RUN}", f"timeout: 1h30m, {RUN}"),
    ("replicas above 10000", "P107", f"processes: {{a: {{replicas: 10001, {RUN}}}}}",
     f"processes: {{a: {{replicas: 10000, {RUN}}}}}"),
    ("pid 0 to join", "P107", f"join: {{uts: 0}}, {RUN}", f"join: {{uts: 1}}, {RUN}"),
    ("negative timeout", "P107", f"timeout: -1s, {RUN}", f"timeout: 1s, {RUN}"),
    *((f"not a word of {key}", "P108", f"unshare: [{kind}], {key}: {wrong}, {RUN}",
       f"unshare: [{kind}], {key}: {right}, {RUN}")
      for kind, key, wrong, right in (("mount", "propagation", "public", "slave"), ("user", "setgroups", "maybe", "deny"),
                                      ("user", "uid-map", "mine", "current"), ("user", "gid-map", "mine", "current"),
                                      ("mount, pid", "mount-proc", "{target: /proc, hidepid: x}",
                                       "{target: /proc, hidepid: invisible}"))),
    *((f"relative {key}", "P111", f"unshare: [mount], {key}: [a], {RUN}", f"unshare: [mount], {key}: [/a], {RUN}")
      for key in ("masked-paths", "read-only-paths")),
    ("relative mount-proc", "P111", f"unshare: [mount, pid], mount-proc: proc, {RUN}",
     f"unshare: [mount, pid], mount-proc: /proc, {RUN}"),
    ("relative target", "P111", f"unshare: [mount], mounts: [{{type: tmpfs, target: mnt}}], {RUN}",
     f"unshare: [mount], mounts: [{{type: tmpfs, target: /mnt}}], {RUN}"),
    ("relative cwd", "P111", f"cwd: a, {RUN}", f"cwd: /, {RUN}"),
    ("umask not octal", "P112", f"umask: \"0098\", {RUN}", f'umask: "0027", {RUN}'),
    ("command as a string", "P113", "command: id -u", "command: [id, -u]"),
    ("kind named twice", "P114", f"unshare: [uts, uts], {RUN}", f"unshare: [uts], {RUN}"),
    ("unknown kind", "P115", f"unshare: [mnt], {RUN}", f"unshare: [mount], {RUN}"),
    ("not a capability", "P116", f"capabilities: [CAP_ROOT], {RUN}", f"capabilities: [CAP_KILL], {RUN}"),
    ("not a limit", "P117", f"rlimits: {{files: 1}}, {RUN}", f"rlimits: {{nofile: 64}}, {RUN}"),
    ("soft above hard", "P118", f"rlimits: {{nofile: {{soft: 64, hard: 32}}}}, {RUN}",
     f"rlimits: {{nofile: {{soft: 32, hard: 64}}}}, {RUN}"),
    ("not a variable", "P119", f"env: {{A=B: a}}, {RUN}", f"env: {{A: a}}, {RUN}"),
    ("star that is not at the end", "P120", f"clear-env: true, keep-env: ['*A'], {RUN}",
     f"clear-env: true, keep-env: ['A*'], {RUN}"),
    ("not a kernel parameter", "P121", PAGE, PAGE),
    ("host name of nothing", "P122", f'unshare: [uts], hostname: "", {RUN}', f"unshare: [uts], hostname: a, {RUN}"),
    ("host name too long", "P122", f"unshare: [uts], hostname: {'a' * 65}, {RUN}",
     f"unshare: [uts], hostname: {'a' * 64}, {RUN}"),
    ("not a regular expression", "P123", PAGE, PAGE),
]

DOCUMENT = [(words, code, PAGE, PAGE) for words, code in (
    ("empty", "P201"), ("not a map", "P202"), ("invalid UTF-8, a byte-order mark", "P203"), ("NUL", "P204"),
    ("tabs as indentation", "P205"), ("not YAML", "P206"), ("not closed", "P207"), ("second document", "P208"),
    ("a key that is no word", "P209"), ("a tag", "P210"), ("cyclic alias", "P211"), ("unknown anchor", "P212"),
    ("merge of no map", "P213"), ("own env replaces the merged one: warning", "P214"), ("more than pidns reads", "P215"),
)]

NAMESPACES = [
    ("too many pid levels", "P301", PAGE, PAGE),
    ("namespaces without privilege", "P302", PAGE, PAGE),
    ("kind made and joined", "P303", f"unshare: [uts], join: {{uts: 1}}, {RUN}", f"join: {{uts: 1}}, {RUN}"),
    ("sysctl of the machine", "P304", f"unshare: [net], sysctls: {{vm.swappiness: 1}}, {RUN}",
     f"unshare: [net], sysctls: {{net.ipv4.ip_forward: 1}}, {RUN}"),
    ("net sysctl without net", "P012", f"unshare: [uts], sysctls: {{net.ipv4.ip_forward: 1}}, {RUN}",
     f"unshare: [net], sysctls: {{net.ipv4.ip_forward: 1}}, {RUN}"),
    ("init: false of several", "P305", PAGE, PAGE),
    ("init names no process", "P306", PAGE, PAGE),
    ("background in a PID 1: warning", "P307", PAGE, PAGE),
    ("tie that PID 1 does not handle: warning", "P308", PAGE, PAGE),
    ("kill-child: false: warning", "P309", f"kill-child: false, {RUN}", f"kill-child: true, {RUN}"),
    ("nested tie that cannot arrive: warning", "P310", PAGE, PAGE),
    ("join from a new user namespace", "P311", PAGE, PAGE),
    ("join of an outer pid namespace", "P312", PAGE, PAGE),
    ("clock beyond its range", "P313", PAGE, PAGE),
    ("sysctl of a namespace's root", "P314", PAGE, PAGE),
]

MOUNTS = [
    ("pid without mount-proc: warning", "P401", f"unshare: [pid], {RUN}",
     f"unshare: [pid, mount], mount-proc: true, {RUN}"),
    ("propagation shared without user: warning", "P402", f"unshare: [mount], propagation: shared, {RUN}",
     f"unshare: [mount], propagation: slave, {RUN}"),
    ("propagation unchanged without user: warning", "P402", f"unshare: [mount], propagation: unchanged, {RUN}",
     f"unshare: [mount, user], propagation: unchanged, {RUN}"),
    ("root with shared propagation", "P403", PAGE, PAGE),
    ("mount that hides an earlier one: warning", "P404", PAGE, PAGE),
    *((f"{kind} without {owner} under user", "P405",
       f"unshare: [user, mount], mounts: [{{type: {kind}, target: /mnt}}], {RUN}",
       f"unshare: [user, mount, {owner}{proc}], mounts: [{{type: {kind}, target: /mnt}}], {RUN}")
      for kind, owner, proc in (("proc", "pid", ""), ("sysfs", "net", ""), ("mqueue", "ipc", ""),
                                ("cgroup2", "cgroup", ""))),
    ("devtmpfs under user", "P406", f"unshare: [user, mount], mounts: [{{type: devtmpfs, target: /mnt}}], {RUN}",
     f"unshare: [mount], mounts: [{{type: devtmpfs, target: /mnt}}], {RUN}"),
    ("proc where an outer node hides a part", "P407", PAGE, PAGE),
    ("devpts with a gid that is not mapped", "P408", PAGE, PAGE),
    ("mount word of another type", "P409", PAGE, PAGE),
    ("file made by nobody", "P410", PAGE, PAGE),
    ("sysfs where an outer node hides a part", "P411", PAGE, PAGE),
]

IDS = [(words, code, PAGE, PAGE) for words, code in (
    ("id map the kernel does not take", "P501"), ("ids not there outside", "P502"), ("auto inside user", "P503"),
    ("uid-map: none: warning", "P504"), ("auto without a range", "P505"), ("id not mapped", "P506"),
    ("setgroups: allow where denied", "P507"), ("groups where denied", "P508"), ("groups that stay: warning", "P509"),
    ("user namespace by an unmapped id", "P510"), ("ids without privilege", "P511"), ("ids that are not lent", "P512"),
)]

PROCESSES = [
    ("relative command with a slash: warning", "P601", PAGE, PAGE),
    ("second main", "P602", PAGE, PAGE),
    ("second terminal: new", "P603", PAGE, PAGE),
    ("replicas on the root", "P604", f"replicas: 2, {RUN}", f"processes: {{a: {{replicas: 2, {RUN}}}}}"),
    ("replicas on main", "P604", f"processes: {{a: {{replicas: 2, main: true, {RUN}}}}}",
     f"processes: {{a: {{replicas: 2, {RUN}}}}}"),
    ("replicas of the process that init names", "P604",
     f"unshare: [pid, mount], mount-proc: true, init: a, processes: {{a: {{replicas: 2, {RUN}}}}}",
     f"unshare: [pid, mount], mount-proc: true, init: a, processes: {{a: {{{RUN}}}}}"),
    ("name of a copy is taken", "P605", PAGE, PAGE),
    ("arguments without main", "P606", PAGE, PAGE),
    ("raised limit", "P607", PAGE, PAGE),
    ("lowered nice", "P608", PAGE, PAGE),
    ("lowered oom score", "P609", PAGE, PAGE),
    ("capability that is not there", "P610", PAGE, PAGE),
    ("cycle of depends-on", "P611", f"processes: {{a: {{{RUN}, depends-on: [b]}}, b: {{{RUN}, depends-on: [a]}}}}",
     f"processes: {{a: {{{RUN}, depends-on: [b]}}, b: {{{RUN}}}}}"),
    ("depends-on itself", "P611", f"processes: {{a: {{{RUN}, depends-on: [a]}}}}", f"processes: {{a: {{{RUN}}}}}"),
    ("depends-on of nothing", "P701", f"processes: {{a: {{{RUN}, depends-on: [c]}}, b: {{{RUN}}}}}",
     f"processes: {{a: {{{RUN}, depends-on: [b]}}, b: {{{RUN}}}}}"),
    ("ready of what has no ready", "P612", f"processes: {{a: {{{RUN}, depends-on: {{b: ready}}}}, b: {{{RUN}}}}}",
     f"processes: {{a: {{{RUN}, depends-on: {{b: exited}}}}, b: {{{RUN}}}}}"),
    ("not a condition", "P108", f"processes: {{a: {{{RUN}, depends-on: {{b: gone}}}}, b: {{{RUN}}}}}",
     f"processes: {{a: {{{RUN}, depends-on: {{b: started}}}}, b: {{{RUN}}}}}"),
]

MACHINE = [
    ("a program that clears the tie", "P315", PAGE, PAGE),
    ("user namespaces for root only", "P316", PAGE, PAGE),
    ("user namespaces that AppArmor confines", "P317", PAGE, PAGE),
    ("no more namespaces of a kind", "P318", PAGE, PAGE),
    ("a bind that parts locked mounts", "P412", PAGE, PAGE),
    ("no newuidmap", "P513", PAGE, PAGE),
    ("a path longer than the kernel takes", "P615", PAGE, PAGE),
    ("a script longer than the kernel takes", "P615", f"script: '#{'x' * 131071}'", f"script: '#{'x' * 131070}'"),
    ("a variable longer than the kernel takes", "P615", f"env: {{A: '{'x' * 131070}'}}, {RUN}",
     f"env: {{A: '{'x' * 131069}'}}, {RUN}"),
    ("a command that is missing", "P613", PAGE, PAGE),
    ("a command without an execute bit", "P614", PAGE, PAGE),
]

TESTS = [
    ("a test in no address", "P701", PAGE, PAGE),
    ("a test in what is no node", "P702", PAGE, PAGE),
    ("two addresses, one variable", "P703", PAGE, PAGE),
    ("a test of what nothing has", "P701", f"{RUN}, tests: [{{name: a, of: /b}}]", f"{RUN}, tests: [{{name: a, of: /}}]"),
    ("of beside script", "P007", f"{RUN}, tests: [{{name: a, script: a, of: /}}]",
     f"{RUN}, tests: [{{name: a, script: a}}]"),
    ("a test that looks at nothing", "P005", f"{RUN}, tests: [{{name: a}}]", f"{RUN}, tests: [{{name: a, script: a}}]"),
    ("a test without a name", "P005", f"{RUN}, tests: [{{script: a}}]", f"{RUN}, tests: [{{name: a, script: a}}]"),
]

RULES = [*KEYS, *VALUES, *DOCUMENT, *NAMESPACES, *MOUNTS, *IDS, *PROCESSES, *MACHINE, *TESTS]


def text_of(spec):
    """The whole of a spec."""
    if spec.startswith("!"):
        return spec[1:] + "\n"
    return spec if "\n" in spec else f"{{pidns: 1, {spec}}}\n"
