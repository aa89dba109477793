"""A random generator of specs of the whole language.

Nearly all of what it writes is meant to work for its caller; a small part of the values is drawn
without a look at the surroundings, so that the rules of the validator decide. Keys that the program
does not support yet (the schema lacks them) are not written.
"""

from generator_gates import Gates
from generator_mounts import Mounts
from generator_processes import Processes
from places import KINDS, TARGET_PIDS, pick, start
from values import Values

DEEPEST = 5


class Generator(Gates, Mounts, Processes):
    def __init__(self, seed, caller, supported):
        """`supported` holds the keys of a node and of a process that the program has."""
        self.values = Values(str(seed))
        self.caller = caller
        self.supported = supported
        self.left = 0  # How many more processes this spec may have.

    def spec(self):
        v = self.values
        self.left = v.choice((1, 1, 2, 3, 5, 8))
        self.has_main = self.has_terminal = False
        spec = {"pidns": 1}
        if v.chance(0.1):
            spec["name"] = v.choice(("lab", "a.b-c_d", "x" * 63, "1"))
        if v.chance(0.1):
            spec["description"] = v.choice(("what it is for", "", "über"))
        if v.chance(0.1):
            spec["x-note"] = v.choice(("anything", [1, {"a": None}], None))
        body = self.node(start(self.caller))
        spec.update(body)
        if "tests" in self.supported and v.chance(0.2):
            spec["tests"] = self.tests_of(spec)
        self.waits(spec)
        self.share(spec)
        return spec

    def share(self, spec):
        """The same map at two places is written as an anchor and an alias, or merged."""
        v = self.values
        inner = next(iter(spec.get("namespaces", {}).values()), None)
        if inner is None or not v.chance(0.15):
            return
        if "env" in spec and v.flip():
            inner["env"] = spec["env"]
        elif "rlimits" in inner:
            merged = {"rlimits": inner.pop("rlimits"), "umask": "0022"}
            spec["x-merged"] = merged
            inner["<<"] = merged

    # ---- nodes ----

    def node(self, place):
        spec = {}
        kinds = self.kinds(place)
        place = self.join(spec, place, kinds)
        if kinds:
            spec["unshare"] = self.written(kinds)
        inside = self.users(spec, place, kinds)
        inside = inside.with_(in_pid=place.in_pid or "pid" in kinds)
        if "mount" in kinds:
            inside = self.tree(spec, inside, kinds)
        self.names(spec, kinds)
        self.keys_of_kinds(spec, inside, kinds)
        # A joined network namespace has its `lo` as it was left.
        own_lo = "net" in kinds and spec.get("loopback", True)
        inside = inside.with_(lo=own_lo or "net" not in kinds and inside.lo and "net" not in spec.get("join", {}))
        if self.values.chance(0.25):
            spec["kill-child"] = self.values.choice((True, True, self.values.signal(), "SIGKILL", False))
        inside = self.inherited(spec, inside)
        self.content(spec, inside, kinds)
        keys = list(spec)
        self.values.shuffle(keys)
        return {key: spec[key] for key in keys}

    def kinds(self, place):
        v = self.values
        if v.chance(0.12 if place.rooted else 0.3):
            return ()
        if v.chance(place.often(0.05)):
            return KINDS
        parts = {"pid": 0.6, "mount": 0.65, "uts": 0.35, "ipc": 0.2, "net": 0.12, "user": 0.3, "cgroup": 0.15,
                 "time": 0.15}
        if place.nobody:
            parts["user"] = 0.02
        kinds = [kind for kind in KINDS if v.chance(parts[kind])]
        if not place.rooted and kinds and "user" not in kinds and v.chance(0.97):
            kinds.append("user")
        v.shuffle(kinds)
        return tuple(kinds)

    def written(self, kinds):
        v = self.values
        if set(kinds) == set(KINDS) and v.chance(0.8):
            return "all"
        if len(kinds) == 1 and v.flip():
            return kinds[0]
        return list(kinds)

    def join(self, spec, place, kinds):
        """Namespaces of one of two processes: that of the caller's user namespace, and one with its own."""
        v = self.values
        # A new user namespace cannot be joined as well, and without privilege that comes first.
        possible = not place.joined and (self.caller.privileged or "user" not in kinds and not place.under_user)
        part = 0.12 if self.caller.privileged else 0.3
        if not v.chance(place.often(part) if possible else 0 if place.joined else 0.005):
            return place
        target = "ns" if self.caller.privileged and ("user" in kinds or v.chance(0.7)) else "ns-user"
        others = [kind for kind in KINDS if kind not in kinds and kind != "user"]
        if place.in_pid and v.chance(0.95) and "pid" in others:
            others.remove("pid")
        chosen = v.some(others, 3)
        if target == "ns-user" and "user" not in kinds:
            chosen.append("user")
        if not chosen:
            return place
        v.shuffle(chosen)
        spec["join"] = {kind: TARGET_PIDS[target] if v.flip() else f"{target}/{'mnt' if kind == 'mount' else kind}"
                        for kind in chosen}
        if "user" not in chosen:
            return place.with_(joined=True)
        # One id, and setgroups(2) denied: as `unshare --map-root-user` makes it.
        return place.with_(joined=True, user_levels=place.user_levels + 1, uid=0, gid=0, uids=((0, 1),), gids=((0, 1),),
                           denies_groups=True, owned=frozenset())

    # ---- users ----

    def users(self, spec, place, kinds):
        v = self.values
        if "user" not in kinds:
            return place.with_(owned=place.owned | set(kinds))
        changes = {"user_levels": place.user_levels + 1, "owned": frozenset(kinds)}
        own = {"uid": max(place.uid, 0), "gid": max(place.gid, 0)}
        both = v.random()
        for which in ("uid", "gid"):
            ranges = getattr(place, which + "s")
            form = v.choice(self.map_forms(place)) if which == "uid" or both < 0.5 else form
            if form:
                spec[which + "-map"] = self.extents(place, own[which], ranges) if form == "list" else form
            changes[which + "s"] = self.mapped(spec.get(which + "-map", "root"), own[which], ranges)
            changes[which] = self.seen(spec.get(which + "-map", "root"), own[which])
        changes["nobody"] = -1 in (changes["uid"], changes["gid"])
        if v.chance(place.often(0.15)):
            spec["setgroups"] = "deny" if place.joined or place.denies_groups and v.chance(0.9) else v.choice(("deny", "allow"))
        changes["denies_groups"] = (place.denies_groups or spec.get("setgroups") == "deny" or not place.rooted and
                                    spec.get("gid-map", "root") in ("root", "current"))
        return place.with_(**changes)

    def map_forms(self, place):
        forms = [None, None, None, "root", "current", "all", "list", "list"]
        if not place.under_user:
            forms.append("auto")
        if self.values.chance(0.3):
            forms.append("none")
        return forms

    def extents(self, place, own, ranges):
        """One to three extents that lie in the ranges around; the first often holds the maker's id."""
        v = self.values
        extents, inside = [], 0
        subordinate = not place.rooted
        for number in range(v.choice((1, 1, 2, 3))):
            first, count = v.choice(ranges) if ranges else (0, 1)
            if subordinate:
                first, count = 100000, self.caller.subordinate
            if number == 0 and v.chance(0.7):
                extents.append({"inside": inside, "outside": own, "count": 1})
                inside += v.choice((1, 1, 10))
                continue
            size = v.randint(1, max(1, min(count // 4, 5000)))
            begin = first + number * (count // 4) + v.randrange(max(1, count // 8))
            extents.append({"inside": inside, "outside": begin, "count": size})
            inside += size + v.choice((0, 0, 5))
        return extents

    def mapped(self, form, own, ranges):
        if isinstance(form, list):
            return tuple((extent["inside"], extent["count"]) for extent in form)
        return {"root": ((0, 1),), "current": ((own, 1),), "all": ranges, "none": (),
                "auto": ((0, 1 + self.caller.subordinate),)}[form]

    def seen(self, form, own):
        """The maker's id inside; -1 where it has none."""
        if isinstance(form, list):
            for extent in form:
                if extent["outside"] <= own < extent["outside"] + extent["count"]:
                    return own - extent["outside"] + extent["inside"]
            return 0 if any(extent["inside"] == 0 for extent in form) else -1
        return {"root": 0, "auto": 0, "none": -1}.get(form, own)

    # ---- what belongs to kinds ----

    def names(self, spec, kinds):
        v = self.values
        if "uts" not in kinds:
            return
        if v.chance(0.5):
            spec["hostname"] = v.hostname()
        if v.chance(0.25):
            spec["domainname"] = v.hostname()

    def keys_of_kinds(self, spec, place, kinds):
        v = self.values
        if "net" in kinds and v.chance(place.often(0.3)):
            spec["loopback"] = v.flip()
        if "time" in kinds and v.chance(0.5):
            spec["monotonic"] = v.offset()
        if "time" in kinds and v.chance(place.often(0.35)):
            spec["boottime"] = v.offset()
        settable = [kind for kind in ("net", "ipc", "pid", "user") if kind in kinds]
        if settable and place.proc and v.chance(0.2):
            spec["sysctls"] = v.sysctls(settable)

    def inherited(self, spec, place, part=0.08):
        """The keys that stand on a node and on a process of `processes`."""
        v = self.values
        if v.chance(place.often(part)):
            spec["env"] = v.environment()
        if v.chance(place.often(part)):
            spec["clear-env"] = v.chance(0.7)
            place = place.with_(env_cleared=spec["clear-env"])
        if place.env_cleared and v.chance(0.5):
            spec["keep-env"] = v.kept()
        if v.chance(place.often(part)):
            spec["cwd"] = v.choice(("/", "/usr", "/usr/"))
        if v.chance(place.often(part)):
            spec["umask"] = v.choice(("0027", "077", "0"))
        if v.chance(place.often(part)):
            spec["rlimits"] = v.limits()
            place = place.with_(limited=True)
        return place

    # ---- what is in a node ----

    def content(self, spec, place, kinds):
        v = self.values
        deeper = place.depth < DEEPEST and self.left > 0 and v.chance(0.55)
        form = v.random()
        taken = set()
        if self.left <= 1 and deeper:
            form = 1  # Nothing but nested nodes.
        if form < 0.55:
            self.left -= 1
            self.process(spec, place, own=True)
        elif form < 0.75 or not deeper:
            spec["processes"] = {}
            for _ in range(v.randint(1, min(3, max(1, self.left)))):
                self.left -= 1
                name = v.name(taken)
                taken.add(name)
                spec["processes"][name] = self.listed_process(place, name)
            self.gates(spec["processes"], place)
            taken |= set(spec["processes"])
        deeper = deeper and (self.left > 0 or form >= 0.75)
        if deeper:
            spec["namespaces"] = {}
            for _ in range(v.choice((1, 1, 1, 2))):
                name = v.name(taken)
                taken.add(name)
                nested = place.with_(depth=place.depth + 1, address=f"{place.address}{name}/", own_tree=False)
                copies = {}
                self.copies(copies, place)
                nested = nested.with_(copied=place.copied or bool(copies))
                spec["namespaces"][name] = {**self.node(nested), **copies}
                if self.left <= 0:
                    break
        if "pid" in kinds:
            self.init(spec)

    def init(self, spec):
        v = self.values
        processes = spec.get("processes", {})
        single = not spec.get("namespaces") and len(processes) <= 1
        form = v.random()
        if form < 0.2:
            spec["init"] = True
        elif form < 0.35 and single:
            spec["init"] = False
        elif form < 0.5 and processes:
            named = v.choice(list(processes))
            # A PID 1 that ends takes along whom others wait for.
            waiting = any("depends-on" in one for one in processes.values())
            if "replicas" not in processes[named] and not waiting:
                spec["init"] = named
