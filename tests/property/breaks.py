"""One rule of the kernel broken in a random spec that was right: one function a code of findings.

Each gets a copy of the spec, and gives what is wrong then; nothing where the spec does not suit.
"""

import copy

from places import KINDS


def nodes_of(spec):
    yield spec
    for inner in spec.get("namespaces", {}).values():
        yield from nodes_of(inner)


def body_of(spec):
    """What can stand as a nested node."""
    return {key: value for key, value in spec.items()
            if key not in ("pidns", "name", "description", "tests", "join") and not key.startswith("x-")}


def with_kinds(node, *kinds):
    """The node, with these kinds made new besides its own."""
    have = node.get("unshare", [])
    have = list(KINDS) if have == "all" else [have] if isinstance(have, str) else list(have)
    node["unshare"] = have + [kind for kind in kinds if kind not in have]
    if "join" in node:
        node["join"] = {kind: target for kind, target in node["join"].items() if kind not in node["unshare"]} or None
        if node["join"] is None:
            del node["join"]
    return node


def without(node, *keys):
    for key in keys:
        node.pop(key, None)
    return node


def around(spec, outer):
    """The spec as the only nested node of another; (whole, nested node)."""
    inner = body_of(spec)
    return {"pidns": 1, **outer, "namespaces": {"in": inner}}, inner


MAPS = ("uid-map", "gid-map", "setgroups")
TREE = ("root", "mounts", "mount-proc", "masked-paths", "read-only-paths", "propagation", "read-only-root", "sysctls")
IDS = ("uid", "gid", "groups", "capabilities")
# What the kernel says to each; newuidmap(1) says it for the kernel.
EPERM, EINVAL, EACCES = "Operation not permitted", "Invalid argument", "Permission denied"
E2BIG, ENAMETOOLONG = "Argument list too long", "File name too long"
SAYS = {"P118": (EINVAL,), "P122": (EINVAL,), "P301": ("No space left on device",), "P302": (EPERM,), "P311": (EPERM,),
        "P312": (EINVAL,), "P313": ("Numerical result out of range",), "P314": (EACCES,), "P403": (EINVAL,),
        "P405": (EPERM,), "P406": (EPERM,), "P407": (EPERM,), "P408": (EINVAL,),
        "P410": ("Value too large for defined data type",), "P411": (EPERM,), "P412": (EINVAL,), "P501": (EINVAL, EPERM), "P502": (EPERM,),
        "P506": (EINVAL,), "P507": (EPERM,), "P508": (EPERM,), "P510": (EPERM,), "P511": (EPERM,), "P512": (EPERM,),
        "P607": (EPERM,), "P608": (EACCES,), "P609": (EACCES,), "P610": (EPERM,),
        "P615": (E2BIG, ENAMETOOLONG)}
NOBODY = [{"inside": 7, "outside": 100000, "count": 1}]


class Breaks:
    """`node` of the methods is one of the spec's at random; `alone` is one that runs one process itself."""

    def __init__(self, values):
        self.values = values

    def broken(self, code, spec, privileged):
        spec = copy.deepcopy(spec)
        self.privileged = privileged
        node = self.values.choice(list(nodes_of(spec)))
        return getattr(self, code)(spec, node)

    @staticmethod
    def codes():
        return sorted(name for name in vars(Breaks) if name.startswith("P"))

    def alone(self, spec):
        found = [node for node in nodes_of(spec) if "command" in node or "script" in node]
        return self.values.choice(found) if found else None

    def user(self, *kinds, **keys):
        return {"unshare": ["user", *kinds], **keys}

    # ---- values ----

    def P118(self, spec, _):
        node = self.alone(spec)
        if node is None:
            return None
        node["rlimits"] = {self.values.choice(("core", "cpu", "stack")): {"soft": 2000000, "hard": 1000000}}
        return spec

    def P122(self, spec, node):
        with_kinds(node, "uts")[self.values.choice(("hostname", "domainname"))] = "n" * self.values.randint(65, 200)
        return spec

    # ---- namespaces ----

    def P301(self, spec, _):
        kind = self.values.choice(("pid", "user"))
        body = body_of(spec)
        for _ in range(33 if kind == "pid" else 34):
            body = {"unshare": [kind] if self.privileged or kind == "user" else ["user", "pid"], "namespaces": {"n": body}}
        return {"pidns": 1, **body}

    def P302(self, spec, _):
        if self.privileged:
            return None
        spec["unshare"] = [kind for kind in with_kinds(spec)["unshare"] if kind != "user"] or ["uts"]
        return without(spec, *MAPS, "join")

    def P311(self, spec, _):
        whole, inner = around(spec, self.user(*self.values.some(("pid", "mount", "uts"), 2, 0)))
        free = [kind for kind in ("uts", "ipc", "net", "cgroup") if kind not in with_kinds(inner)["unshare"]]
        if not free:
            return None
        kind = self.values.choice(free)
        inner["join"] = {kind: f"ns/{kind}"}
        return whole

    def P312(self, spec, _):
        whole, inner = around(spec, {"unshare": ["pid"]})
        if not self.privileged or "pid" in with_kinds(inner)["unshare"]:
            return None
        inner["join"] = {"pid": "ns/pid"}
        return whole

    def P313(self, spec, node):
        with_kinds(node, "time")[self.values.choice(("monotonic", "boottime"))] = self.values.choice(("60000d", "-60000d"))
        return spec

    def P314(self, spec, node):
        without(with_kinds(node, "user", "ipc"), *MAPS, *TREE)
        node["uid-map"] = "current" if not self.privileged else [
            {"inside": 7, "outside": 0, "count": 1}, {"inside": 0, "outside": 1000, "count": 1}]
        node["sysctls"] = {self.values.choice(("kernel.shmmni", "kernel.msgmax", "fs.mqueue.msg_max")): 100}
        return spec

    # ---- mounts ----

    def P403(self, spec, node):
        without(with_kinds(node, "mount"), *TREE).update(root="/", propagation="shared")
        return spec

    def P405(self, spec, node):
        without(with_kinds(node, "user", "mount"), *TREE)
        choices = {"ipc": "mqueue", "net": "sysfs", "pid": "proc", "cgroup": "cgroup2"}
        free = [name for kind, name in choices.items() if kind not in node["unshare"]]
        if not free:
            return None
        node["mounts"] = [{"type": self.values.choice(free), "target": "/tmp"}]
        return spec

    def P406(self, spec, node):
        without(with_kinds(node, "user", "mount"), *TREE)
        node["mounts"] = [{"type": self.values.choice(("devtmpfs", "ext4", "debugfs", "xfs", "squashfs")), "target": "/tmp"}]
        return spec

    def hidden(self, spec, place, kind):
        outer = {"unshare": ["mount"] if self.privileged else ["user", "mount"],
                 self.values.choice(("masked-paths", "read-only-paths")): [place]}
        if self.values.chance(0.3):
            outer = {"unshare": outer["unshare"], "mounts": [{"type": "tmpfs", "target": place}]}
        whole, inner = around(spec, outer)
        return whole, without(with_kinds(inner, "user", "mount", kind), *TREE)

    def P407(self, spec, _):
        whole, inner = self.hidden(spec, "/proc/sys", "pid")
        inner["mount-proc"] = True
        return whole

    def P411(self, spec, _):
        whole, inner = self.hidden(spec, "/sys/kernel", "net")
        inner["mounts"] = [{"type": "sysfs", "target": "/tmp"}]
        return whole

    def P412(self, spec, _):
        without(with_kinds(spec, "user", "mount"), *TREE, *MAPS)
        spec["mounts"] = [{"type": "bind", "source": self.values.choice(("/", "/dev")), "target": "/tmp",
                           "options": self.values.choice(([], ["ro"], ["nosuid", "bind"]))}]
        return spec

    def P408(self, spec, node):
        without(with_kinds(node, "user", "mount"), *TREE, *MAPS)
        kind, option = self.values.choice((("tmpfs", "uid"), ("tmpfs", "gid"), ("devpts", "gid"), ("devpts", "uid")))
        node["mounts"] = [{"type": kind, "target": "/tmp", "options": [f"{option}={self.values.randint(1, 4000000000)}"]}]
        return spec

    def P410(self, spec, node):
        without(with_kinds(node, "user", "mount"), *TREE, *MAPS)
        node["uid-map"] = "none" if self.values.flip() else NOBODY
        if self.values.flip():
            node["root"] = self.values.choice(("/", {"type": "tmpfs"}, {"type": "overlay", "lower": "/"}))
        else:
            node["mounts"] = [{"type": "dev", "target": "/tmp"}]
        return spec

    # ---- ids ----

    def P501(self, spec, node):
        without(with_kinds(node, "user"), *MAPS)
        first = {"inside": 0, "outside": 100000, "count": 10}
        second = self.values.choice(({"inside": 5, "outside": 100100, "count": 10},
                                     {"inside": 20, "outside": 100005, "count": 10}))
        node[self.values.choice(("uid-map", "gid-map"))] = [first, second]
        return spec

    def P502(self, spec, _):
        whole, inner = around(spec, self.user())
        without(with_kinds(inner, "user"), *MAPS)
        inner[self.values.choice(("uid-map", "gid-map"))] = [
            {"inside": 0, "outside": self.values.randint(1, 100000), "count": self.values.randint(1, 9)}]
        return whole

    def P506(self, spec, _):
        node = self.alone(spec)
        if node is None:
            return None
        without(with_kinds(node, "user"), *MAPS, *IDS)
        node[self.values.choice(("uid", "gid"))] = self.values.randint(1, 4000000000)
        return spec

    def P507(self, spec, _):
        if not self.privileged:
            return {**without(with_kinds(spec, "user"), *MAPS), "setgroups": "allow"}
        whole, inner = around(spec, self.user(setgroups="deny"))
        without(with_kinds(inner, "user"), *MAPS)["setgroups"] = "allow"
        return whole

    def P508(self, spec, _):
        node = self.alone(spec)
        if node is None:
            return None
        without(with_kinds(node, "user"), *MAPS, *IDS).update(setgroups="deny", groups=self.values.choice(([], [0])))
        return spec

    def P510(self, spec, _):
        maps = {self.values.choice(("uid-map", "gid-map")): "none" if self.values.flip() else NOBODY}
        whole, inner = around(spec, self.user(**maps))
        without(with_kinds(inner, "user"), *MAPS)
        return whole

    def P511(self, spec, _):
        node = self.alone(spec)
        if self.privileged or node is None:
            return None
        key = self.values.choice(("uid", "gid", "groups"))
        process = without({name: value for name, value in node.items() if name in ("command", "script", "env", "cwd")})
        return {"pidns": 1, **process, key: [5] if key == "groups" else self.values.randint(0, 100)}

    def P512(self, spec, _):
        if self.privileged:
            return None
        without(with_kinds(spec, "user"), *MAPS, "join")
        spec[self.values.choice(("uid-map", "gid-map"))] = [
            {"inside": 0, "outside": self.values.randint(1, 4000), "count": self.values.randint(1, 9)}]
        return spec

    # ---- processes ----

    def P607(self, spec, _):
        node = self.alone(spec)
        if node is None:
            return None
        node["rlimits"] = {"nofile": self.values.choice((10 ** 11, "unlimited"))}
        return spec

    def P608(self, spec, _):
        whole, inner = around(spec, self.user())
        node = self.alone(inner)
        if node is None:
            return None
        node["nice"] = self.values.randint(-20, -1)
        return whole

    def P609(self, spec, _):
        whole, inner = around(spec, self.user())
        node = self.alone(inner)
        if node is None:
            return None
        node["oom-score-adj"] = self.values.randint(-1000, -1)
        return whole

    def P610(self, spec, _):
        node = self.alone(spec)
        if self.privileged or node is None:
            return None
        process = {name: value for name, value in node.items() if name in ("command", "script", "env", "cwd")}
        return {"pidns": 1, **process, "capabilities": self.values.choice(([], ["CAP_CHOWN"], ["net_raw", "SYS_ADMIN"]))}

    def P615(self, spec, _):
        node = self.alone(spec)
        if node is None:
            return None
        how = self.values.choice(("script", "argument", "variable", "all", "cwd", "stdin", "mount"))
        if how == "script":
            node["script"] = "# " + "x" * 131070 + "\nexit 0\n"
            without(node, "command", "argv0")
        elif how == "argument":
            node["command"] = ["true", "x" * 131072]
            without(node, "script", "argv0")
        elif how == "variable":
            node["env"] = {**node.get("env", {}), "LONG": "x" * 131067}
        elif how == "all":
            node["command"] = ["true", *(["x" * 131071] * 48)]
            without(node, "script", "argv0")
        elif how == "mount":
            with_kinds(node, "mount")
            node["mounts"] = [{"type": "tmpfs", "target": "/" + "x" * 256, "create": True}]
            without(node, "join", "root", "replicas")
        else:
            node[how] = "/tmp/" + self.values.choice(("x" * 256, "x/" * 2047))
        return spec
